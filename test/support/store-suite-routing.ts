import { describe, expect, test } from 'vitest';
import { StaleEpoch } from '../../src/domain/fence.ts';
import type { JorbId } from '../../src/domain/ids.ts';
import { minuteMs } from '../../src/lib/duration.ts';
import { type Pipeline, sendTo, startPipeline } from './pipeline-driver.ts';
import { buildNewJorb } from './store.ts';
import type { OpenStore } from './store-suite.ts';

/** A jorb that knows one address, so that messages from it need no guess. */
function knows(pipeline: Pipeline, address: string, name = 'Errand'): Promise<JorbId> {
  const counterparties = [{ channel: 'loopback' as const, address, name: address, ask: null }];
  const contract = {
    ...buildNewJorb().contract,
    counterparties: [{ channel: 'loopback' as const, address }],
  };
  return pipeline.createJorb({ name, counterparties, contract });
}

async function statuses({ store }: Pipeline, id: JorbId) {
  const { entries } = await store.readTranscript(id, { order: 'oldest', limit: 50, offset: 0 });
  return entries.map(({ text, status }) => `${text}: ${status}`);
}

export function describeRouting(open: OpenStore): void {
  const start = async () => startPipeline(await open());
  describeBatches(start);
  describeAssigning(start);
}

type Start = () => Promise<Pipeline>;

function describeBatches(start: Start): void {
  describe('routing a batch', () => {
    test('gives it to the only jorb with that counterparty, whose turn is due at once', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      await pipeline.takeTurn([]);
      const first = await pipeline.receive('one', { silenceMs: minuteMs });
      await pipeline.receive('two', { silenceMs: minuteMs });
      pipeline.now += 5 * minuteMs;
      await pipeline.release();
      expect(await pipeline.route()).toMatchObject({
        batchId: first.event.batchId,
        route: { kind: 'routed', jorbId: id, rule: 'only_candidate' },
      });
      const turn = await pipeline.claim();
      expect(turn?.context.triggers).toEqual(['message']);
      expect(turn?.context.newMessages.map(({ text }) => text)).toEqual(['one', 'two']);
      const [decision] = await pipeline.listDecisions(id);
      expect(decision).toMatchObject({ kind: 'routing', by: 'rules', confidence: 1, jorbId: id });
      expect(decision?.basedOn).toHaveLength(2);
    });

    test('routes nothing twice', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      await pipeline.deliver('hello');
      expect(await pipeline.route()).toBeUndefined();
    });

    test('keeps the messages of a paused jorb until it goes on', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      await pipeline.takeTurn([]);
      await pipeline.store.moveJorb(id, 'pause', null, pipeline.now);
      await pipeline.deliver('are you there?');
      expect(await statuses(pipeline, id)).toEqual(['are you there?: routed']);
      expect(await pipeline.claim()).toBeUndefined();
      await pipeline.store.moveJorb(id, 'resume', null, pipeline.now);
      const turn = await pipeline.claim();
      expect(turn?.context.triggers).toEqual(['resumed', 'message']);
      expect(turn?.context.newMessages).toHaveLength(1);
    });

    test('files a late reply with the finished jorb and starts nothing', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      await pipeline.store.moveJorb(id, 'cancel', null, pipeline.now);
      await pipeline.deliver('sorry, only now');
      expect(await statuses(pipeline, id)).toEqual(['sorry, only now: handled']);
      expect(await pipeline.claim()).toBeUndefined();
    });

    test.each(['receipt', 'key'])('knows by the %s which of two jorbs a message answers', async (kind) => {
      const pipeline = await start();
      await pipeline.createJorb({ name: 'one' });
      await pipeline.takeTurn([]);
      const second = await pipeline.createJorb({ name: 'two' });
      await pipeline.takeTurn([sendTo('magic', 'hello')]);
      const delivery = await pipeline.send();
      const inReplyTo = kind === 'key' ? delivery.key : `receipt-${delivery.id}`;
      await pipeline.deliver('yes', { inReplyTo });
      expect((await pipeline.store.getJorb(second))?.received).toBe(1);
    });

    test('does not take the word of an address that the answered message never went to', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'hello')]);
      const delivery = await pipeline.send();
      await pipeline.deliver('yes', { inReplyTo: delivery.key, from: 'stranger' });
      expect((await pipeline.store.listInbox({ limit: 5, offset: 0 })).total).toBe(1);
    });

    test('leaves a batch that answers two jorbs to the owner', async () => {
      const pipeline = await start();
      for (const name of ['one', 'two']) {
        await pipeline.createJorb({ name });
        await pipeline.takeTurn([sendTo('magic', 'hello')]);
      }
      const keys = [(await pipeline.send()).key, (await pipeline.send()).key];
      for (const inReplyTo of keys) await pipeline.receive('yes', { inReplyTo, silenceMs: minuteMs });
      pipeline.now += 5 * minuteMs;
      await pipeline.release();
      expect(await pipeline.route()).toMatchObject({ route: { kind: 'unmatched' } });
    });

    test('shows what it cannot decide, with the jorbs that know the address before the active ones', async () => {
      const pipeline = await start();
      const first = await knows(pipeline, 'magic', 'first');
      const second = await knows(pipeline, 'magic', 'second');
      const others: JorbId[] = [];
      for (let index = 0; index < 5; index++) {
        pipeline.now += 1;
        others.push(await knows(pipeline, `other-${index}`));
      }
      await pipeline.deliver('which one?');
      await pipeline.deliver('who am I?', { from: 'stranger' });
      const { items, total } = await pipeline.store.listInbox({ limit: 10, offset: 0 });
      expect(total).toBe(2);
      expect(items.map(({ event }) => event.text)).toEqual(['who am I?', 'which one?']);
      expect(items[1]).toMatchObject({
        contactName: 'magic',
        reason: expect.stringContaining('2 open jorbs'),
      });
      const [fifth, fourth, third] = others.toReversed();
      expect(new Set(items[1]?.candidates.slice(0, 2).map(({ id }) => id))).toEqual(new Set([first, second]));
      expect(items[1]?.candidates.slice(2).map(({ id }) => id)).toEqual([fifth, fourth, third]);
      expect(items[0]).toMatchObject({ contactName: null, candidates: { length: 5 } });
      expect((await pipeline.store.listInbox({ limit: 1, offset: 1 })).items).toHaveLength(1);
    });

    test.each(['', '  \n ', '# a note', '# one\n\n  # two'])(
      'sets %j aside for nobody to read',
      async (text) => {
        const pipeline = await start();
        const id = await pipeline.createJorb();
        await pipeline.takeTurn([]);
        await pipeline.deliver(text);
        expect(await pipeline.claim()).toBeUndefined();
        expect(await statuses(pipeline, id)).toEqual([]);
        expect((await pipeline.store.listInbox({ limit: 5, offset: 0 })).total).toBe(0);
      },
    );

    test('sets a comment aside and routes what came with it', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      await pipeline.takeTurn([]);
      await pipeline.receive('# a note to myself', { silenceMs: minuteMs });
      await pipeline.receive('a room is free', { silenceMs: minuteMs });
      pipeline.now += 5 * minuteMs;
      await pipeline.release();
      await pipeline.route();
      expect(await statuses(pipeline, id)).toEqual(['a room is free: routed']);
      expect((await pipeline.claim())?.context.newMessages).toHaveLength(1);
    });

    test('writes nothing for a runtime that has been replaced', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      await pipeline.receive('hello');
      await pipeline.store.raiseEpoch('other', pipeline.now);
      await expect(pipeline.release()).rejects.toBeInstanceOf(StaleEpoch);
      await expect(pipeline.route()).rejects.toBeInstanceOf(StaleEpoch);
      expect(await statuses(pipeline, id)).toEqual([]);
    });
  });
}

