import { describe, expect, test } from 'vitest';
import { StaleEpoch } from '../../src/domain/fence.ts';
import type { Calendar, ScheduleDefinition } from '../../src/domain/schedule.ts';
import { findLastRun, findNextRun, formatSlot } from '../../src/lib/cron.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { testEpoch } from './clock.ts';
import type { OpenStore } from './store-suite.ts';

const calendar: Calendar = { findNext: findNextRun, findLast: findLastRun, formatSlot };
const daily: ScheduleDefinition = { name: 'digest', cron: '0 10 * * *', timeZone: 'UTC' };
/** An hour from the beginning. */
const ten = testEpoch + hourMs;

async function openSchedules(open: OpenStore, definitions: ScheduleDefinition[] = [daily]) {
  const store = await open();
  let fence = await store.raiseEpoch('test', testEpoch);
  await store.keepSchedules(fence, definitions, calendar, testEpoch);
  return {
    store,
    get fence() {
      return fence;
    },
    keep: (changed: ScheduleDefinition[], at: number) => store.keepSchedules(fence, changed, calendar, at),
    claim: (at: number) => store.claimRun(fence, calendar, at),
    /** Claims what is due and finishes it. */
    async runAll(at: number): Promise<string[]> {
      const slots: string[] = [];
      for (;;) {
        const run = await store.claimRun(fence, calendar, at);
        if (run === undefined) return slots;
        await store.finishRun(fence, run.id, 'done', at);
        slots.push(`${run.schedule} ${run.slot}`);
      }
    },
    async restart(at: number) {
      fence = await store.raiseEpoch('next', at);
    },
    nextDueAt: (at: number) => store.getNextDueAt(fence, { staleMs: 1e12 }, at),
    nextAt: async () => (await store.listSchedules())[0]?.nextAt,
  };
}

export function describeSchedules(open: OpenStore): void {
  describeSlots(open);
  describeClocks(open);
  describeDefinitions(open);
  describeRuns(open);
}

function describeSlots(open: OpenStore): void {
  describe('a schedule', () => {
    test('begins with its next slot', async () => {
      const { claim, nextDueAt, store } = await openSchedules(open);
      expect(await claim(testEpoch)).toBeUndefined();
      expect(await nextDueAt(testEpoch)).toBe(ten);
      expect(await store.listSchedules()).toEqual([
        { name: 'digest', cron: '0 10 * * *', timeZone: 'UTC', nextAt: ten, last: null },
      ]);
    });

    test('has one run for a slot that has come, and then its next slot', async () => {
      const { claim, nextDueAt, nextAt, store, fence } = await openSchedules(open);
      expect(await claim(ten - 1)).toBeUndefined();
      const run = await claim(ten);
      expect(run).toEqual({
        ...{ id: 'run_1', schedule: 'digest', slot: '2026-11-20T10:00' },
        ...{ slotAt: ten, startedAt: ten, attempts: 1 },
      });
      expect(await claim(ten)).toBeUndefined();
      expect(await nextAt()).toBe(ten + dayMs);
      await store.finishRun(fence, 'run_1', 'sent', ten + 1);
      expect(await claim(ten + 1)).toBeUndefined();
      expect(await nextDueAt(ten + 1)).toBe(ten + dayMs);
      expect((await store.listSchedules())[0]?.last).toEqual({
        ...{ slot: '2026-11-20T10:00', status: 'done', at: ten + 1, note: 'sent' },
      });
    });

    test('makes one run of the slots that were missed, of the newest', async () => {
      const { runAll, nextAt } = await openSchedules(open);
      expect(await runAll(ten + 3 * dayMs + hourMs)).toEqual(['digest 2026-11-23T10:00']);
      expect(await nextAt()).toBe(ten + 4 * dayMs);
    });

    test('runs beside others that are due at the same time', async () => {
      const handoff = { ...daily, name: 'handoff' as const };
      const { runAll } = await openSchedules(open, [daily, handoff]);
      expect((await runAll(ten)).sort()).toEqual(['digest 2026-11-20T10:00', 'handoff 2026-11-20T10:00']);
      expect(await runAll(ten)).toEqual([]);
    });

    test('is due while everything is stopped, too', async () => {
      const { store, nextDueAt, runAll } = await openSchedules(open);
      await store.stopEverything(null, testEpoch);
      expect(await nextDueAt(testEpoch)).toBe(ten);
      expect(await runAll(ten)).toEqual(['digest 2026-11-20T10:00']);
    });

    test('runs though its zone has changed its rules and has no slot at that time any more', async () => {
      const { store, fence, nextAt } = await openSchedules(open);
      const changed: Calendar = { ...calendar, findLast: () => null };
      expect(await store.claimRun(fence, changed, ten)).toMatchObject({ slotAt: ten });
      expect(await nextAt()).toBe(ten + dayMs);
    });
  });
}

