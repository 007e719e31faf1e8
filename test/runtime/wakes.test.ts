import { expect, test } from 'vitest';
import type { BrainRequest } from '../../src/domain/brain.ts';
import { dayMs, hourMs } from '../../src/lib/duration.ts';
import { resumeEverything } from '../../src/runtime/owner/resume-everything.ts';
import { setJorbStatus } from '../../src/runtime/owner/set-jorb-status.ts';
import { stopEverything } from '../../src/runtime/owner/stop-everything.ts';
import { buildScriptedBrain, call, sendMessage, waitFor } from '../support/brains.ts';
import { testEpoch } from '../support/clock.ts';
import { dieOnce } from '../support/mortality.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld, type World } from '../support/world.ts';

const now = testEpoch;
const wakeRow = 'select wake_at, wake_reason from jorb';

type Woken = { world: World; turns: BrainRequest['context'][] };

/** Looks again after ten hours, and writes then; afterwards it waits for good. `fails`: how many of those turns break. */
async function openWaiting({ fails = 0 } = {}): Promise<Woken> {
  let left = fails;
  const turns: BrainRequest['context'][] = [];
  const brain = buildScriptedBrain(({ context, steps }) => {
    if (steps.length > 0) return [];
    turns.push(context);
    if (context.triggers.includes('started')) {
      return [call('schedule_wake', { at: null, minutes_from_now: 600, reason: 'whether they answered' })];
    }
    if (!context.triggers.includes('wake')) return [waitFor(30)];
    left -= 1;
    if (left >= 0) throw new Error('the brain broke');
    return [sendMessage({ text: 'Any news?' }), waitFor(30)];
  });
  const world = await openWorld({ brain });
  await world.otherFace.store.createJorb(buildNewJorb(), now);
  await world.settle();
  return { world, turns };
}

const sentAfter = ({ wire }: World) => wire.lines.map(({ at }) => (Date.parse(at) - now) / hourMs);
const wakeTurns = (turns: Woken['turns']) => turns.filter(({ triggers }) => triggers.includes('wake'));

test('a wake is kept over a restart and comes once, wherever its process dies', async () => {
  const passes = new Set<string>();
  const watched = await openWaiting();
  watched.world.diesAt = (point) => {
    if (/wake|turn|effect|answer|outcome|schedule|delivery/i.test(point)) passes.add(point);
    return false;
  };
  await watched.world.advance(11 * hourMs);
  expect(passes).toContain('turn.claimed');
  for (const point of passes) {
    const { world } = await openWaiting();
    world.diesAt = dieOnce((reached) => reached === point);
    await world.advance(11 * hourMs);
    const wake = world.sql(wakeRow);
    expect({ point, crashes: world.crashes, sent: sentAfter(world), wake }).toEqual({
      ...{ point, crashes: 1, sent: [10] },
      wake: [{ wake_at: now + 10 * hourMs + 30 * dayMs, wake_reason: 'nothing to do until then' }],
    });
    await world.close();
  }
}, 60_000);

test('a wake whose turn fails stands, with its reason, until a turn for it has finished', async () => {
  const { world, turns } = await openWaiting({ fails: 2 });
  await world.advance(10 * hourMs);
  expect(world.sql(wakeRow)).toEqual([{ wake_at: now + 10 * hourMs, wake_reason: 'whether they answered' }]);
  await world.advance(hourMs);
  expect(wakeTurns(turns).map(({ jorb }) => jorb.wakeReason)).toEqual(Array(3).fill('whether they answered'));
  expect(world.wire.lines).toHaveLength(1);
  expect(world.sql(wakeRow)).toMatchObject([{ wake_reason: 'nothing to do until then' }]);
});

test('a wake that comes while its jorb is paused is answered when it goes on', async () => {
  const { world, turns } = await openWaiting();
  await setJorbStatus(world.otherFace, { id: 'jorb_1', command: 'pause', reason: null });
  await world.advance(2 * dayMs);
  await world.crash();
  expect(wakeTurns(turns)).toEqual([]);
  await setJorbStatus(world.otherFace, { id: 'jorb_1', command: 'resume', reason: null });
  await world.advance(hourMs);
  expect(wakeTurns(turns)).toMatchObject([{ triggers: ['resumed', 'wake'] }]);
  expect(sentAfter(world)).toEqual([48]);
});

test('a wake that comes while everything is stopped is answered when it goes on', async () => {
  const { world, turns } = await openWaiting();
  await stopEverything(world.otherFace, { reason: null });
  await world.advance(dayMs);
  expect(wakeTurns(turns)).toEqual([]);
  await resumeEverything(world.otherFace);
  await world.advance(hourMs);
  expect(wakeTurns(turns)).toHaveLength(1);
  expect(sentAfter(world)).toEqual([24]);
});

test('a wake goes with its jorb', async () => {
  const { world, turns } = await openWaiting();
  await setJorbStatus(world.otherFace, { id: 'jorb_1', command: 'cancel', reason: null });
  await world.advance(2 * dayMs);
  expect(world.sql(wakeRow)).toEqual([{ wake_at: null, wake_reason: null }]);
  expect(wakeTurns(turns)).toEqual([]);
});

test('a clock that goes back a day after a wake does not bring it again', async () => {
  const { world, turns } = await openWaiting();
  await world.advance(11 * hourMs);
  world.clock.advance(-dayMs);
  await world.advance(2 * dayMs);
  expect(wakeTurns(turns)).toHaveLength(1);
});

test('a clock that goes back a day before a wake brings it at its time', async () => {
  const { world } = await openWaiting();
  await world.advance(9 * hourMs);
  world.clock.advance(-dayMs);
  await world.advance(dayMs);
  expect(sentAfter(world)).toEqual([]);
  await world.advance(2 * hourMs);
  expect(sentAfter(world)).toEqual([10]);
});

test('a clock that leaps a week brings a wake once, at once', async () => {
  const { world, turns } = await openWaiting();
  world.clock.advance(7 * dayMs);
  await world.settle();
  expect(wakeTurns(turns)).toHaveLength(1);
  expect(sentAfter(world)).toEqual([7 * 24]);
});
