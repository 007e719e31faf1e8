import { expect, test } from 'vitest';
import { StaleEpoch } from '../../src/domain/fence.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import type { PipelineDeps } from '../../src/runtime/pipeline.ts';
import { buildScriptedBrain } from '../support/brains.ts';
import { testEpoch } from '../support/clock.ts';
import { until } from '../support/event-loop.ts';
import { listKilledBy } from '../support/killed.ts';
import { dieOnce } from '../support/mortality.ts';
import { openScheduledWorld } from '../support/scheduled-world.ts';
import { openWorld } from '../support/world.ts';

const done = (slot: string, note = 'sent') => ({ slot, status: 'done', note });

test('carries out each slot at its time, and says nothing of lateness', async () => {
  const { pass, listRuns, worked, world } = await openScheduledWorld();
  await pass(3 * dayMs);
  const slots = ['2026-11-20T10:00', '2026-11-21T10:00', '2026-11-22T10:00'];
  expect(listRuns()).toEqual(slots.map((slot) => done(slot)));
  expect(worked).toEqual(slots);
  expect(await world.life.store.listSchedules()).toMatchObject([
    { name: 'digest', cron: '0 10 * * *', nextAt: testEpoch + 3 * dayMs + hourMs },
    { name: 'handoff', last: { slot: '2026-11-23T04:30', status: 'done', note: 'not yet' } },
  ]);
});

test('a machine that slept for three days makes up one run, late, and says so', async () => {
  const { pass, sleep, listRuns } = await openScheduledWorld();
  await pass(2 * hourMs);
  await sleep(3 * dayMs - 3 * hourMs);
  expect(listRuns()).toEqual([
    done('2026-11-20T10:00'),
    done('2026-11-22T10:00', 'late by 22 h: nothing ran when it was due; sent'),
  ]);
  await pass(dayMs);
  expect(listRuns().slice(2)).toEqual([done('2026-11-23T10:00')]);
});

test('a run that begins a minute after its slot is not called late', async () => {
  const { sleep, listRuns } = await openScheduledWorld();
  await sleep(hourMs + minuteMs);
  expect(listRuns()).toEqual([done('2026-11-20T10:00')]);
});

test('a clock that is set back by a day doubles nothing and loses nothing', async () => {
  const { pass, setClock, listRuns, worked } = await openScheduledWorld();
  await pass(2 * dayMs);
  await setClock(-dayMs);
  await pass(3 * dayMs);
  const slots = ['20', '21', '22', '23'].map((day) => `2026-11-${day}T10:00`);
  expect(listRuns()).toEqual(slots.map((slot) => done(slot)));
  expect(worked).toEqual(slots);
});

test('a clock that is set back further than the first day begins there', async () => {
  const { pass, setClock, worked } = await openScheduledWorld();
  await setClock(-2 * dayMs);
  await pass(3 * dayMs);
  expect(worked).toEqual(['18', '19', '20'].map((day) => `2026-11-${day}T10:00`));
});

test('a clock that is set forward by a year and back makes one late run, and goes on at the right days', async () => {
  const { pass, setClock, listRuns, worked } = await openScheduledWorld();
  await pass(2 * hourMs);
  await setClock(365 * dayMs);
  await setClock(-365 * dayMs);
  await pass(2 * dayMs);
  expect(listRuns()).toEqual([
    ...['20', '21', '22'].map((day) => done(`2026-11-${day}T10:00`)),
    done('2027-11-20T10:00', 'late by 1 h: nothing ran when it was due; sent'),
  ]);
  expect(worked).toHaveLength(4);
});

test('a clock that was set back while nothing ran is noticed by the next process', async () => {
  const { world, pass, restart, worked } = await openScheduledWorld();
  await pass(2 * dayMs);
  world.clock.set(-dayMs);
  await restart();
  await pass(2 * dayMs);
  expect(worked).toEqual(['20', '21', '22'].map((day) => `2026-11-${day}T10:00`));
});

test('a changed time of day holds from its next slot on', async () => {
  const { settings, pass, restart, listRuns } = await openScheduledWorld();
  await pass(2 * hourMs);
  settings.digestCron = '0 9 * * *';
  await restart();
  await pass(dayMs);
  expect(listRuns()).toEqual([done('2026-11-20T10:00'), done('2026-11-21T09:00')]);
});