function describeAssigning(start: Start): void {
  describe('assigning a message', () => {
    async function startUndecided() {
      const pipeline = await start();
      const first = await knows(pipeline, 'magic', 'first');
      const second = await knows(pipeline, 'magic', 'second');
      await pipeline.takeTurn([]);
      await pipeline.takeTurn([]);
      const one = await pipeline.deliver('one');
      await pipeline.deliver('two');
      return { pipeline, first, second, one };
    }

    test('gives the whole conversation to the jorb, now and later', async () => {
      const { pipeline, second, one } = await startUndecided();
      const assigned = await pipeline.store.assignMessage(one.id, second, pipeline.now);
      expect(assigned).toMatchObject({ id: one.id, jorbId: second, status: 'routed' });
      await pipeline.deliver('three');
      expect((await pipeline.store.listInbox({ limit: 5, offset: 0 })).total).toBe(0);
      const turn = await pipeline.claim();
      expect(turn?.context.jorb.id).toBe(second);
      expect(turn?.context.newMessages.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    });

    test('refuses a message that is not unmatched', async () => {
      const { pipeline, first, second, one } = await startUndecided();
      await pipeline.store.assignMessage(one.id, second, pipeline.now);
      const again = pipeline.store.assignMessage(one.id, first, pipeline.now);
      await expect(again).rejects.toMatchObject({ code: 'conflict', field: 'id' });
      expect(await statuses(pipeline, first)).toEqual([]);
    });

    test('refuses a jorb that takes no messages', async () => {
      const { pipeline, first, one } = await startUndecided();
      const planning = await pipeline.createJorb({ start: false });
      await pipeline.store.moveJorb(first, 'cancel', null, pipeline.now);
      for (const id of [planning, first]) {
        const assigned = pipeline.store.assignMessage(one.id, id, pipeline.now);
        await expect(assigned).rejects.toMatchObject({ code: 'conflict', field: 'jorb_id' });
      }
      expect((await pipeline.store.listInbox({ limit: 5, offset: 0 })).total).toBe(2);
    });

    test('refuses what does not exist', async () => {
      const { pipeline, first, one } = await startUndecided();
      const { store, now } = pipeline;
      await expect(store.assignMessage('event_99', first, now)).rejects.toMatchObject({ code: 'not_found' });
      await expect(store.assignMessage(one.id, 'jorb_99', now)).rejects.toMatchObject({ code: 'not_found' });
    });
  });
}
