import { describe, expect, test } from 'vitest';
import { StaleEpoch } from '../../src/domain/fence.ts';
import type { DepartureFacts, EvaluateDeparture } from '../../src/domain/gate.ts';
import { minuteMs } from '../../src/lib/duration.ts';
import { go, type Pipeline, sendTo, startPipeline } from './pipeline-driver.ts';
import type { OpenStore } from './store-suite.ts';

export function describeOutbox(open: OpenStore): void {
  const start = async () => startPipeline(await open());
  describeDeparting(start);
  describeSettling(start);
}

type Start = () => Promise<Pipeline>;

async function startWith(start: Start, ...messages: [to: string, text: string][]) {
  const pipeline = await start();
  const id = await pipeline.createJorb();
  await pipeline.takeTurn(messages.map(([to, text]) => sendTo(to, text)));
  return { pipeline, id };
}

async function outgoing({ store }: Pipeline, id: `jorb_${number}`) {
  const { entries } = await store.readTranscript(id, { order: 'oldest', limit: 50, offset: 0 });
  return entries
    .filter(({ direction }) => direction === 'out')
    .map(({ text, status }) => `${text}: ${status}`);
}

function describeDeparting(start: Start): void {
  describe('taking a message off the outbox', () => {
    test('takes each once, oldest first, under its own key', async () => {
      const { pipeline, id } = await startWith(start, ['magic', 'one'], ['hotel', 'two']);
      const first = await pipeline.depart();
      const second = await pipeline.depart();
      expect(first).toMatchObject({
        jorbId: id,
        channel: 'loopback',
        address: 'magic',
        text: 'one',
        attempts: 1,
      });
      expect(second).toMatchObject({ text: 'two', status: 'sending' });
      expect(first?.key).toMatch(/^action_1-[0-9a-f]{32}$/);
      expect(second?.key).not.toBe(first?.key);
      expect(await pipeline.depart()).toBeUndefined();
    });

    test('never lets one overtake an older one to the same address', async () => {
      const { pipeline } = await startWith(start, ['magic', 'one'], ['magic', 'two']);
      const first = await pipeline.depart();
      expect(await pipeline.depart()).toBeUndefined();
      if (!first) throw new Error('nothing left');
      const { store, fence, now } = pipeline;
      await store.settleDelivery(fence, first.id, { kind: 'retry', error: 'busy' }, now + minuteMs, now);
      expect(await pipeline.depart()).toBeUndefined();
      pipeline.now += minuteMs;
      expect(await pipeline.send()).toMatchObject({ text: 'one', attempts: 2, key: first.key });
      expect(await pipeline.send()).toMatchObject({ text: 'two' });
    });

    test('takes none while everything is stopped, and none of a jorb the owner paused', async () => {
      const { pipeline, id } = await startWith(start, ['magic', 'one']);
      await pipeline.store.stopEverything(null, pipeline.now);
      expect(await pipeline.depart()).toBeUndefined();
      await pipeline.store.resumeEverything(pipeline.now);
      await pipeline.store.moveJorb(id, 'pause', null, pipeline.now);
      expect(await pipeline.depart()).toBeUndefined();
      await pipeline.store.moveJorb(id, 'resume', null, pipeline.now);
      expect(await pipeline.depart()).toMatchObject({ text: 'one' });
    });

    test('lets the messages of a jorb leave that paused by itself, or completed', async () => {
      const { pipeline, id } = await startWith(start, ['magic', 'one'], ['hotel', 'two']);
      await pipeline.deliver('hello');
      await pipeline.takeTurn([{ kind: 'pause', reason: 'I wait' }]);
      expect(await pipeline.send()).toMatchObject({ text: 'one' });
      await pipeline.store.moveJorb(id, 'resume', null, pipeline.now);
      await pipeline.takeTurn([{ kind: 'complete', outcome: 'done', evidence: [] }]);
      expect(await pipeline.send()).toMatchObject({ text: 'two' });
    });

    test('asks once more, with what holds now', async () => {
      const { pipeline } = await startWith(start, ['magic', 'one']);
      await pipeline.deliver('stop');
      const seen: DepartureFacts[] = [];
      const evaluate: EvaluateDeparture = (facts) => {
        seen.push(facts);
        return { kind: 'go' };
      };
      await pipeline.depart(evaluate);
      expect(seen).toMatchObject([
        {
          now: pipeline.now,
          stopped: false,
          approved: false,
          jorb: { status: 'running' },
          to: { channel: 'loopback', address: 'magic', optedOut: true },
          contract: { counterparties: { length: 2 } },
        },
      ]);
    });

    test('holds a message until the time it is given', async () => {
      const { pipeline } = await startWith(start, ['magic', 'one']);
      const until = pipeline.now + minuteMs;
      expect(await pipeline.depart(() => ({ kind: 'hold', until, reason: 'night' }))).toBeUndefined();
      expect(await pipeline.depart()).toBeUndefined();
      pipeline.now = until;
      expect(await pipeline.depart()).toMatchObject({ text: 'one', attempts: 1 });
    });

    test('does not ask again at once about a message that waits for the owner', async () => {
      const { pipeline } = await startWith(start, ['magic', 'one'], ['hotel', 'two']);
      let asked = 0;
      const hold: EvaluateDeparture = ({ to }) => {
        asked += 1;
        return to.address === 'magic' ? { kind: 'hold', until: null, reason: 'the owner' } : { kind: 'go' };
      };
      expect(await pipeline.depart(hold)).toMatchObject({ text: 'two' });
      expect(await pipeline.depart(hold)).toBeUndefined();
      expect(asked).toBe(2);
    });

    test('drops what has lost its ground, and takes the next', async () => {
      const { pipeline, id } = await startWith(start, ['magic', 'one'], ['hotel', 'two']);
      const drop: EvaluateDeparture = ({ to }) =>
        to.address === 'magic'
          ? { kind: 'drop', rule: 'recipient', reason: 'not in the contract' }
          : { kind: 'go' };
      expect(await pipeline.depart(drop)).toMatchObject({ text: 'two' });
      expect(await outgoing(pipeline, id)).toEqual(['one: failed', 'two: sending']);
      expect(await pipeline.store.getAction('action_1')).toMatchObject({ status: 'failed' });
      const { problems } = await pipeline.store.takeBrief(true, pipeline.now);
      expect(problems).toMatchObject([{ kind: 'failed', error: 'recipient: not in the contract' }]);
    });

    test('gives nothing to a runtime that has been replaced', async () => {
      const { pipeline, id } = await startWith(start, ['magic', 'one']);
      await pipeline.store.raiseEpoch('other', pipeline.now);
      await expect(pipeline.depart()).rejects.toBeInstanceOf(StaleEpoch);
      expect(await outgoing(pipeline, id)).toEqual(['one: queued']);
    });
  });
}

