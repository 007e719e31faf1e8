import type { InputRequiredResult } from '@modelcontextprotocol/server';
import type { Approval, ApprovalAnswer } from '../domain/approval.ts';
import { renderApproval } from '../domain/render/approval.ts';
import { renderExact } from '../domain/render/quote.ts';
import type { Face } from '../runtime/face.ts';
import { answerApproval } from '../runtime/owner/answer-approval.ts';
import { prepareAnswer } from '../runtime/owner/prepare-answer.ts';
import type { Heard } from './confirmations.ts';
import type { ToolCall } from './define-tool.ts';

/**
 * `answered`: it is done. `refused`: the person saw it and did not say yes, so nothing changed.
 * `needs_confirmation`: nobody has seen it yet. `ask`: the host asks the person and calls again.
 */
export type Confirmed =
  | { kind: 'answered' | 'refused' | 'needs_confirmation'; approval: Approval }
  | { kind: 'ask'; result: InputRequiredResult };

/**
 * Answers an approval if a human says so. That a model calls this proves nothing: an acceptance counts
 * when the person accepted the host's form that showed these very bytes, or when the owner decided
 * that the host's own permission dialog is enough (`JORBS_CONFIRM=host`).
 */
export async function confirmAnswer(
  face: Face,
  call: ToolCall,
  request: { id: string; answer: ApprovalAnswer; heard: Heard | undefined },
): Promise<Confirmed> {
  const { id, answer, heard } = request;
  const { approval, needsHuman } = await prepareAnswer(face.owner, { id, answer });
  if (heard) {
    if (!heard.accepted) return { kind: 'refused', approval };
    return answered(face, { id, hash: heard.hash, answer, confirmedBy: 'elicitation' });
  }
  const { hash } = approval;
  if (!needsHuman) {
    return answered(face, { id, hash, answer, confirmedBy: answer.kind === 'decline' ? null : 'host' });
  }
  if (face.owner.confirm !== 'human' || !call.canElicit) return { kind: 'needs_confirmation', approval };
  const message = renderQuestion(approval, answer, face);
  return { kind: 'ask', result: call.confirmations.ask(call, approval, message) };
}

/** How the owner confirms without their host's help. Nothing that a model could use is in it. */
export function describeConfirmation(approval: Approval): string {
  return `Only the owner can confirm this: they run \`jorbs approve ${approval.id}\` in a terminal. Nothing of it happens until then.`;
}

async function answered(face: Face, request: Parameters<typeof answerApproval>[1]): Promise<Confirmed> {
  return { kind: 'answered', approval: await answerApproval(face.owner, request) };
}

/** What the person reads in the form: the approval in full, and what their yes would do. */
function renderQuestion(approval: Approval, answer: ApprovalAnswer, { owner }: Face): string {
  const shown = renderApproval(approval, owner.clock.now(), owner.timeZone());
  return `${shown}\n\n${describeYes(answer)}`;
}

function describeYes(answer: ApprovalAnswer): string {
  switch (answer.kind) {
    case 'answer':
      return `Accept to answer with exactly these words:\n${renderExact(answer.text)}`;
    case 'edit':
      return 'The text above is your edit. Accept to send exactly that.';
    default:
      return 'Accept to approve exactly this. Anything else changes nothing.';
  }
}
