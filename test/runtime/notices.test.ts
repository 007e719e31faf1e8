import { describe, expect, test } from 'vitest';
import type { JorbId } from '../../src/domain/ids.ts';
import { noticeKinds } from '../../src/domain/notice.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { answerApproval } from '../../src/runtime/owner/answer-approval.ts';
import { createJorb } from '../../src/runtime/owner/create-jorb.ts';
import { getJorb } from '../../src/runtime/owner/get-jorb.ts';
import { setJorbStatus } from '../../src/runtime/owner/set-jorb-status.ts';
import { steerJorb } from '../../src/runtime/owner/steer-jorb.ts';
import { buildQueueBrain, call, sendMessage } from '../support/brains.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld, type World } from '../support/world.ts';

const subjects = ({ mailbox }: World) => mailbox.mails.map(({ subject }) => subject);
const price = { amount: '289.00', currency: 'USD', quantity: 1, per: null };
const take = sendMessage({ text: 'Yes, please book it for $289.00.', price, consequence: 'purchase' });
const lookAgain = call('schedule_wake', { at: null, minutes_from_now: 60_000, reason: 'wait' });
const pauseWith = (reason: string) => call('pause', { reason });

async function openNoticeWorld(options: Partial<Parameters<typeof openWorld>[0]> = {}) {
  const brain = buildQueueBrain();
  const world = await openWorld({ brain, ...options });
  return {
    brain,
    world,
    async createJorb(overrides: Parameters<typeof buildNewJorb>[0] = {}): Promise<JorbId> {
      const { jorb } = await world.otherFace.store.createJorb(buildNewJorb(overrides), world.clock.now());
      return jorb.id;
    },
  };
}

async function accept({ owner, otherFace }: World): Promise<void> {
  const [approval] = await otherFace.store.listPendingApprovals({ jorbId: null, limit: 1 });
  if (!approval) throw new Error('nothing was asked');
  const { id, hash } = approval;
  await answerApproval(owner, { id, hash, answer: { kind: 'accept' }, confirmedBy: 'terminal' });
}

