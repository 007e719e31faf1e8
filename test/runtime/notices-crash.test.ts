import { expect, test } from 'vitest';
import type { Brain } from '../../src/domain/brain.ts';
import { hourMs } from '../../src/lib/duration.ts';
import { answerApproval } from '../../src/runtime/owner/answer-approval.ts';
import { failpoints } from '../../src/runtime/stage.ts';
import { buildScriptedBrain, call, sendMessage } from '../support/brains.ts';
import { dieOnce } from '../support/mortality.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld } from '../support/world.ts';

const price = { amount: '289.00', currency: 'USD', quantity: 1, per: null };
const take = sendMessage({ text: 'Yes, please book it for $289.00.', price, consequence: 'purchase' });
const lookAgain = call('schedule_wake', { at: null, minutes_from_now: 60_000, reason: 'wait' });

/** Asks, is resumed, pauses, and ends: something of most that is told. It remembers nothing. */
function buildTeller(): Brain {
  return buildScriptedBrain(({ context, steps }) => {
    if (steps.length > 0) return [];
    const { triggers, newMessages, jorb } = context;
    const [message] = newMessages;
    if (jorb.name === 'Dinner') return [call('pause', { reason: 'They want a deposit.' })];
    if (triggers.includes('started')) return [take];
    if (message?.text === 'Booked.')
      return [call('complete', { outcome: 'Booked.', evidence: [message.eventId] })];
    return [lookAgain];
  });
}

async function tellAll(diesAt: (point: string) => boolean) {
  const world = await openWorld({ brain: buildTeller() });
  const { mailbox, otherFace, clock } = world;
  mailbox.mailer.lookup = async ({ key }) =>
    mailbox.mails.some((mail) => mail.key === key)
      ? { kind: 'sent', receipt: `250 ${key}` }
      : { kind: 'not_sent' };
  world.diesAt = diesAt;
  await otherFace.store.createJorb(buildNewJorb({ name: 'Hotel' }), clock.now());
  const contact = { channel: 'loopback', address: 'zuni', name: 'Zuni', ask: null } as const;
  const contract = { ...buildNewJorb().contract, counterparties: [contact] };
  const dinner = { name: 'Dinner', requestHash: 'other', counterparties: [contact], contract };
  await otherFace.store.createJorb(buildNewJorb(dinner), clock.now());
  await world.advance(5 * hourMs);
  const [approval] = await otherFace.store.listPendingApprovals({ jorbId: null, limit: 1 });
  if (!approval) throw new Error('nothing was asked');
  const { id, hash } = approval;
  await answerApproval(otherFace, { id, hash, answer: { kind: 'accept' }, confirmedBy: 'terminal' });
  await world.advance(hourMs);
  await world.receive({ externalId: 'booked', text: 'Booked.' });
  await world.advance(hourMs);
  const { crashes } = world;
  const result = {
    subjects: mailbox.mails.map(({ subject }) => subject),
    keys: new Set(mailbox.mails.map(({ key }) => key)).size,
    notices: world.sql('select kind, status, mail_id from notice order by seq'),
    mails: world.sql('select kind, status from mail order by id'),
  };
  await world.close();
  return { result, crashes };
}

/** Every named point, and before and after each write of what is mailed. */
function isBetween(point: string): boolean {
  return failpoints.some((name) => name === point) || /(composeNotices|claimMail|settleMail)$/.test(point);
}

test('wherever its process dies, each fact is told in one mail', { timeout: 120_000 }, async () => {
  const passes = new Map<string, number>();
  const { result: expected } = await tellAll((point) => {
    passes.set(point, (passes.get(point) ?? 0) + 1);
    return false;
  });
  expect(expected).toEqual({
    subjects: [
      '2 need you: Hotel and Dinner',
      'Reminder: Approve? $289.00 to Magic (Hotel, approval_1)',
      'Done: Hotel – Booked.',
    ],
    keys: 3,
    notices: [
      { kind: 'approval', status: 'mailed', mail_id: 1 },
      { kind: 'pause', status: 'mailed', mail_id: 1 },
      { kind: 'reminder', status: 'mailed', mail_id: 2 },
      { kind: 'complete', status: 'mailed', mail_id: 3 },
    ],
    mails: Array(3).fill({ kind: 'notice', status: 'sent' }),
  });
  expect(passes.get('notices.composed')).toBe(3);
  for (const [point, count] of [...passes].filter(([name]) => isBetween(name))) {
    for (const nth of new Set([1, count])) {
      const { result, crashes } = await tellAll(dieOnce((reached) => reached === point, nth));
      expect({ point, nth, crashes, result }).toEqual({ point, nth, crashes: 1, result: expected });
    }
  }
});