test('a slot that had come before the time was changed is made up', async () => {
  const { world, settings, restart, listRuns, pass } = await openScheduledWorld();
  world.clock.advance(2 * hourMs);
  settings.digestCron = '0 9 * * *';
  await restart();
  await pass(dayMs);
  const late = done('2026-11-20T10:00', 'late by 1 h: nothing ran when it was due; sent');
  expect(listRuns()).toEqual([late, done('2026-11-21T09:00')]);
});

test('a changed zone doubles no date and leaves none out', async () => {
  const { settings, pass, restart, worked } = await openScheduledWorld();
  settings.timeZone = 'Asia/Tokyo';
  await restart();
  await pass(2 * dayMs);
  settings.timeZone = 'America/Los_Angeles';
  await restart();
  await pass(2 * dayMs);
  expect(worked).toEqual(['21', '22', '23'].map((day) => `2026-11-${day}T10:00`));
});

test.each([
  ['America/New_York', '30 2 * * *', '2027-03-12T12:00Z', ['13T02:30', '14T03:00', '15T02:30', '16T02:30']],
  ['America/New_York', '30 1 * * *', '2027-11-05T12:00Z', ['06T01:30', '07T01:30', '08T01:30', '09T01:30']],
  [
    'Australia/Lord_Howe',
    '15 2 * * *',
    '2027-10-01T00:00Z',
    ['02T02:15', '03T02:30', '04T02:15', '05T02:15'],
  ],
  ['America/Santiago', '0 0 * * *', '2027-09-03T12:00Z', ['04T00:00', '05T01:00', '06T00:00', '07T00:00']],
])('the days on which clocks are set in %s have one run each, of %s', async (zone, cron, from, slots) => {
  const at = Date.parse(from);
  const { pass, worked } = await openScheduledWorld({}, { at, digestCron: cron, timeZone: zone });
  await pass(4 * dayMs);
  expect(worked).toEqual(slots.map((slot) => `${from.slice(0, 8)}${slot}`));
});

test('a run that fails is tried again after 1 and 5 minutes, and then has failed', async () => {
  const at: number[] = [];
  const { world, pass, listRuns } = await openScheduledWorld({
    async digest(_, now) {
      at.push(now - testEpoch - hourMs);
      throw new Refusal('unavailable', 'the disk is full; make room');
    },
  });
  await pass(hourMs);
  expect(listRuns()).toEqual([
    { slot: '2026-11-20T10:00', status: 'due', note: 'the disk is full; make room' },
  ]);
  await pass(hourMs);
  expect(at).toEqual([0, minuteMs, 6 * minuteMs]);
  expect(listRuns()).toEqual([
    { slot: '2026-11-20T10:00', status: 'failed', note: 'the disk is full; make room' },
  ]);
  expect(world.sql(`select subject, after from audit where what = 'schedule.failed'`)).toEqual([
    {
      subject: 'run_1',
      after: '{"schedule":"digest","slot":"2026-11-20T10:00","error":"the disk is full; make room"}',
    },
  ]);
  await pass(dayMs);
  expect(listRuns()).toHaveLength(2);
});

test('a fault of the work is told without its words', async () => {
  const { pass, listRuns } = await openScheduledWorld({
    digest: async () => {
      throw new TypeError('x is not a function');
    },
  });
  await pass(hourMs);
  expect(listRuns()).toMatchObject([{ note: 'a fault in jorbs itself; its log says more' }]);
});

test('a run whose end the store did not take is not worked at again', async () => {
  const { world, buildStage, listRuns, worked } = await openScheduledWorld();
  let fails = true;
  const { store } = world.life;
  const finishRun: typeof store.finishRun = async (...given) => {
    if (fails) throw new Error('the disk is full');
    return store.finishRun(...given);
  };
  const stage = buildStage({ ...world.life, store: { ...store, finishRun } });
  world.clock.advance(hourMs);
  await expect(stage.tick()).rejects.toThrow('the disk is full');
  fails = false;
  while (await stage.tick());
  expect(worked).toEqual(['2026-11-20T10:00']);
  expect(listRuns()).toEqual([done('2026-11-20T10:00')]);
});

