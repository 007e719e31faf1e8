import { describe, expect, test } from 'vitest';
import { approvalLifetimeMs, computeRemindAt } from '../../src/domain/approval.ts';
import { maxOpenMs } from '../../src/domain/extension.ts';
import { type Fence, StaleEpoch } from '../../src/domain/fence.ts';
import type { NewJorb } from '../../src/domain/new-jorb.ts';
import type { Store } from '../../src/domain/store.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { testEpoch } from './clock.ts';
import { ask, leaseMs, sendTo, startPipeline } from './pipeline-driver.ts';
import { buildNewJorb, buildSteering, buildWidening } from './store.ts';
import type { OpenStore } from './store-suite.ts';

const now = testEpoch;
const staleMs = 7 * dayMs;

export async function openRuntime(open: OpenStore) {
  const store = await open();
  const fence = await store.raiseEpoch('test', now);
  const nextDueAt = (at = now) => store.getNextDueAt(fence, { staleMs }, at);
  return { store, fence, nextDueAt };
}

/** A running jorb that has nothing to do: its turn is over. */
export async function createIdle(store: Store, fence: Fence, at: number, overrides: Partial<NewJorb> = {}) {
  const { jorb } = await store.createJorb(buildNewJorb(overrides), at);
  const turn = await store.claimTurn(fence, hourMs, at);
  if (!turn) throw new Error('no turn was due');
  await store.finishTurn(fence, turn.id, at);
  return jorb;
}

export function describeRuntime(open: OpenStore): void {
  describeFence(open);
  describeNextDue(open);
  describeApprovalTimes(open);
  describeJorbTimes(open);
}

function describeFence(open: OpenStore): void {
  describe('the epoch', () => {
    test('rises with every runtime, and the one before writes nothing any more', async () => {
      const { store, fence } = await openRuntime(open);
      await store.createJorb(buildNewJorb({ widening: buildWidening() }), now);
      const next = await store.raiseEpoch('other', now);
      expect(next.epoch).toBeGreaterThan(fence.epoch);
      const late = now + approvalLifetimeMs;
      const writes = [
        store.expireApprovals(fence, late),
        store.remindApprovals(fence, late),
        store.askExtensions(fence, late),
        store.wakeJorbs(fence, late),
        store.pauseStaleJorbs(fence, staleMs, late),
        store.getNextDueAt(fence, { staleMs }, late),
        store.claimTurn(fence, hourMs, late),
        store.releaseBatch(fence, late),
      ];
      for (const result of await Promise.allSettled(writes)) {
        expect(result).toMatchObject({ status: 'rejected', reason: expect.any(StaleEpoch) });
      }
      expect(await store.getApproval('approval_1')).toMatchObject({ status: 'pending', reminders: 0 });
      expect(await store.expireApprovals(next, late)).toBe(1);
    });
  });
}

