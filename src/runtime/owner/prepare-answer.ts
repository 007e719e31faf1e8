import { type Approval, type ApprovalAnswer, answersFor } from '../../domain/approval.ts';
import { readText } from '../../domain/read-fields.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { OwnerContext } from './context.ts';
import { longestText, readId, readOptionalText } from './input.ts';

/**
 * Checks that the approval can be answered so, and returns what to show the owner: with an edit, their
 * new text in the payload. The hash is that of the payload as it was asked, which the answer must name.
 */
export async function prepareAnswer(
  { store, clock, confirm }: Pick<OwnerContext, 'store' | 'clock' | 'confirm'>,
  request: { id: string; answer: ApprovalAnswer },
): Promise<{ approval: Approval; needsHuman: boolean }> {
  const id = readId('approval', request.id, 'id');
  const approval = await store.getApproval(id);
  if (approval === undefined) throw new Refusal('not_found', `there is no approval ${id}`, 'id');
  checkOpen(approval, clock.now());
  const answer = readAnswer(request.answer, approval);
  const needsHuman = answer.kind !== 'decline' && confirm !== 'host';
  return { approval: preview(approval, answer), needsHuman };
}

/** The answer as it will be stored. Refuses one that does not fit what was asked, and unfit text. */
export function readAnswer(answer: ApprovalAnswer, { id, action }: Approval): ApprovalAnswer {
  const allowed = answersFor[action.payload.kind];
  if (!allowed.includes(answer.kind)) {
    throw new Refusal(
      'invalid',
      `${id} cannot be answered with "${answer.kind}"; it takes ${allowed.join(', ')}`,
      'answer',
    );
  }
  switch (answer.kind) {
    case 'accept':
      return answer;
    case 'decline':
      return { kind: 'decline', text: readOptionalText(answer.text, 'text') };
    case 'edit':
    case 'answer':
      return { kind: answer.kind, text: readText(answer.text, 'text', longestText) };
  }
}

function checkOpen({ id, status, voidReason, expiresAt }: Approval, now: number): void {
  if (status === 'expired') {
    throw new Refusal('expired', `${id} has expired: ${voidReason ?? 'its time was up'}`, 'id');
  }
  if (status !== 'pending') {
    throw new Refusal('conflict', `${id} was already ${status}; an approval is answered once`, 'id');
  }
  if (expiresAt <= now) throw new Refusal('expired', `${id} has expired: its time was up`, 'id');
}

function preview(approval: Approval, answer: ApprovalAnswer): Approval {
  const { action } = approval;
  if (answer.kind !== 'edit' || action.payload.kind !== 'send_message') return approval;
  return { ...approval, action: { ...action, payload: { ...action.payload, text: answer.text } } };
}