function describeClocks(open: OpenStore): void {
  describe('a clock that was set', () => {
    test('back by a day brings no slot again, and the next one at its time', async () => {
      const { runAll, keep, nextAt } = await openSchedules(open);
      await runAll(ten);
      await keep([daily], ten - dayMs + 1);
      // The slot of that day has its run.
      expect(await nextAt()).toBe(ten);
      expect(await runAll(ten)).toEqual([]);
      expect(await runAll(ten + dayMs)).toEqual(['digest 2026-11-21T10:00']);
    });

    test('forward by a year and back makes one late run, and goes on at the right days', async () => {
      const { runAll, keep, nextAt } = await openSchedules(open);
      await runAll(ten);
      expect(await runAll(ten + hourMs + 365 * dayMs)).toEqual(['digest 2027-11-20T10:00']);
      await keep([daily], ten + 2 * hourMs);
      expect(await nextAt()).toBe(ten + dayMs);
      expect(await runAll(ten + dayMs)).toEqual(['digest 2026-11-21T10:00']);
      expect(await runAll(ten + 2 * dayMs)).toEqual(['digest 2026-11-22T10:00']);
    });

    test('back does not hold a run that waits for its next try', async () => {
      const { store, fence, claim, keep } = await openSchedules(open);
      const year = 365 * dayMs;
      await claim(ten + year);
      await store.failRun(fence, 'run_1', 'busy', ten + year + minuteMs, ten + year);
      await keep([daily], ten);
      expect(await claim(ten)).toMatchObject({ id: 'run_1', attempts: 2 });
    });

    test('by nothing leaves a run that waits for its next try waiting', async () => {
      const { store, fence, claim, keep } = await openSchedules(open);
      await claim(ten);
      await store.failRun(fence, 'run_1', 'busy', ten + minuteMs, ten);
      await keep([daily], ten);
      expect(await claim(ten + minuteMs - 1)).toBeUndefined();
    });
  });
}

function describeDefinitions(open: OpenStore): void {
  describe('a schedule that was changed', () => {
    test('begins with its next slot, and makes nothing up that it did not have before', async () => {
      const { keep, claim, nextAt } = await openSchedules(open);
      await keep([{ ...daily, cron: '0 8 * * *' }], testEpoch + 1);
      expect(await nextAt()).toBe(testEpoch + 23 * hourMs);
      expect(await claim(ten)).toBeUndefined();
    });

    test('still runs a slot that had come by then', async () => {
      const { keep, runAll, nextAt } = await openSchedules(open);
      await keep([{ ...daily, cron: '0 20 * * *' }], ten + hourMs);
      expect(await nextAt()).toBe(ten + 10 * hourMs);
      expect(await runAll(ten + hourMs)).toEqual(['digest 2026-11-20T10:00']);
      expect(await runAll(ten + 10 * hourMs)).toEqual(['digest 2026-11-20T20:00']);
    });

    test('to another zone has no second run where the wall shows the same time again', async () => {
      const { keep, runAll, nextAt } = await openSchedules(open);
      await runAll(ten);
      await keep([{ ...daily, timeZone: 'America/New_York' }], ten + 1);
      expect(await nextAt()).toBe(ten + 5 * hourMs);
      expect(await runAll(ten + 5 * hourMs)).toEqual([]);
      expect(await runAll(ten + 5 * hourMs + dayMs)).toEqual(['digest 2026-11-21T10:00']);
    });

    test('that is switched off does nothing, until it is switched on again', async () => {
      const { keep, runAll, store, nextDueAt } = await openSchedules(open);
      await keep([{ ...daily, cron: null }], ten + 1);
      expect(await store.listSchedules()).toMatchObject([{ cron: 'off', nextAt: null, last: null }]);
      expect(await runAll(ten + dayMs)).toEqual([]);
      expect(await nextDueAt(ten)).toBeUndefined();
      await keep([daily], ten + 3 * dayMs);
      expect(await runAll(ten + 3 * dayMs)).toEqual([]);
      expect(await runAll(ten + 4 * dayMs)).toEqual(['digest 2026-11-24T10:00']);
    });

    test('by nothing keeps a slot that has come and is not claimed yet', async () => {
      const { keep, runAll } = await openSchedules(open);
      await keep([daily], ten + 2 * dayMs);
      expect(await runAll(ten + 2 * dayMs)).toEqual(['digest 2026-11-22T10:00']);
    });
  });
}

