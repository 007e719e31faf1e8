import { expect, test } from 'vitest';
import { maxOpenMs } from '../../src/domain/extension.ts';
import { dayMs, hourMs } from '../../src/lib/duration.ts';
import { answerApproval } from '../../src/runtime/owner/answer-approval.ts';
import { resumeEverything } from '../../src/runtime/owner/resume-everything.ts';
import { setJorbStatus } from '../../src/runtime/owner/set-jorb-status.ts';
import { stopEverything } from '../../src/runtime/owner/stop-everything.ts';
import { buildQueueBrain, buildScriptedBrain, call, sendMessage } from '../support/brains.ts';
import { testEpoch } from '../support/clock.ts';
import { dieOnce } from '../support/mortality.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld, type World } from '../support/world.ts';

const now = testEpoch;
const extensions = `select p.id, p.status, p.asked_at from approval p join action a on a.id = p.action_id
  where a.payload ->> '$.extension' is not null order by p.id`;
const jorbs = 'select status, pause_cause, reason, ends_at, contract_version from jorb';

/** Looks again every day, writes each time, and never comes to an end. */
async function openEndless(): Promise<World> {
  const brain = buildScriptedBrain(({ steps }) =>
    steps.length > 0
      ? []
      : [
          call('schedule_wake', { at: null, minutes_from_now: 24 * 60, reason: 'ask again' }),
          sendMessage({ text: 'Any news?' }),
        ],
  );
  const world = await openWorld({ brain });
  await world.otherFace.store.createJorb(buildNewJorb(), now);
  return world;
}

/** Nothing is planned in it once its first turn is over. */
async function openIdle(): Promise<World> {
  const brain = buildQueueBrain();
  brain.say(sendMessage({ text: 'Is a room free?' }));
  const world = await openWorld({ brain });
  await world.otherFace.store.createJorb(buildNewJorb(), now);
  return world;
}

async function answerFirst({ otherFace }: World, kind: 'accept' | 'decline'): Promise<void> {
  const [approval] = await otherFace.store.listPendingApprovals({ jorbId: null, limit: 1 });
  if (!approval) throw new Error('nothing is asked');
  const answer = kind === 'accept' ? ({ kind } as const) : ({ kind, text: null } as const);
  const { id, hash } = approval;
  await answerApproval(otherFace, { id, hash, answer, confirmedBy: 'terminal' });
}

test('a jorb stays open for as long as its owner lets it, and writes to nobody beyond that', async () => {
  const world = await openEndless();
  await world.advance(maxOpenMs + 2 * dayMs);
  expect(world.sql(extensions)).toEqual([{ id: 1, status: 'pending', asked_at: now + maxOpenMs }]);
  expect(world.sql(jorbs)).toMatchObject([{ status: 'paused', pause_cause: 'approval', ends_at: null }]);
  const sent = world.wire.lines.length;
  expect(sent).toBe(14);
  await answerFirst(world, 'accept');
  await world.advance(hourMs);
  expect(world.wire.lines.length).toBe(sent + 1);
  expect(world.sql(jorbs)).toMatchObject([{ status: 'running', ends_at: now + 2 * maxOpenMs }]);
  await world.advance(maxOpenMs);
  expect(world.sql(extensions)).toMatchObject([
    { status: 'accepted' },
    { status: 'pending', asked_at: now + 2 * maxOpenMs },
  ]);
  await world.advance(7 * dayMs);
  expect(world.sql(jorbs)).toMatchObject([
    { status: 'failed', reason: 'it was open for 28 days and the owner did not extend it' },
  ]);
  const last = world.wire.lines.length;
  await world.advance(60 * dayMs);
  expect(world.wire.lines.length).toBe(last);
});

test.each([
  'before askExtensions',
  'after askExtensions',
  'before expireApprovals',
  'after expireApprovals',
  'schedule.kept',
])('a process that dies at "%s" asks once all the same', async (point) => {
  for (const nth of [1, 2, 3]) {
    const world = await openIdle();
    await world.settle();
    world.clock.advance(maxOpenMs);
    world.diesAt = dieOnce((reached) => reached === point, nth);
    await world.settle();
    await world.advance(8 * dayMs);
    expect(world.crashes).toBe(1);
    expect(world.sql(extensions)).toMatchObject([{ status: 'expired' }]);
    expect(world.sql(jorbs)).toMatchObject([{ status: 'failed' }]);
    expect(world.sql(`select count from audit_count where what = 'jorb.failed'`)).toEqual([{ count: 1 }]);
    await world.close();
  }
});

