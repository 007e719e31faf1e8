import type { Approval, ApprovalAnswer, Confirmation } from '../../domain/approval.ts';
import { Refusal } from '../../domain/refusal.ts';
import { buildGate } from '../gate.ts';
import type { ConfirmMode, OwnerContext } from './context.ts';
import { readId } from './input.ts';
import { readAnswer } from './prepare-answer.ts';

/** Which roads to the owner count as the owner, in each mode. A terminal always does. */
const counts: Record<ConfirmMode, readonly Confirmation[]> = {
  human: ['elicitation', 'terminal'],
  strict: ['terminal'],
  host: ['elicitation', 'terminal', 'host'],
};

/**
 * Consumes the approval once. `hash` is of the bytes the owner saw, `confirmedBy` the road on which
 * they said yes; only a decline needs none. Rejects with `needs_owner` when that road does not count.
 */
export async function answerApproval(
  context: OwnerContext,
  request: { id: string; hash: string; answer: ApprovalAnswer; confirmedBy: Confirmation | null },
): Promise<Approval> {
  const id = readId('approval', request.id, 'id');
  const approval = await context.store.getApproval(id);
  if (approval === undefined) throw new Refusal('not_found', `there is no approval ${id}`, 'id');
  const answer = readAnswer(request.answer, approval);
  if (answer.kind !== 'decline') checkConfirmed(context.confirm, request.confirmedBy);
  const { hash, confirmedBy } = request;
  const answered = await buildGate(context).answer({ id, hash, answer, confirmedBy });
  context.written();
  return answered;
}

function checkConfirmed(mode: ConfirmMode, confirmedBy: Confirmation | null): void {
  if (confirmedBy !== null && counts[mode].includes(confirmedBy)) return;
  throw new Refusal(
    'needs_owner',
    confirmedBy === null
      ? 'only the owner can approve: they confirm it in their chat program or with `jorbs approve` in a terminal'
      : `with JORBS_CONFIRM=${mode} a yes by ${confirmedBy} does not count; the owner confirms with \`jorbs approve\` in a terminal`,
    'confirmation',
  );
}