function describeRuns(open: OpenStore): void {
  describe('a run', () => {
    test('that a dead runtime left is taken up at once', async () => {
      const { claim, restart, nextDueAt, store } = await openSchedules(open);
      await claim(ten);
      expect(await nextDueAt(ten)).toBe(ten + dayMs);
      await restart(ten + hourMs);
      expect(await nextDueAt(ten + hourMs)).toBe(ten);
      expect(await claim(ten + hourMs)).toMatchObject({ id: 'run_1', startedAt: ten, attempts: 2 });
      expect(await claim(ten + hourMs)).toBeUndefined();
      expect((await store.listSchedules())[0]?.last).toMatchObject({ status: 'running', at: ten });
    });

    test('that runtimes died of three times has failed, and says so', async () => {
      const schedules = await openSchedules(open);
      const { claim, restart, store } = schedules;
      for (const attempts of [1, 2, 3]) {
        expect(await claim(ten)).toMatchObject({ attempts });
        await restart(ten);
      }
      expect(await claim(ten)).toBeUndefined();
      const note = 'it was begun 3 times, and each time jorbs ended before it was done';
      expect((await store.listSchedules())[0]?.last).toEqual({
        ...{ slot: '2026-11-20T10:00', status: 'failed', at: ten, note },
      });
      expect(await store.listActivity(null, 0, 50)).toContainEqual(
        expect.objectContaining({ what: 'schedule.failed', subject: 'run_1' }),
      );
      expect(await claim(ten + dayMs)).toMatchObject({ slot: '2026-11-21T10:00', attempts: 1 });
    });

    test('that failed is tried again at its time, with what went wrong in the status', async () => {
      const { claim, store, fence, nextDueAt } = await openSchedules(open);
      await claim(ten);
      await store.failRun(fence, 'run_1', 'busy', ten + minuteMs, ten);
      expect((await store.listSchedules())[0]?.last).toMatchObject({ status: 'due', note: 'busy' });
      expect(await claim(ten)).toBeUndefined();
      expect(await nextDueAt(ten)).toBe(ten + minuteMs);
      expect(await claim(ten + minuteMs)).toMatchObject({ attempts: 2, startedAt: ten });
      await store.failRun(fence, 'run_1', 'still busy', null, ten + minuteMs);
      expect((await store.listSchedules())[0]?.last).toMatchObject({ status: 'failed', note: 'still busy' });
      expect(await nextDueAt(ten + minuteMs)).toBe(ten + dayMs);
    });

    test('is not ended twice', async () => {
      const { claim, store, fence } = await openSchedules(open);
      await claim(ten);
      await store.finishRun(fence, 'run_1', 'sent', ten);
      await store.failRun(fence, 'run_1', 'busy', ten, ten);
      await store.finishRun(fence, 'run_1', 'again', ten);
      expect((await store.listSchedules())[0]?.last).toMatchObject({ status: 'done', note: 'sent' });
    });

    test('is out of the hands of a runtime that lost its place', async () => {
      const schedules = await openSchedules(open);
      const { claim, restart, store } = schedules;
      const deposed = schedules.fence;
      await claim(ten);
      await restart(ten);
      const writes = [
        store.keepSchedules(deposed, [{ ...daily, cron: null }], calendar, ten),
        store.claimRun(deposed, calendar, ten + dayMs),
        store.finishRun(deposed, 'run_1', 'sent', ten),
        store.failRun(deposed, 'run_1', 'busy', null, ten),
      ];
      for (const result of await Promise.allSettled(writes)) {
        expect(result).toMatchObject({ status: 'rejected', reason: expect.any(StaleEpoch) });
      }
      expect(await claim(ten)).toMatchObject({ id: 'run_1', attempts: 2 });
    });
  });
}
