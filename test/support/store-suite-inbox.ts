import { describe, expect, test } from 'vitest';
import type { Inbound } from '../../src/domain/message.ts';
import { minuteMs, secondMs } from '../../src/lib/duration.ts';
import { type Pipeline, startPipeline } from './pipeline-driver.ts';
import type { OpenStore } from './store-suite.ts';

async function countReceived({ store, now }: Pipeline): Promise<number> {
  return (await store.takeBrief(true, now)).activity.received;
}

/** Receiving and releasing. */
export function describeInbox(open: OpenStore): void {
  const start = async () => startPipeline(await open());
  describe('receiving a message', () => {
    test('stores it once, however often it comes', async () => {
      const pipeline = await start();
      const first = await pipeline.receive('hello', { id: 'a', silenceMs: minuteMs });
      pipeline.now += 10 * secondMs;
      const again = await pipeline.receive('hello', { id: 'a', silenceMs: minuteMs });
      expect(first).toMatchObject({
        isNew: true,
        event: { text: 'hello', status: 'batched', address: 'magic' },
      });
      expect(again).toEqual({ ...first, isNew: false });
      expect(await countReceived(pipeline)).toBe(1);
    });

    test('leaves no trace of a known id under another name', async () => {
      const pipeline = await start();
      const { event } = await pipeline.receive('hello', { id: 'a' });
      const again = await pipeline.receive('other', { id: 'a', from: 'stranger' });
      expect(again).toMatchObject({ isNew: false, event });
      await pipeline.release();
      expect(await pipeline.release()).toBeUndefined();
    });

    test('tells the same id on another account from it', async () => {
      const pipeline = await start();
      const inbound: Inbound = {
        channel: 'loopback',
        account: 'main',
        externalId: 'a',
        from: 'magic',
        text: 'hello',
        inReplyTo: null,
        sentAt: null,
        grade: 'none',
      };
      const first = await pipeline.store.receiveEvent(inbound, 0, pipeline.now);
      const other = await pipeline.store.receiveEvent({ ...inbound, account: 'second' }, 0, pipeline.now);
      expect(other.isNew).toBe(true);
      expect(other.event.conversationId).not.toBe(first.event.conversationId);
      expect(other.event.batchId).not.toBe(first.event.batchId);
    });

    test('moves the release of the batch with each message, up to its ceiling', async () => {
      const pipeline = await start();
      const began = pipeline.now;
      const releases: number[] = [];
      const batches = new Set<string>();
      for (let index = 0; index < 8; index++) {
        const { event, releaseAt } = await pipeline.receive(`part ${index}`, { silenceMs: minuteMs });
        releases.push((releaseAt - began) / secondMs);
        batches.add(event.batchId);
        pipeline.now += 50 * secondMs;
      }
      expect(releases).toEqual([60, 110, 160, 210, 260, 300, 300, 300]);
      expect(batches.size).toBe(1);
    });

    test('releases a batch when its time has come, and opens another after it', async () => {
      const pipeline = await start();
      const { event } = await pipeline.receive('one', { silenceMs: minuteMs });
      pipeline.now += minuteMs - 1;
      expect(await pipeline.release()).toBeUndefined();
      pipeline.now += 1;
      expect(await pipeline.release()).toBe(event.batchId);
      expect(await pipeline.release()).toBeUndefined();
      const later = await pipeline.receive('two', { silenceMs: minuteMs });
      expect(later.event.batchId).not.toBe(event.batchId);
    });

    test('keeps the wish of an address to be left alone, and its taking back, and lets the words pass', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const isOptedOut = async () => (await pipeline.store.getJorb(id))?.counterparties[0]?.optedOut;
      await pipeline.deliver(' Stop. ');
      expect(await isOptedOut()).toBe(true);
      await pipeline.deliver('please do not stop');
      expect(await isOptedOut()).toBe(true);
      await pipeline.deliver('START');
      expect(await isOptedOut()).toBe(false);
      expect((await pipeline.store.getJorb(id))?.received).toBe(3);
    });
  });
}