function describeSettling(start: Start): void {
  describe('what came of a message', () => {
    test('is written once and stands', async () => {
      const { pipeline, id } = await startWith(start, ['magic', 'one']);
      const delivery = await pipeline.send();
      const { store, fence, now } = pipeline;
      await store.settleDelivery(fence, delivery.id, { kind: 'failed', error: 'late' }, now, now);
      expect(await outgoing(pipeline, id)).toEqual(['one: sent']);
      expect(await store.getAction('action_1')).toMatchObject({ status: 'done' });
      expect((await store.takeBrief(true, now)).activity).toMatchObject({ sent: 1 });
    });

    test('gives the agent a turn when it failed', async () => {
      const { pipeline, id } = await startWith(start, ['magic', 'one']);
      await pipeline.send({ kind: 'failed', error: 'no such number' });
      expect(await outgoing(pipeline, id)).toEqual(['one: failed']);
      const turn = await pipeline.claim();
      expect(turn?.context).toMatchObject({ newMessages: [], actions: [{ status: 'failed' }] });
    });

    test('is told to the owner when nobody knows', async () => {
      const { pipeline, id } = await startWith(start, ['magic', 'one']);
      await pipeline.send({ kind: 'unknown', error: 'it broke off' });
      expect(await outgoing(pipeline, id)).toEqual(['one: unknown']);
      expect(await pipeline.store.getAction('action_1')).toMatchObject({ status: 'unknown' });
      expect((await pipeline.store.takeBrief(true, pipeline.now)).problems).toMatchObject([
        { kind: 'unknown', to: expect.stringContaining('agic'), text: 'one' },
      ]);
      expect(await pipeline.depart()).toBeUndefined();
    });

    test('is asked of the next runtime for what was on its way when one died', async () => {
      const { pipeline, id } = await startWith(start, ['magic', 'one'], ['hotel', 'two'], ['magic', 'three']);
      const first = await pipeline.depart();
      const { store, now } = pipeline;
      expect(await store.listUncertainDeliveries(pipeline.fence)).toEqual([]);
      const stale = pipeline.fence;
      pipeline.fence = await store.raiseEpoch('other', now);
      await expect(store.listUncertainDeliveries(stale)).rejects.toBeInstanceOf(StaleEpoch);
      const uncertain = await store.listUncertainDeliveries(pipeline.fence);
      expect(uncertain).toMatchObject([{ id: first?.id, key: first?.key, text: 'one', status: 'sending' }]);
      const lost = store.settleDelivery(stale, 'outbox_1', { kind: 'sent', receipt: 'r' }, now, now);
      await expect(lost).rejects.toBeInstanceOf(StaleEpoch);
      expect(await pipeline.depart(go)).toMatchObject({ text: 'two' });
      await store.settleDelivery(pipeline.fence, 'outbox_1', { kind: 'sent', receipt: 'r' }, now, now);
      expect(await store.listUncertainDeliveries(pipeline.fence)).toEqual([]);
      expect(await outgoing(pipeline, id)).toEqual(['one: sent', 'two: sending', 'three: queued']);
    });

    test('is dropped with a cancelled jorb, but for what is already on its way', async () => {
      const { pipeline, id } = await startWith(start, ['magic', 'one'], ['hotel', 'two']);
      const first = await pipeline.depart();
      await pipeline.store.moveJorb(id, 'cancel', null, pipeline.now);
      expect(await pipeline.depart()).toBeUndefined();
      const { store, fence, now } = pipeline;
      await store.settleDelivery(fence, first?.id ?? 'outbox_1', { kind: 'sent', receipt: 'r' }, now, now);
      expect(await outgoing(pipeline, id)).toEqual(['one: sent', 'two: failed']);
    });
  });
}
