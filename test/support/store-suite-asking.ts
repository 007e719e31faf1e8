import { describe, expect, test } from 'vitest';
import { noUsage } from '../../src/domain/brain.ts';
import { StaleEpoch } from '../../src/domain/fence.ts';
import type { BatchId, JorbId } from '../../src/domain/ids.ts';
import type { Asking, Route, RoutingQuestion, RoutingSettlement } from '../../src/domain/routing.ts';
import { hourMs, minuteMs } from '../../src/lib/duration.ts';
import { type Pipeline, startPipeline } from './pipeline-driver.ts';
import { buildNewJorb } from './store.ts';
import type { OpenStore } from './store-suite.ts';

const lease = 5 * minuteMs;

/** A pipeline whose undecided batches are leased for a model. */
async function startAsking(open: OpenStore) {
  const pipeline = await startPipeline(await open());
  const { store } = pipeline;
  const ask = (): Asking => ({ kind: 'ask', leasedUntil: pipeline.now + lease });
  const take = (decide: () => Route | Asking = ask) => store.routeBatch(pipeline.fence, decide, pipeline.now);
  return {
    pipeline,
    take,
    /** Brings one message from a stranger to where a model is asked about it. */
    async bring(text = 'Hello', from = 'stranger'): Promise<{ id: BatchId; question: RoutingQuestion }> {
      await pipeline.receive(text, { from });
      await pipeline.release();
      const taken = await take();
      if (!taken || !('question' in taken)) throw new Error('nobody is asked');
      return { id: taken.batchId, question: taken.question };
    },
    settle: (id: BatchId, settlement: Partial<RoutingSettlement> = {}) =>
      store.settleRouting(pipeline.fence, id, { ...toOwner, ...settlement }, pipeline.now),
    nextDueAt: () => store.getNextDueAt(pipeline.fence, { staleMs: 1e12 }, pipeline.now),
  };
}

const toOwner: RoutingSettlement = {
  choice: null,
  conclude: () => ({ kind: 'unmatched', reason: 'nobody knows' }),
  by: 'script',
  usage: noUsage,
  call: null,
};

const toJorb = (jorbId: JorbId): Partial<RoutingSettlement> => ({
  choice: { jorbId, confidence: 0.9, reason: 'it fits' },
  conclude: () => ({ kind: 'routed', jorbId, rule: 'model', reason: 'it fits' }),
});

async function quiet(pipeline: Pipeline, names: string[]): Promise<JorbId[]> {
  const ids: JorbId[] = [];
  for (const name of names) {
    pipeline.now += 1;
    ids.push(await pipeline.createJorb({ name }));
    await pipeline.takeTurn([]);
  }
  return ids;
}