test('a runtime that takes the place of another asks what that one had not asked, and nothing again', async () => {
  const world = await openIdle();
  await world.advance(maxOpenMs - 1);
  const deposed = await world.takeOver();
  await world.advance(1);
  expect(world.sql(extensions)).toHaveLength(1);
  await (await world.takeOver()).close();
  await deposed.close();
  await world.advance(dayMs);
  expect(world.sql(extensions)).toHaveLength(1);
});

test('a clock that leaps a year and comes back asks once', async () => {
  const world = await openIdle();
  await world.settle();
  world.clock.advance(365 * dayMs);
  await world.settle();
  expect(world.sql(extensions)).toHaveLength(1);
  world.clock.advance(-365 * dayMs);
  await world.settle();
  await world.crash();
  await world.advance(6 * dayMs);
  expect(world.sql(extensions)).toMatchObject([{ status: 'pending' }]);
});

test('whoever resumes it and narrows its contract does not get it past the question', async () => {
  const world = await openEndless();
  await world.advance(maxOpenMs);
  const sent = world.wire.lines.length;
  const { otherFace } = world;
  const resumed = setJorbStatus(otherFace, { id: 'jorb_1', command: 'resume', reason: null });
  await expect(resumed).rejects.toMatchObject({ code: 'conflict' });
  for (let version = 1; version < 5; version++) {
    const contract = { ...buildNewJorb().contract, followUpMs: version * hourMs };
    const steering = { guidance: 'Go on.', plan: null, phases: null, counterparties: null, contract };
    const change = { ...steering, widening: null, contractVersion: version, notifyOn: null };
    await otherFace.store.steerJorb('jorb_1', change, world.clock.now());
    await world.advance(hourMs);
  }
  expect(world.wire.lines).toHaveLength(sent);
  expect(world.sql(`${extensions}`).map(({ status }) => status)).toEqual([
    ...Array(4).fill('expired'),
    'pending',
  ]);
});

test('nobody is asked while everything is stopped, and then at once', async () => {
  const world = await openIdle();
  await world.advance(dayMs);
  await stopEverything(world.otherFace, { reason: 'wait' });
  await world.advance(20 * dayMs);
  expect(world.sql(extensions)).toEqual([]);
  await resumeEverything(world.otherFace);
  await world.settle();
  expect(world.sql(extensions)).toMatchObject([{ asked_at: now + 21 * dayMs }]);
});

test('48 hours without anything pause a jorb, over a restart and a sleep, and its owner hears of it', async () => {
  const world = await openIdle();
  await world.advance(47 * hourMs);
  await world.crash();
  expect(world.sql(jorbs)).toMatchObject([{ status: 'running' }]);
  world.clock.advance(10 * hourMs);
  await world.settle();
  const reason = 'nothing happened for 2 d and nothing is planned; resume it to let it go on';
  expect(world.sql(jorbs)).toMatchObject([{ status: 'paused', pause_cause: 'limit', reason }]);
  expect(world.sql(`select kind, jorb_id from notice`)).toEqual([{ kind: 'pause', jorb_id: 1 }]);
  await setJorbStatus(world.otherFace, { id: 'jorb_1', command: 'resume', reason: null });
  await world.settle();
  world.clock.advance(-dayMs);
  await world.settle();
  expect(world.sql(jorbs)).toMatchObject([{ status: 'running' }]);
});

test('a jorb is not stale for the time that everything was stopped', async () => {
  const world = await openIdle();
  await world.advance(dayMs);
  await stopEverything(world.otherFace, { reason: null });
  await world.advance(5 * dayMs);
  await resumeEverything(world.otherFace);
  await world.advance(2 * dayMs - 1);
  expect(world.sql(jorbs)).toMatchObject([{ status: 'running' }]);
  await world.advance(1);
  expect(world.sql(jorbs)).toMatchObject([{ status: 'paused', pause_cause: 'limit' }]);
});
