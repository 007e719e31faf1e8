import { describe, expect, test } from 'vitest';
import type { ApprovalAnswer, Confirmation } from '../../../src/domain/approval.ts';
import { dayMs } from '../../../src/lib/duration.ts';
import { answerApproval } from '../../../src/runtime/owner/answer-approval.ts';
import type { ConfirmMode } from '../../../src/runtime/owner/context.ts';
import { prepareAnswer } from '../../../src/runtime/owner/prepare-answer.ts';
import { setJorbStatus } from '../../../src/runtime/owner/set-jorb-status.ts';
import { buildQueueBrain, call, sendMessage } from '../../support/brains.ts';
import { buildNewJorb } from '../../support/store.ts';
import { openWorld } from '../../support/world.ts';

const accept: ApprovalAnswer = { kind: 'accept' };
const id = 'approval_1';

/** One approval waits: of a message to someone new, or of a question. */
async function openWithApproval({ confirm = 'human' as ConfirmMode, asks = 'message' } = {}) {
  const brain = buildQueueBrain();
  brain.say(
    asks === 'message'
      ? sendMessage({ to: 'loopback:newcomer', text: 'Good day, is this the hotel?' })
      : call('ask_owner', { question: 'Window or aisle?' }),
  );
  const world = await openWorld({ brain, confirm, staleMs: 30 * dayMs });
  await world.owner.store.createJorb(buildNewJorb(), world.clock.now());
  await world.settle();
  const { approval } = await prepareAnswer(world.owner, { id, answer: { kind: 'decline', text: null } });
  return { ...world, hash: approval.hash, approval };
}

describe('who counts as the owner', () => {
  const modes: [ConfirmMode, Confirmation | null, boolean][] = [
    ['human', 'elicitation', true],
    ['human', 'terminal', true],
    ['human', 'host', false],
    ['human', null, false],
    ['strict', 'elicitation', false],
    ['strict', 'terminal', true],
    ['strict', 'host', false],
    ['strict', null, false],
    ['host', 'elicitation', true],
    ['host', 'terminal', true],
    ['host', 'host', true],
    ['host', null, false],
  ];
  test.each(modes)('JORBS_CONFIRM=%s, a yes by %s counts: %s', async (confirm, confirmedBy, counts) => {
    const { owner, hash, sql, settle, wire } = await openWithApproval({ confirm });
    const answering = answerApproval(owner, { id, hash, answer: accept, confirmedBy });
    if (counts) await answering;
    else await expect(answering).rejects.toMatchObject({ code: 'needs_owner' });
    await settle();
    expect(sql('select status, confirmed_by from approval')).toEqual([
      counts ? { status: 'accepted', confirmed_by: confirmedBy } : { status: 'pending', confirmed_by: null },
    ]);
    expect(wire.lines).toHaveLength(counts ? 1 : 0);
  });

  test.each(['human', 'strict', 'host'] as const)('with %s, a no needs nobody', async (confirm) => {
    const { owner, hash, settle, wire } = await openWithApproval({ confirm });
    const answer: ApprovalAnswer = { kind: 'decline', text: 'too early' };
    expect(await prepareAnswer(owner, { id, answer })).toMatchObject({ needsHuman: false });
    const declined = await answerApproval(owner, { id, hash, answer, confirmedBy: null });
    expect(declined).toMatchObject({ status: 'declined', answerText: 'too early' });
    await settle();
    expect(wire.lines).toEqual([]);
  });

  test.each([
    ['human', true],
    ['strict', true],
    ['host', false],
  ] as const)('with %s, a yes needs a human: %s', async (confirm, needsHuman) => {
    const { owner } = await openWithApproval({ confirm });
    expect(await prepareAnswer(owner, { id, answer: accept })).toMatchObject({ needsHuman });
  });
});

describe('what the owner is shown', () => {
  test('is what is stored, and for an edit their own words under the hash of what was asked', async () => {
    const { owner, approval, sql } = await openWithApproval();
    const { approval: shown } = await prepareAnswer(owner, {
      id,
      answer: { kind: 'edit', text: ' Hello. ' },
    });
    expect(shown.action.payload).toEqual({ ...approval.action.payload, text: 'Hello.' });
    expect(shown.hash).toBe(approval.hash);
    expect(sql('select json_extract(payload, ?) text from action', '$.text')).not.toEqual([
      { text: 'Hello.' },
    ]);
  });

  test('an edit is what leaves', async () => {
    const { owner, hash, settle, wire } = await openWithApproval();
    const answer: ApprovalAnswer = { kind: 'edit', text: 'Dear hotel, good day.' };
    await answerApproval(owner, { id, hash, answer, confirmedBy: 'terminal' });
    await settle();
    expect(wire.lines.map(({ to, text }) => [to, text.split('\n')[0]])).toEqual([
      ['newcomer', 'Dear hotel, good day.'],
    ]);
  });
});