export function describeAsking(open: OpenStore): void {
  describe('asking a model about a batch', () => {
    test('leases it: nobody else takes it until then', async () => {
      const { bring, take, pipeline, nextDueAt } = await startAsking(open);
      const { id } = await bring();
      expect(await take()).toBeUndefined();
      expect(await nextDueAt()).toBe(pipeline.now + lease);
      pipeline.now += lease - 1;
      expect(await take()).toBeUndefined();
      pipeline.now += 1;
      expect(await take()).toMatchObject({ batchId: id, failures: 0 });
    });

    test('frees it for the next runtime at once, and the last one settles nothing', async () => {
      const { bring, take, settle, pipeline, nextDueAt } = await startAsking(open);
      const { id } = await bring();
      const { fence } = pipeline;
      pipeline.fence = await pipeline.store.raiseEpoch('other', pipeline.now);
      expect(await nextDueAt()).toBe(pipeline.now);
      expect(await take()).toMatchObject({ batchId: id });
      const late = pipeline.store.settleRouting(fence, id, toOwner, pipeline.now);
      await expect(late).rejects.toBeInstanceOf(StaleEpoch);
      await expect(pipeline.store.postponeRouting(fence, id, 0)).rejects.toBeInstanceOf(StaleEpoch);
      expect(await settle(id)).toMatchObject({ kind: 'unmatched' });
    });

    test('settles it once', async () => {
      const { bring, settle, pipeline } = await startAsking(open);
      const [first, second] = await quiet(pipeline, ['first', 'second']);
      const { id } = await bring();
      expect(await settle(id, toJorb(second ?? 'jorb_9'))).toMatchObject({ jorbId: second, rule: 'model' });
      expect(await settle(id, toJorb(first ?? 'jorb_9'))).toBeUndefined();
      expect((await pipeline.claim())?.context.jorb.id).toBe(second);
      expect(await pipeline.claim()).toBeUndefined();
      expect((await pipeline.store.listInbox({ limit: 5, offset: 0 })).total).toBe(0);
    });

    test('settles nothing that was never leased', async () => {
      const { settle, pipeline } = await startAsking(open);
      await pipeline.receive('Hello', { from: 'stranger' });
      const id = (await pipeline.release()) ?? 'batch_9';
      expect(await settle(id)).toBeUndefined();
      await pipeline.store.postponeRouting(pipeline.fence, id, pipeline.now + hourMs);
      expect(await pipeline.route()).toMatchObject({ batchId: id, route: { kind: 'unmatched' } });
    });

    test('hands over what holds when it is settled, and the jorb that was chosen', async () => {
      const { bring, settle, pipeline } = await startAsking(open);
      const [first] = await quiet(pipeline, ['first']);
      const { id } = await bring('Hello', 'magic');
      await pipeline.store.moveJorb(first ?? 'jorb_9', 'cancel', null, pipeline.now);
      const seen: unknown[] = [];
      await settle(id, {
        choice: { jorbId: first ?? null, confidence: 1, reason: 'it fits' },
        conclude: (input, chosen) => {
          seen.push(input.hasOpenJorb, input.stopped, input.candidates[0]?.status, chosen?.status);
          return { kind: 'unmatched', reason: 'over' };
        },
      });
      expect(seen).toEqual([false, false, 'cancelled', 'cancelled']);
    });

    test('keeps whom the model suggested, and forgets it when the jorb is over', async () => {
      const { bring, settle, pipeline } = await startAsking(open);
      const [first = 'jorb_9'] = await quiet(pipeline, ['first']);
      const { id } = await bring();
      const suggestion = { jorbId: first, confidence: 0.7 };
      await settle(id, {
        choice: { ...suggestion, reason: 'perhaps' },
        conclude: () => ({ kind: 'unmatched', reason: 'perhaps', suggestion }),
      });
      const readItem = async () => (await pipeline.store.listInbox({ limit: 5, offset: 0 })).items[0];
      expect(await readItem()).toMatchObject({
        suggestion: { id: first, name: 'first', confidence: 0.7, reason: 'perhaps' },
      });
      await pipeline.store.moveJorb(first, 'cancel', null, pipeline.now);
      expect(await readItem()).toMatchObject({ suggestion: null });
    });

    test('records who decided, what it cost and what it was made on', async () => {
      const { bring, settle, pipeline } = await startAsking(open);
      const [first = 'jorb_9'] = await quiet(pipeline, ['first']);
      const { id } = await bring();
      const call = { model: 'm-1', promptHash: 'abc', costMicros: 12_300, durationMs: 2100 };
      const usage = { inputTokens: 900, cachedTokens: 800, writtenTokens: 0, outputTokens: 20 };
      await settle(id, { ...toJorb(first), usage, call });
      const [decision] = await pipeline.listDecisions(first);
      expect(decision).toMatchObject({
        ...{ kind: 'routing', by: 'script', confidence: 0.9, reasoning: 'it fits', turnId: null },
        ...{ model: 'm-1', promptHash: 'abc', costMicros: 12_300, durationMs: 2100 },
        ...usage,
        input: { triggers: [], events: ['event_1'] },
        after: [{ eventId: 'event_1', channel: 'loopback', address: 'stranger' }],
      });
    });

    test('puts it off in its row, so that a restart keeps it', async () => {
      const { bring, take, pipeline, nextDueAt } = await startAsking(open);
      const { id } = await bring();
      const until = pipeline.now + hourMs;
      await pipeline.store.postponeRouting(pipeline.fence, id, until);
      expect(await take()).toBeUndefined();
      pipeline.fence = await pipeline.store.raiseEpoch('other', pipeline.now);
      expect(await take()).toBeUndefined();
      expect(await nextDueAt()).toBe(until);
      pipeline.now = until;
      expect(await take()).toMatchObject({ batchId: id, failures: 1 });
    });

    test('lets the others by', async () => {
      const { bring, pipeline } = await startAsking(open);
      await bring();
      await pipeline.receive('one', { from: 'other' });
      await pipeline.release();
      expect(await pipeline.route()).toMatchObject({ route: { kind: 'unmatched' } });
    });
  });

  describe('the question to a model', () => {
    test('holds who wrote what, and marks that nobody can guess', async () => {
      const { bring, pipeline } = await startAsking(open);
      await quiet(pipeline, ['first']);
      const { question } = await bring('Is it free?', 'magic');
      expect(question).toMatchObject({
        from: { channel: 'loopback', address: 'magic' },
        contactName: 'Magic',
        messages: [{ eventId: 'event_1', grade: 'none', text: 'Is it free?', at: pipeline.now }],
        quoteMark: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
      const other = await bring('Hello', 'stranger');
      expect(other.question.contactName).toBeNull();
      expect(other.question.quoteMark).not.toBe(question.quoteMark);
    });

    test('holds the newest messages, cut, without what nobody has to read', async () => {
      const { pipeline, take } = await startAsking(open);
      for (let n = 1; n <= 12; n++) await pipeline.receive(`${n} ${'x'.repeat(3000)} ${n}`, { silenceMs: 1 });
      await pipeline.receive('# a comment', { silenceMs: 1 });
      pipeline.now += minuteMs;
      await pipeline.release();
      const taken = await take();
      const { messages } = taken && 'question' in taken ? taken.question : { messages: [] };
      expect(messages.map(({ text }) => text.split(' ')[0])).toEqual(
        Array.from({ length: 10 }, (_, index) => String(index + 3)),
      );
      expect(messages.every(({ text }) => text.length <= 2000)).toBe(true);
    });

    test('lists who knows the address first, then who is named, then who was active last, and no more', async () => {
      const { bring, pipeline } = await startAsking(open);
      const known = await pipeline.createJorb({ name: 'Old errand', ...knowing('stranger', 'Anna') });
      await pipeline.takeTurn([]);
      const [plumber] = await quiet(pipeline, ['Repair of the bathtub']);
      const others = await quiet(
        pipeline,
        Array.from({ length: 14 }, (_, n) => `Errand ${n}`),
      );
      const over = await pipeline.createJorb({ name: 'Cancelled', ...knowing('stranger', 'Anna') });
      await pipeline.store.moveJorb(over, 'cancel', null, pipeline.now);
      const { question } = await bring('About your BATH-TUB: it is mended');
      expect(question.candidates.map(({ id }) => id)).toEqual([
        known,
        plumber,
        ...others.toReversed().slice(0, 8),
      ]);
      expect(question.candidates[0]).toMatchObject({
        ...{ name: 'Old errand', status: 'running', counterparties: ['Anna'] },
        summary: 'Ask for a room from March 17 to 21, at most $350 a night.',
      });
    });

    test('cuts long names and plans', async () => {
      const { bring, pipeline } = await startAsking(open);
      await pipeline.createJorb({ name: 'n'.repeat(200), plan: 'p\n'.repeat(5000) });
      await pipeline.takeTurn([]);
      const [candidate] = (await bring()).question.candidates;
      expect(candidate?.name).toHaveLength(100);
      expect(candidate?.summary).toHaveLength(200);
    });
  });
}

function knowing(address: string, name: string) {
  const channel = 'loopback' as const;
  return {
    counterparties: [{ channel, address, name, ask: null }],
    contract: { ...buildNewJorb().contract, counterparties: [{ channel, address }] },
  };
}
