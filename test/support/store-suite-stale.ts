import { describe, expect, test } from 'vitest';
import { dayMs, hourMs } from '../../src/lib/duration.ts';
import { testEpoch } from './clock.ts';
import { ask, startPipeline } from './pipeline-driver.ts';
import { buildSteering, buildWidening } from './store.ts';
import type { OpenStore } from './store-suite.ts';
import { createIdle, openRuntime } from './store-suite-runtime.ts';

const now = testEpoch;
const staleMs = 7 * dayMs;

export function describeStale(open: OpenStore): void {
  describe('a jorb in which nothing happens', () => {
    test('is not paused while it waits for its owner', async () => {
      const { store, fence, nextDueAt } = await openRuntime(open);
      const { id } = await createIdle(store, fence, now);
      const { approvalId } = await store.steerJorb(id, buildSteering({ widening: buildWidening() }), now);
      await createIdle(store, fence, now + hourMs);
      expect(await store.pauseStaleJorbs(fence, staleMs, now + staleMs)).toBe(0);
      expect(await nextDueAt(now + staleMs)).toBeLessThan(now + staleMs + hourMs);
      const approval = approvalId && (await store.getApproval(approvalId));
      if (!approval) throw new Error('nothing was asked');
      const decline = { answer: { kind: 'decline', text: null }, confirmedBy: null, evaluate: ask } as const;
      await store.answerApproval({ id: approval.id, hash: approval.hash, ...decline }, now + dayMs);
      expect(await store.pauseStaleJorbs(fence, staleMs, now + staleMs)).toBe(1);
    });

    test('is not paused before its wake', async () => {
      const pipeline = await startPipeline(await open());
      const { store, fence } = pipeline;
      await pipeline.createJorb();
      await pipeline.takeTurn([{ kind: 'schedule_wake', at: now + 3 * staleMs, reason: 'look again' }]);
      expect(await store.pauseStaleJorbs(fence, staleMs, now + staleMs)).toBe(0);
    });
  });
}
