import { expect, test } from 'vitest';
import type { BrainRequest } from '../../src/domain/brain.ts';
import { dayMs, hourMs } from '../../src/lib/duration.ts';
import { setJorbStatus } from '../../src/runtime/owner/set-jorb-status.ts';
import { buildQueueBrain, call } from '../support/brains.ts';
import { testEpoch } from '../support/clock.ts';
import { dieOnce } from '../support/mortality.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld, type World } from '../support/world.ts';

const now = testEpoch;
const hoursOf = (rows: Record<string, unknown>[]) => rows.map(({ at }) => (Number(at) - now) / hourMs);
const remindedAt = ({ sql }: World) =>
  hoursOf(sql(`select at from audit where what = 'approval.reminded' order by seq`));
const expiredAt = ({ sql }: World) =>
  hoursOf(sql(`select at from audit where what = 'approval.expired' order by seq`));

/** The agent has asked its owner something, and waits. */
async function openAsked(): Promise<{ world: World; requests: BrainRequest[] }> {
  const brain = buildQueueBrain();
  brain.say(call('ask_owner', { question: 'A king or two queens?' }));
  const world = await openWorld({ brain });
  await world.otherFace.store.createJorb(buildNewJorb(), now);
  await world.settle();
  return { world, requests: brain.requests };
}

test('the owner is reminded after 4 hours, a day and 3 days, and the question expires after 7', async () => {
  const { world } = await openAsked();
  await world.advance(13 * dayMs);
  expect(remindedAt(world)).toEqual([4, 24, 72]);
  expect(expiredAt(world)).toEqual([7 * 24]);
  expect(
    world.sql(`select count(*) count from notice where kind = 'reminder' and subject = 'approval_1'`),
  ).toEqual([{ count: 3 }]);
});

test.each(['before remindApprovals', 'after remindApprovals', 'before expireApprovals', 'schedule.kept'])(
  'a process that dies at "%s" reminds of it as often',
  async (point) => {
    for (const after of [0, 3, 12]) {
      const { world } = await openAsked();
      await world.advance(3 * hourMs);
      world.diesAt = dieOnce((reached) => reached === point, 1 + after);
      await world.advance(8 * dayMs);
      expect(world.crashes).toBe(1);
      expect({ reminded: remindedAt(world), expired: expiredAt(world) }).toEqual({
        reminded: [4, 24, 72],
        expired: [7 * 24],
      });
      await world.close();
    }
  },
);

test('a machine that slept through two reminders gives one, and the next at its time', async () => {
  const { world } = await openAsked();
  world.clock.advance(30 * hourMs);
  await world.settle();
  await world.crash();
  await world.advance(6 * dayMs);
  expect(remindedAt(world)).toEqual([30, 72]);
});

test('a clock that goes back a day reminds of nothing twice', async () => {
  const { world } = await openAsked();
  await world.advance(25 * hourMs);
  world.clock.advance(-dayMs);
  await world.advance(2 * dayMs);
  expect(remindedAt(world)).toEqual([4, 24]);
});

test('what nobody answered is no yes: the jorb stays paused, says why, and its agent hears of it', async () => {
  const { world, requests } = await openAsked();
  await world.advance(8 * dayMs);
  const reason = 'approval_1 can no longer be answered; resume the jorb to let it go on';
  expect(world.sql('select status, pause_cause, reason from jorb')).toEqual([
    { status: 'paused', pause_cause: 'limit', reason },
  ]);
  expect(world.sql('select status, confirmed_by from approval')).toEqual([
    { status: 'expired', confirmed_by: null },
  ]);
  await setJorbStatus(world.otherFace, { id: 'jorb_1', command: 'resume', reason: null });
  await world.settle();
  expect(requests.at(-1)?.context).toMatchObject({
    triggers: ['resumed', 'approval'],
    approvals: [{ id: 'approval_1', status: 'expired', isNew: true }],
  });
});
