import { hashAction } from '../domain/action.ts';
import { type ApprovalAnswer, answersFor, type Confirmation } from '../domain/approval.ts';
import { isFinished } from '../domain/jorb.ts';
import { Refusal } from '../domain/refusal.ts';
import type { ApprovalRow } from './approval-views.ts';
import { toId } from './rows.ts';

export type AnswerRequest = { hash: string; answer: ApprovalAnswer; confirmedBy: Confirmation | null };

/** What the approval stands on, read in the transaction that would consume it. */
export type AnswerGround = { now: number; stopped: boolean; contractVersion: number };

/** An approval that can never be answered any more; `reason` null when its time was up. */
export type Lapse = { reason: string | null; refusal: Refusal };

/** Throws what refuses this answer, and returns what ends the approval for good. */
export function checkAnswer(
  row: ApprovalRow,
  request: AnswerRequest,
  ground: AnswerGround,
): Lapse | undefined {
  const id = toId('approval', row.approval.id);
  checkPending(id, row);
  const lapse = findLapse(id, row, ground);
  if (lapse) return lapse;
  const { hash, answer, confirmedBy } = request;
  if (hash !== row.approval.hash) {
    throw new Refusal('conflict', `what was shown is not what ${id} asks; look at ${id} again`, 'hash');
  }
  const allowed = answersFor[row.action.payload.kind];
  if (!allowed.includes(answer.kind)) {
    throw new Refusal('invalid', `${id} takes ${allowed.join(', ')}, not "${answer.kind}"`, 'answer');
  }
  if (answer.kind === 'decline') return undefined;
  if (confirmedBy === null) {
    throw new Refusal(
      'needs_owner',
      `only the owner can say yes to ${id}, and nobody confirmed it`,
      'confirmation',
    );
  }
  if (ground.stopped) {
    throw new Refusal('stopped', `everything is stopped; resume before you answer ${id}`, 'id');
  }
  return undefined;
}

function checkPending(id: string, { approval: { status, voidReason } }: ApprovalRow): void {
  if (status === 'pending') return;
  if (status === 'expired') {
    throw new Refusal('expired', `${id} has expired: ${voidReason ?? 'its time was up'}`, 'id');
  }
  throw new Refusal('conflict', `${id} was already ${status}; an approval is answered once`, 'id');
}

function findLapse(
  id: string,
  { approval, action, jorb }: ApprovalRow,
  ground: AnswerGround,
): Lapse | undefined {
  const lapse = (reason: string): Lapse => ({
    reason,
    refusal: new Refusal('expired', `${id} has expired: ${reason}`, 'id'),
  });
  if (ground.now >= approval.expiresAt) {
    return { ...lapse('its time was up'), reason: null };
  }
  if (isFinished(jorb.status)) return lapse(`the jorb is ${jorb.status}`);
  if (approval.contractVersion !== ground.contractVersion)
    return lapse('the contract has changed since it was asked');
  const recomputed = hashAction(toId('jorb', action.jorbId), action.contractVersion, action.payload);
  if (recomputed !== approval.hash || recomputed !== action.hash || action.jorbId !== approval.jorbId) {
    return lapse('what it asks about has changed');
  }
  return undefined;
}
