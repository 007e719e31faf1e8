import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatSlot } from '../../src/lib/cron.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { dieOnce } from '../support/mortality.ts';
import { openScheduledWorld, type ScheduledWorld } from '../support/scheduled-world.ts';

type Move =
  | { kind: 'pass' | 'sleep' | 'set'; minutes: number }
  | { kind: 'restart' }
  /** The process dies at the `nth` thing that it does with the store from now on. */
  | { kind: 'crash'; nth: number };

const zones = fc.constantFrom('UTC', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago');
const crons = fc.constantFrom('0 8 * * *', '30 2 * * *', '0 0 * * *', '59 23 * * *');
/** Around days on which clocks are set, on either hemisphere. */
const starts = fc.constantFrom(
  '2026-11-20',
  '2027-03-12',
  '2027-04-02',
  '2027-09-03',
  '2027-10-01',
  '2027-11-05',
);

const day = dayMs / minuteMs;
const forward: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ kind: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 2 * day }) }),
  fc.constant({ kind: 'restart' as const }),
  fc.record({ kind: fc.constant('crash' as const), nth: fc.integer({ min: 1, max: 12 }) }),
);
const anyMove: fc.Arbitrary<Move> = fc.oneof(
  forward,
  fc.record({ kind: fc.constant('sleep' as const), minutes: fc.integer({ min: 1, max: 5 * day }) }),
  fc.record({
    kind: fc.constant('set' as const),
    minutes: fc.oneof(
      fc.integer({ min: -3 * day, max: 3 * day }),
      fc.integer({ min: -400 * day, max: 400 * day }),
    ),
  }),
);

const open = (start: string, digestCron: string, timeZone: string) =>
  openScheduledWorld({}, { at: Date.parse(start), digestCron, timeZone });

async function make(move: Move, scheduled: ScheduledWorld): Promise<void> {
  const { world, pass, sleep, setClock, restart } = scheduled;
  switch (move.kind) {
    case 'pass':
      return pass(move.minutes * minuteMs);
    case 'sleep':
      return sleep(move.minutes * minuteMs);
    case 'set':
      return setClock(move.minutes * minuteMs);
    case 'restart':
      return restart();
    case 'crash':
      world.diesAt = dieOnce(() => true, move.nth);
  }
}

/** Slots that were run more than once. A second run of the same slot would be a second row. */
function listDoubled(scheduled: ScheduledWorld): string[] {
  const slots = scheduled.world
    .sql('select schedule, slot from run')
    .map((row) => `${row.schedule} ${row.slot}`);
  return slots.filter((slot, index) => slots.indexOf(slot) !== index);
}

test('whatever the clock does, no slot runs twice, and each of the next days has its run', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      starts,
      crons,
      zones,
      fc.array(anyMove, { maxLength: 12 }),
      async (start, cron, zone, moves) => {
        const scheduled = await open(start, cron, zone);
        const { world, pass, worked, listRuns } = scheduled;
        for (const move of moves) await make(move, scheduled);
        world.diesAt = () => false;
        expect(listDoubled(scheduled)).toEqual([]);
        const isDone = new Set(listRuns().map(({ slot }) => slot));
        const before = worked.length;
        await pass(3 * dayMs);
        // What ran before, by another clock, does not run again; everything else does, in its order.
        const fresh = worked.slice(before);
        expect(fresh.filter((slot) => isDone.has(slot))).toEqual([]);
        expect(fresh).toEqual([...new Set(fresh)].sort());
        const dates = new Set(listRuns().map(({ slot }) => slot.slice(0, 10)));
        for (const back of [dayMs, 2 * dayMs]) {
          const date = formatSlot(world.clock.now() - back, zone).slice(0, 10);
          expect([date, dates.has(date)]).toEqual([date, true]);
        }
        expect(listRuns().filter(({ status }) => status !== 'done')).toEqual([]);
        await world.close();
      },
    ),
    { numRuns: 30 },
  );
});

test('while time only goes forward and something runs, each day has one run, and none is worked at twice but for a crash', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      starts,
      crons,
      zones,
      fc.array(forward, { maxLength: 12 }),
      async (start, cron, zone, moves) => {
        const scheduled = await open(start, cron, zone);
        const { world, worked, listRuns } = scheduled;
        for (const move of moves) await make(move, scheduled);
        world.diesAt = () => false;
        await scheduled.pass(dayMs + 2 * hourMs);
        const dates = listRuns().map(({ slot }) => slot.slice(0, 10));
        const [first = ''] = dates;
        expect(dates).toEqual(
          dates.map((_, index) => new Date(Date.parse(first) + index * dayMs).toISOString().slice(0, 10)),
        );
        expect([...new Set(worked)]).toEqual(listRuns().map(({ slot }) => slot));
        const crashed = moves.filter(({ kind }) => kind === 'crash').length;
        expect(worked.length - new Set(worked).size).toBeLessThanOrEqual(crashed);
        await world.close();
      },
    ),
    { numRuns: 30 },
  );
});