function describeNextDue(open: OpenStore): void {
  describe('what is due next', () => {
    test('is nothing in an empty store', async () => {
      const { nextDueAt } = await openRuntime(open);
      expect(await nextDueAt()).toBeUndefined();
    });

    test('is the end of the silence, then the routing, then the turn', async () => {
      const pipeline = await startPipeline(await open());
      const { store, fence } = pipeline;
      const nextDueAt = () => store.getNextDueAt(fence, { staleMs }, pipeline.now);
      await createIdle(store, fence, now);
      await pipeline.receive('Hello', { silenceMs: 30_000 });
      expect(await nextDueAt()).toBe(now + 30_000);
      pipeline.now += 30_000;
      await pipeline.release();
      expect(await nextDueAt()).toBe(now + 30_000);
      await pipeline.route();
      expect(await nextDueAt()).toBe(now + 30_000);
      await pipeline.claim();
      expect(await nextDueAt()).toBe(pipeline.now + leaseMs + 1);
    });

    test('is a message that waits to leave, unless it cannot', async () => {
      const pipeline = await startPipeline(await open());
      const { store, fence } = pipeline;
      const nextDueAt = () => store.getNextDueAt(fence, { staleMs }, pipeline.now);
      const id = await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'one'), sendTo('magic', 'two')]);
      expect(await nextDueAt()).toBe(now);
      await store.moveJorb(id, 'pause', null, now);
      expect(await nextDueAt()).toBe(now + maxOpenMs);
      await store.moveJorb(id, 'resume', null, now);
      await pipeline.claim();
      const first = await pipeline.depart();
      // The second waits for the first, and the first for the wire.
      expect(await nextDueAt()).toBe(now + leaseMs + 1);
      const retry = { kind: 'retry', error: 'busy' } as const;
      if (first) await store.settleDelivery(fence, first.id, retry, now + 1000, now);
      expect(await nextDueAt()).toBe(now + 1000);
      await store.stopEverything(null, now);
      expect(await nextDueAt()).toBeUndefined();
    });

    test('is not a jorb whose turn is under way, whatever came in meanwhile', async () => {
      const pipeline = await startPipeline(await open());
      const { store, fence } = pipeline;
      await pipeline.createJorb();
      const turn = await pipeline.openTurn();
      pipeline.now += 1;
      await pipeline.deliver('One more thing.');
      const nextDueAt = () => store.getNextDueAt(fence, { staleMs }, pipeline.now);
      expect(await nextDueAt()).toBe(now + leaseMs + 1);
      await turn.finish();
      expect(await nextDueAt()).toBe(now + 1);
    });

    test('is at once the turn that an earlier runtime left', async () => {
      const { store, fence } = await openRuntime(open);
      await store.createJorb(buildNewJorb(), now);
      await store.claimTurn(fence, hourMs, now);
      const next = await store.raiseEpoch('next', now);
      expect(await store.getNextDueAt(next, { staleMs }, now + 1)).toBe(now);
    });

    test('is the reminder of a question, also while everything is stopped', async () => {
      const { store, fence, nextDueAt } = await openRuntime(open);
      await store.createJorb(buildNewJorb({ widening: buildWidening() }), now);
      await store.stopEverything(null, now);
      await store.composeNotices(fence, { render: null }, now + minuteMs);
      expect(await nextDueAt()).toBe(computeRemindAt(now, 0));
    });

    test('is the deadline, but of a running jorb only', async () => {
      const { store, fence, nextDueAt } = await openRuntime(open);
      const contract = { ...buildNewJorb().contract, deadlineAt: now + dayMs };
      const jorb = await createIdle(store, fence, now, { contract });
      expect(await nextDueAt()).toBe(now + dayMs);
      await store.moveJorb(jorb.id, 'pause', null, now);
      expect(await nextDueAt()).toBe(now + maxOpenMs);
    });

    test('is the time at which the jorb that was idle longest goes stale', async () => {
      const { store, fence, nextDueAt } = await openRuntime(open);
      await createIdle(store, fence, now);
      await createIdle(store, fence, now + hourMs);
      expect(await nextDueAt()).toBe(now + staleMs);
      await store.stopEverything(null, now + hourMs);
      expect(await nextDueAt()).toBeUndefined();
      await store.resumeEverything(now + 3 * dayMs);
      expect(await nextDueAt(now + 3 * dayMs)).toBe(now + 3 * dayMs + staleMs);
      await store.stopEverything(null, now + 365 * dayMs);
      await store.resumeEverything(now + 365 * dayMs);
      // By a clock that was ahead and is set right.
      expect(await nextDueAt(now + 3 * dayMs)).toBe(now + staleMs);
    });
  });
}

function describeApprovalTimes(open: OpenStore): void {
  describe('a question that waits', () => {
    test('is reminded of at each of its times once', async () => {
      const { store, fence } = await openRuntime(open);
      await store.createJorb(buildNewJorb({ widening: buildWidening() }), now);
      const first = computeRemindAt(now, 0) ?? 0;
      expect(await store.remindApprovals(fence, first - 1)).toEqual([]);
      expect(await store.remindApprovals(fence, first)).toEqual(['approval_1']);
      expect(await store.remindApprovals(fence, first)).toEqual([]);
      expect(await store.getApproval('approval_1')).toMatchObject({
        reminders: 1,
        remindAt: computeRemindAt(now, 1),
      });
    });

    test('is reminded of once for all the times that nothing ran', async () => {
      const { store, fence } = await openRuntime(open);
      await store.createJorb(buildNewJorb({ widening: buildWidening() }), now);
      const late = now + 6 * dayMs;
      expect(await store.remindApprovals(fence, late)).toEqual(['approval_1']);
      expect(await store.remindApprovals(fence, late)).toEqual([]);
      expect(await store.getApproval('approval_1')).toMatchObject({ remindAt: null });
    });

    test('expires when its time is up, and nothing is decided', async () => {
      const { store, fence } = await openRuntime(open);
      const { jorb } = await store.createJorb(buildNewJorb({ widening: buildWidening() }), now);
      const end = now + approvalLifetimeMs;
      expect(await store.expireApprovals(fence, end - 1)).toBe(0);
      expect(await store.expireApprovals(fence, end)).toBe(1);
      expect(await store.expireApprovals(fence, end)).toBe(0);
      expect(await store.getApproval('approval_1')).toMatchObject({
        status: 'expired',
        voidReason: null,
        answeredAt: end,
        action: { status: 'expired' },
      });
      expect(await store.getJorb(jorb.id)).toMatchObject({
        jorb: { status: 'planning', contractVersion: 1 },
        pendingApprovals: [],
      });
    });

    test('leaves the jorb that waited for it paused, and the owner sees why', async () => {
      const pipeline = await startPipeline(await open());
      const { store, fence } = pipeline;
      const id = await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'We take it.')], ask);
      const end = now + approvalLifetimeMs;
      expect(await store.expireApprovals(fence, end)).toBe(1);
      const { approvals, paused } = await store.takeBrief(false, end);
      expect(approvals).toEqual([]);
      const reason = 'approval_1 can no longer be answered; resume the jorb to let it go on';
      expect(paused).toEqual([{ id, name: 'Find a hotel', pauseCause: 'limit', reason }]);
      await store.composeNotices(fence, { render: null }, end);
      // Nothing but the question whether it may go on.
      expect(await store.getNextDueAt(fence, { staleMs }, end)).toBe(now + maxOpenMs);
    });
  });
}