describe('an answer is refused', () => {
  const cases: [string, string, ApprovalAnswer, string, string][] = [
    ['whose id is none', 'approve it', accept, 'invalid', '"approve it" is not the id of an approval'],
    ['for an approval that is not there', 'approval_99', accept, 'not_found', 'approval_99'],
    [
      'that does not fit what was asked',
      id,
      { kind: 'answer', text: 'Yes' },
      'invalid',
      'accept, edit, decline',
    ],
    ['whose text is empty', id, { kind: 'edit', text: ' \n ' }, 'invalid', 'text is empty'],
    ['whose text has no end', id, { kind: 'edit', text: 'x'.repeat(4001) }, 'invalid', '4000'],
    ['whose text hides something', id, { kind: 'edit', text: 'Hello\u202e there' }, 'invalid', 'U+202E'],
  ];
  test.each(cases)('%s', async (_, approvalId, answer, code, words) => {
    const { owner, hash } = await openWithApproval();
    const request = { id: approvalId, answer };
    const refusal = { code, message: expect.stringContaining(words) };
    await expect(prepareAnswer(owner, request)).rejects.toMatchObject(refusal);
    await expect(answerApproval(owner, { ...request, hash, confirmedBy: 'terminal' })).rejects.toMatchObject(
      refusal,
    );
  });

  test('to a question, when it is a yes or a no text', async () => {
    const { owner, hash, sql } = await openWithApproval({ asks: 'question' });
    await expect(prepareAnswer(owner, { id, answer: accept })).rejects.toMatchObject({ code: 'invalid' });
    const answer: ApprovalAnswer = { kind: 'answer', text: 'Window.' };
    await answerApproval(owner, { id, hash, answer, confirmedBy: 'terminal' });
    expect(sql('select status, answer_text from approval')).toEqual([
      { status: 'answered', answer_text: 'Window.' },
    ]);
  });

  test('the second time', async () => {
    const { owner, otherFace, hash, settle, wire } = await openWithApproval();
    const request = { id, hash, answer: accept, confirmedBy: 'terminal' } as const;
    const answers = await Promise.allSettled([
      answerApproval(owner, request),
      answerApproval(otherFace, request),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(prepareAnswer(owner, { id, answer: accept })).rejects.toMatchObject({ code: 'conflict' });
    await settle();
    expect(wire.lines).toHaveLength(1);
  });

  test('for other bytes than the owner saw', async () => {
    const { owner, hash, settle, wire, sql } = await openWithApproval();
    const request = { id, hash: hash.replace(/./, '0'), answer: accept, confirmedBy: 'terminal' } as const;
    await expect(answerApproval(owner, { ...request, hash: `${hash.slice(1)}0` })).rejects.toThrow();
    await settle();
    expect(wire.lines).toEqual([]);
    expect(sql('select status from outbox')).toEqual([]);
  });

  test('after its time', async () => {
    const { owner, hash, clock, wire, settle } = await openWithApproval();
    clock.advance(8 * dayMs);
    await expect(prepareAnswer(owner, { id, answer: accept })).rejects.toMatchObject({ code: 'expired' });
    const answering = answerApproval(owner, { id, hash, answer: accept, confirmedBy: 'terminal' });
    await expect(answering).rejects.toMatchObject({ code: 'expired' });
    await settle();
    expect(wire.lines).toEqual([]);
  });

  test('after its errand ended', async () => {
    const { owner, hash, wire, settle } = await openWithApproval();
    await setJorbStatus(owner, { id: 'jorb_1', command: 'cancel', reason: null });
    await expect(prepareAnswer(owner, { id, answer: accept })).rejects.toMatchObject({
      code: 'expired',
      message: expect.stringContaining('cancelled'),
    });
    await expect(
      answerApproval(owner, { id, hash, answer: accept, confirmedBy: 'terminal' }),
    ).rejects.toThrow();
    await settle();
    expect(wire.lines).toEqual([]);
  });
});