test('a deposed process writes nothing of the run that it is at', async () => {
  let finish = (_: string) => {};
  const held = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const notes = [held, Promise.resolve('sent by the next')];
  let isAtWork = false;
  const { world, buildStage, settle, listRuns } = await openScheduledWorld({
    async digest() {
      isAtWork = true;
      return (await notes.shift()) ?? 'sent a third time';
    },
  });
  world.clock.advance(hourMs);
  const deposedTick = buildStage(world.life).tick();
  await until(() => isAtWork);
  const deposed = await world.takeOver();
  await settle();
  finish('sent by the deposed');
  await expect(deposedTick).rejects.toThrow(StaleEpoch);
  await deposed.close();
  expect(listRuns()).toEqual([done('2026-11-20T10:00', 'sent by the next')]);
});

test('a process that ends while it is at a run leaves it to the next', async () => {
  const { world, buildStage, restart, listRuns } = await openScheduledWorld({
    digest: async ({ attempts }) => {
      if (attempts > 1) return 'sent';
      world.life.abort.abort();
      throw new Error('aborted');
    },
  });
  world.clock.advance(hourMs);
  expect(await buildStage(world.life).tick()).toBe(false);
  expect(listRuns()).toMatchObject([{ status: 'running' }]);
  await restart();
  expect(listRuns()).toEqual([done('2026-11-20T10:00')]);
});

test('the whole pipeline writes one digest a day, whatever dies, and says so in the status', async () => {
  const change = (deps: PipelineDeps) => ({ ...deps, digestCron: '0 10 * * *', sendsEmptyDigests: true });
  const world = await openWorld({ brain: buildScriptedBrain(() => []), change });
  world.diesAt = dieOnce((point) => point === 'run.worked', 2);
  await world.advance(3 * dayMs);
  expect(world.crashes).toBe(1);
  expect(world.sql('select date from digest')).toEqual(
    ['20', '21', '22'].map((day) => ({ date: `2026-11-${day}` })),
  );
  expect(await world.life.store.listSchedules()).toMatchObject([
    { name: 'digest', last: { slot: '2026-11-22T10:00', status: 'done', note: 'queued, nothing needs you' } },
    { name: 'handoff', last: { slot: '2026-11-23T04:30', status: 'done' } },
  ]);
});

/** Three days with a sleep and a clock that is set back. */
async function runDays(diesAt: (point: string) => boolean) {
  const scheduled = await openScheduledWorld();
  const { world, pass, sleep, setClock, restart, listRuns, worked } = scheduled;
  world.diesAt = diesAt;
  await restart();
  await pass(dayMs);
  await sleep(3 * hourMs);
  await setClock(-3 * hourMs);
  await pass(dayMs + 2 * hourMs);
  const result = { runs: listRuns(), worked: [...new Set(worked)] };
  await world.close();
  return { result, crashes: world.crashes - 1 };
}

test('wherever its process dies, each slot has its run and none has two', { timeout: 60_000 }, async () => {
  const passes = new Map<string, number>();
  const { result: expected } = await runDays((point) => {
    passes.set(point, (passes.get(point) ?? 0) + 1);
    return false;
  });
  expect(expected).toEqual({
    runs: [
      done('2026-11-20T10:00'),
      done('2026-11-21T10:00', 'late by 2 h: nothing ran when it was due; sent'),
      done('2026-11-22T10:00'),
    ],
    worked: ['2026-11-20T10:00', '2026-11-21T10:00', '2026-11-22T10:00'],
  });
  const points = listKilledBy('schedules');
  expect([...passes.keys()]).toEqual(expect.arrayContaining(points));
  for (const [point, count] of passes) {
    for (const nth of new Set([1, Math.ceil(count / 2), count])) {
      const { result, crashes } = await runDays(dieOnce((reached) => reached === point, nth));
      expect({ point, nth, crashes, result }).toEqual({ point, nth, crashes: 1, result: expected });
    }
  }
});