describe('a notice', () => {
  test('of a question reaches the owner a minute later, whole', async () => {
    const { brain, world, createJorb } = await openNoticeWorld();
    brain.say(take);
    await createJorb({ name: 'GDC Hotel' });
    await world.advance(minuteMs - 1);
    expect(subjects(world)).toEqual([]);
    await world.advance(1);
    expect(subjects(world)).toEqual(['Approve? $289.00 to Magic (GDC Hotel, approval_1)']);
    const [mail] = world.mailbox.mails;
    for (const half of [mail?.text, mail?.html]) {
      expect(half).toContain('Yes, please book it for $289.00.');
      expect(half).toContain('jorbs approve approval_1');
    }
    await world.advance(hourMs);
    expect(subjects(world)).toHaveLength(1);
  });

  test('is not sent of what was answered within the minute', async () => {
    const { brain, world, createJorb } = await openNoticeWorld();
    brain.say(take);
    await createJorb();
    await world.settle();
    await accept(world);
    await world.advance(dayMs);
    expect(subjects(world)).toEqual([]);
  });

  test('reminds after 4 hours, a day and three days, once each', async () => {
    const { brain, world, createJorb } = await openNoticeWorld();
    brain.say(take);
    await createJorb({ name: 'Hotel' });
    const at: number[] = [];
    for (const ms of [hourMs, 4 * hourMs, dayMs, 2 * dayMs, 2 * dayMs]) {
      await world.advance(ms);
      at.push(world.mailbox.mails.length);
    }
    expect(at).toEqual([1, 2, 3, 4, 4]);
    expect(subjects(world).slice(1)).toEqual(
      Array(3).fill('Reminder: Approve? $289.00 to Magic (Hotel, approval_1)'),
    );
  });

  test('reminds once of what fell due several times while nothing ran', async () => {
    const { brain, world, createJorb } = await openNoticeWorld();
    brain.say(take);
    await createJorb();
    await world.advance(minuteMs);
    world.clock.advance(2 * dayMs);
    await world.crash();
    await world.advance(hourMs);
    expect(subjects(world)).toHaveLength(2);
  });

  test('tells that a budget is reached once, although the gate refuses again and again', async () => {
    const { brain, world, createJorb } = await openNoticeWorld();
    const { contract } = buildNewJorb();
    for (let index = 0; index < 2; index++) brain.say(take);
    brain.say(lookAgain);
    await createJorb({
      name: 'Hotel',
      contract: { ...contract, money: { ...contract.money, budget: 10_000 } },
    });
    await world.advance(hourMs);
    expect(world.sql("select after ->> 'rule' rule from audit where what = 'action.refused'")).toEqual(
      Array(2).fill({ rule: 'budget' }),
    );
    expect(subjects(world)).toEqual([
      'Hotel is at its limit of money: only $100.00 of the budget is left; find a cheaper offer or ask the owner',
    ]);
  });

  test('tells of a message that came when the jorb was over, with its words', async () => {
    const { brain, world, createJorb } = await openNoticeWorld();
    brain.say(call('complete', { outcome: 'They have none.', evidence: [] }));
    await createJorb({ name: 'Hotel' });
    await world.advance(hourMs);
    await world.receive({ text: 'We do have <b>one</b> now!' });
    await world.advance(hourMs);
    expect(subjects(world)).toEqual([
      'Done, unconfirmed: Hotel – They have none.',
      'Late reply: Magic (loopback:magic) wrote to Hotel, which is complete',
    ]);
    expect(world.mailbox.mails[1]).toMatchObject({
      text: expect.stringContaining('> We do have <b>one</b> now!'),
      html: expect.stringContaining('We do have &lt;b&gt;one&lt;/b&gt; now!'),
    });
  });

  test('holds nothing of another jorb, and nothing that the owner did not want of it', async () => {
    const { brain, world, createJorb } = await openNoticeWorld();
    brain.say(pauseWith('They ask for passport XK4471209.'));
    await createJorb({ name: 'Visa', notifyOn: [] });
    await world.settle();
    brain.say(pauseWith('They want a deposit.'));
    await createJorb({ name: 'Hotel', requestHash: 'other' });
    await world.advance(hourMs);
    expect(subjects(world)).toEqual(['Hotel paused: They want a deposit.']);
    expect(JSON.stringify(world.mailbox.mails)).not.toMatch(/XK4471209|Visa/);
  });

  test('without SMTP is dropped, and nothing turns round for it', async () => {
    const { brain, world, createJorb } = await openNoticeWorld({
      change: (deps) => ({ ...deps, mailer: { ...deps.mailer, kind: 'folder' } }),
    });
    brain.say(pauseWith('They want a deposit.'));
    await createJorb();
    await world.advance(dayMs);
    expect(subjects(world)).toEqual([]);
    expect(world.sql('select status from notice')).toEqual([{ status: 'dropped' }]);
    expect(world.sql('select * from mail')).toEqual([]);
  });
});

describe('what a jorb sends at once', () => {
  const request = {
    name: 'Hotel',
    plan: 'Find a hotel.',
    contacts: [{ name: 'Magic', channel: 'loopback', address: 'magic' }],
  };

  test('is what its owner names, and can be changed', async () => {
    const { brain, world } = await openNoticeWorld();
    const { detail } = await createJorb(world.owner, { ...request, notify_on: ['fail', 'complete'] });
    expect(detail.notifyOn).toEqual(['complete', 'fail']);
    brain.say(pauseWith('They want a deposit.'));
    await world.advance(hourMs);
    expect(subjects(world)).toEqual([]);
    const { jorb } = detail;
    await steerJorb(world.owner, jorb.id, { notify_on: ['pause'] });
    await setJorbStatus(world.owner, { id: jorb.id, command: 'resume', reason: null });
    brain.say(pauseWith('They want it again.'));
    await world.advance(hourMs);
    expect(subjects(world)).toEqual(['Hotel paused: They want it again.']);
    await steerJorb(world.owner, jorb.id, { notify_on: [...noticeKinds] });
    expect((await getJorb(world.owner, jorb.id)).notifyOn).toBeNull();
  });

  test('is refused with the kinds there are where it is none of them', async () => {
    const { world } = await openNoticeWorld();
    const refused = await createJorb(world.owner, { ...request, notify_on: ['pauses'] }).catch(
      (error) => error,
    );
    expect(refused).toBeInstanceOf(Refusal);
    expect(refused).toMatchObject({ code: 'invalid', field: 'notify_on' });
    expect(refused.message).toBe(
      'notify_on cannot hold "pauses"; it is a list of pause, complete, fail, approval, reminder, budget, late_reply, handoff',
    );
  });
});
