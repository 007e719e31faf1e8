import { describe, expect, test } from 'vitest';
import type { Usage } from '../../src/domain/brain.ts';
import { StaleEpoch } from '../../src/domain/fence.ts';
import type { JorbId } from '../../src/domain/ids.ts';
import type { NewModelCall } from '../../src/domain/model-money.ts';
import { dayMs, hourMs } from '../../src/lib/duration.ts';
import { type Pipeline, startPipeline } from './pipeline-driver.ts';
import type { OpenStore } from './store-suite.ts';

const limits = { dayMicros: 1000, jorbMicros: 600 };
const usage: Usage = { inputTokens: 30, cachedTokens: 20, writtenTokens: 5, outputTokens: 7 };

export function describeModelMoney(open: OpenStore): void {
  const start = async () => startPipeline(await open());
  const reserve = (pipeline: Pipeline, jorbId: JorbId | null, overrides: Partial<NewModelCall> = {}) => {
    const call = { purpose: 'turn', jorbId, turnId: null, model: 'm-1', worstMicros: 100, limits } as const;
    return pipeline.store.reserveModelCall(pipeline.fence, { ...call, ...overrides }, pipeline.now);
  };
  /** The id of a call that must be granted. */
  const take = async (...given: Parameters<typeof reserve>) => {
    const reservation = await reserve(...given);
    if (reservation.kind === 'refused') throw new Error(`refused by the limit of the ${reservation.limit}`);
    return reservation.id;
  };
  const spent = async ({ store, now }: Pipeline, jorbId: JorbId | null = null) => {
    const { costMicros, dayMicros } = await store.readModelSpend({ jorbId }, now);
    return { costMicros, dayMicros };
  };

  describe('money for models', () => {
    test('is set aside at its worst and settled at what it was', async () => {
      const pipeline = await start();
      const { store, fence, now } = pipeline;
      const jorbId = await pipeline.createJorb();
      const id = await take(pipeline, jorbId);
      expect(await spent(pipeline, jorbId)).toEqual({ costMicros: 100, dayMicros: 100 });
      await store.settleModelCall(fence, id, { usage, costMicros: 42, error: null }, now);
      expect(await store.readModelSpend({ jorbId }, now)).toEqual({
        ...{ calls: 1, costMicros: 42, inputTokens: 30, cachedTokens: 20, outputTokens: 7 },
        dayMicros: 42,
        models: [
          { model: 'm-1', calls: 1, costMicros: 42, inputTokens: 30, cachedTokens: 20, outputTokens: 7 },
        ],
      });
    });

    test('counts nothing for what was not taken, and the worst where nobody knows', async () => {
      const pipeline = await start();
      const { store, fence, now } = pipeline;
      const free = await take(pipeline, null);
      await store.settleModelCall(fence, free, { usage: null, costMicros: 9, error: 'no such model' }, now);
      expect(await spent(pipeline)).toEqual({ costMicros: 0, dayMicros: 0 });
      const lost = await take(pipeline, null);
      await store.settleModelCall(fence, lost, { usage: undefined, costMicros: 9, error: 'cut off' }, now);
      expect(await spent(pipeline)).toEqual({ costMicros: 100, dayMicros: 100 });
    });

    test('is settled once', async () => {
      const pipeline = await start();
      const { store, fence, now } = pipeline;
      const id = await take(pipeline, null);
      await store.settleModelCall(fence, id, { usage, costMicros: 42, error: null }, now);
      await store.settleModelCall(fence, id, { usage: null, costMicros: 0, error: null }, now);
      expect(await spent(pipeline)).toMatchObject({ costMicros: 42 });
    });

    test('fits exactly up to the limit of the jorb, and not a micro-dollar more', async () => {
      const pipeline = await start();
      const jorbId = await pipeline.createJorb();
      await take(pipeline, jorbId, { worstMicros: 599 });
      const refused = { kind: 'refused', limit: 'jorb', spentMicros: 599, limitMicros: 600 };
      expect(await reserve(pipeline, jorbId, { worstMicros: 2 })).toEqual(refused);
      await take(pipeline, jorbId, { worstMicros: 1 });
      await take(pipeline, await pipeline.createJorb(), { worstMicros: 400 });
    });

    test('fits exactly up to the limit of the day, over all jorbs and what belongs to none', async () => {
      const pipeline = await start();
      await take(pipeline, await pipeline.createJorb(), { worstMicros: 500 });
      await take(pipeline, null, { worstMicros: 300, purpose: 'routing' });
      const refused = { kind: 'refused', limit: 'day', spentMicros: 800, limitMicros: 1000 };
      expect(await reserve(pipeline, await pipeline.createJorb(), { worstMicros: 201 })).toEqual(refused);
      expect(await reserve(pipeline, null, { worstMicros: 201 })).toEqual(refused);
      await take(pipeline, await pipeline.createJorb(), { worstMicros: 200 });
      expect(await spent(pipeline)).toEqual({ costMicros: 1000, dayMicros: 1000 });
    });

    test('is free for other jorbs after a day, and never again for its own', async () => {
      const pipeline = await start();
      const jorbId = await pipeline.createJorb();
      await take(pipeline, jorbId, { worstMicros: 600 });
      pipeline.now += dayMs - 1;
      expect(await reserve(pipeline, null, { worstMicros: 401 })).toMatchObject({ limit: 'day' });
      pipeline.now += 1;
      await take(pipeline, null, { worstMicros: 1000 });
      pipeline.now += 10 * dayMs;
      expect(await reserve(pipeline, jorbId, { worstMicros: 1 })).toMatchObject({ limit: 'jorb' });
      expect(await spent(pipeline, jorbId)).toEqual({ costMicros: 600, dayMicros: 0 });
    });

    test('never passes a limit, however many ask at once', async () => {
      const pipeline = await start();
      const jorbId = await pipeline.createJorb();
      const asked = Array.from({ length: 40 }, () => reserve(pipeline, jorbId, { worstMicros: 70 }));
      const answers = await Promise.all(asked);
      expect(answers.filter(({ kind }) => kind === 'reserved')).toHaveLength(8);
      expect(await spent(pipeline, jorbId)).toEqual({ costMicros: 560, dayMicros: 560 });
    });

    test('stays counted at its worst when the runtime died before it was settled', async () => {
      const pipeline = await start();
      const { store, fence: dead, now } = pipeline;
      const jorbId = await pipeline.createJorb();
      const id = await take(pipeline, jorbId);
      pipeline.fence = await store.raiseEpoch('other', now);
      const late = store.settleModelCall(dead, id, { usage: null, costMicros: 0, error: null }, now);
      await expect(late).rejects.toBeInstanceOf(StaleEpoch);
      pipeline.fence = dead;
      await expect(reserve(pipeline, jorbId)).rejects.toBeInstanceOf(StaleEpoch);
      expect(await spent(pipeline, jorbId)).toEqual({ costMicros: 100, dayMicros: 100 });
    });

    test('is told by model, the dearest first', async () => {
      const pipeline = await start();
      await take(pipeline, null, { model: 'small', worstMicros: 10 });
      await take(pipeline, null, { model: 'large', worstMicros: 30 });
      await take(pipeline, null, { model: 'small', worstMicros: 10 });
      pipeline.now += hourMs;
      const { calls, models } = await pipeline.store.readModelSpend({ jorbId: null }, pipeline.now);
      expect(calls).toBe(3);
      expect(models.map(({ model, costMicros }) => [model, costMicros])).toEqual([
        ['large', 30],
        ['small', 20],
      ]);
    });
  });
}
