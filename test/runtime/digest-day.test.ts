import { expect, test } from 'vitest';
import { dayMs, hourMs } from '../../src/lib/duration.ts';
import type { PipelineDeps } from '../../src/runtime/pipeline.ts';
import { buildScriptedBrain } from '../support/brains.ts';
import { dieOnce } from '../support/mortality.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld } from '../support/world.ts';

/** Digests at ten, an hour after the world begins. */
const atTen = (deps: PipelineDeps): PipelineDeps => ({ ...deps, digestCron: '0 10 * * *' });

const openDay = () => openWorld({ brain: buildScriptedBrain(() => []), change: atTen });

test('the digest of a day is mailed once, and none of a day on which nothing happened', async () => {
  const { world, digests } = await openJorb();
  await world.advance(hourMs);
  expect(digests()).toEqual(['Jorbs daily summary – 2026-11-20']);
  await world.advance(dayMs);
  expect(digests()).toHaveLength(1);
  await world.receive({ text: 'A room is free.' });
  await world.advance(dayMs);
  expect(digests().slice(1)).toEqual([expect.stringContaining('Jorbs daily summary – 2026-11-22')]);
});

test.each([
  'run.claimed',
  'before composeDigest',
  'after composeDigest',
  'run.worked',
  'run.ended',
  'mail.settled',
])('a process that dies at %s sends it once all the same', async (point) => {
  const { world, digests } = await openJorb();
  world.diesAt = dieOnce((each) => each === point);
  await world.advance(2 * hourMs);
  expect(world.crashes).toBe(1);
  expect(digests()).toEqual(['Jorbs daily summary – 2026-11-20']);
  expect(world.sql('select count(*) as digests from digest')).toEqual([{ digests: 1 }]);
});

test('three days that were slept through are told in one, late', async () => {
  const { world, digests } = await openJorb();
  await world.advance(2 * hourMs);
  await world.receive({ text: 'A room is free.' });
  world.clock.advance(3 * dayMs);
  await world.settle();
  expect(digests().slice(1)).toEqual([expect.stringContaining('2026-11-23')]);
  expect((await world.life.store.listSchedules()).find(({ name }) => name === 'digest')?.last?.note).toMatch(
    /^late by .*; queued/,
  );
});

async function openJorb() {
  const world = await openDay();
  await world.owner.store.createJorb(buildNewJorb(), world.clock.now());
  const digests = () =>
    world.mailbox.mails.filter(({ kind }) => kind === 'digest').map(({ subject }) => subject);
  return { world, digests };
}