function describeJorbTimes(open: OpenStore): void {
  describe('time passing in a jorb', () => {
    test('makes a turn due at the deadline, once', async () => {
      const { store, fence, nextDueAt } = await openRuntime(open);
      const contract = { ...buildNewJorb().contract, deadlineAt: now + dayMs };
      await createIdle(store, fence, now, { contract });
      expect(await store.wakeJorbs(fence, now + dayMs - 1)).toBe(0);
      expect(await store.wakeJorbs(fence, now + dayMs)).toBe(1);
      expect(await store.wakeJorbs(fence, now + dayMs)).toBe(0);
      expect(await nextDueAt()).toBe(now + dayMs);
      expect(await store.claimTurn(fence, hourMs, now + dayMs)).toMatchObject({
        context: { triggers: ['deadline'] },
      });
    });

    test('does not bring a deadline back that has come, when the contract changes', async () => {
      const { store, fence } = await openRuntime(open);
      const contract = { ...buildNewJorb().contract, deadlineAt: now + dayMs };
      const { id } = await createIdle(store, fence, now, { contract });
      await store.wakeJorbs(fence, now + dayMs);
      const followUp = { ...contract, followUpMs: hourMs };
      await store.steerJorb(id, buildSteering({ contract: followUp }), now + dayMs);
      expect(await store.wakeJorbs(fence, now + dayMs)).toBe(0);
      const later = { ...followUp, deadlineAt: now + 2 * dayMs };
      await store.steerJorb(id, buildSteering({ contract: later, contractVersion: 2 }), now + dayMs);
      expect(await store.wakeJorbs(fence, now + 2 * dayMs)).toBe(1);
    });

    test('wakes nobody while everything is stopped', async () => {
      const { store, fence } = await openRuntime(open);
      const contract = { ...buildNewJorb().contract, deadlineAt: now + dayMs };
      await store.createJorb(buildNewJorb({ contract }), now);
      await store.stopEverything(null, now);
      expect(await store.wakeJorbs(fence, now + dayMs)).toBe(0);
      await store.resumeEverything(now + dayMs);
      expect(await store.wakeJorbs(fence, now + dayMs)).toBe(1);
    });

    test('pauses a running jorb in which nothing happens, and says so', async () => {
      const { store, fence } = await openRuntime(open);
      const { id } = await createIdle(store, fence, now);
      expect(await store.pauseStaleJorbs(fence, staleMs, now + staleMs - 1)).toBe(0);
      expect(await store.pauseStaleJorbs(fence, staleMs, now + staleMs)).toBe(1);
      expect(await store.pauseStaleJorbs(fence, staleMs, now + staleMs)).toBe(0);
      const brief = await store.takeBrief(false, now + staleMs);
      expect(brief.paused).toEqual([
        {
          id,
          name: 'Find a hotel',
          pauseCause: 'limit',
          reason: 'nothing happened for 7 d and nothing is planned; resume it to let it go on',
        },
      ]);
    });

    test('does not pause a jorb for the time that everything was stopped', async () => {
      const { store, fence } = await openRuntime(open);
      await createIdle(store, fence, now);
      await store.stopEverything(null, now + 1);
      expect(await store.pauseStaleJorbs(fence, staleMs, now + 30 * dayMs)).toBe(0);
      await store.resumeEverything(now + 30 * dayMs);
      expect(await store.pauseStaleJorbs(fence, staleMs, now + 30 * dayMs + 1)).toBe(0);
      expect(await store.pauseStaleJorbs(fence, staleMs, now + 30 * dayMs + staleMs)).toBe(1);
    });

    test('does not pause a jorb whose turn is due or under way', async () => {
      const { store, fence } = await openRuntime(open);
      await store.createJorb(buildNewJorb(), now);
      expect(await store.pauseStaleJorbs(fence, staleMs, now + staleMs)).toBe(0);
      await store.claimTurn(fence, hourMs, now);
      expect(await store.pauseStaleJorbs(fence, staleMs, now + staleMs)).toBe(0);
    });
  });
}
