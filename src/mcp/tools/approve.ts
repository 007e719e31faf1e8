import { z } from 'zod';
import type { ApprovalAnswer } from '../../domain/approval.ts';
import { Refusal } from '../../domain/refusal.ts';
import { renderApproval } from '../../domain/render/approval.ts';
import { longestText } from '../../runtime/owner/input.ts';
import { type Confirmed, confirmAnswer, describeConfirmation } from '../confirm-answer.ts';
import { defineTool } from '../define-tool.ts';
import { fitAnswer } from '../fit-answer.ts';
import { approvalShape, presentApproval, shortenApproval } from '../present/approval.ts';
import { idField } from './fields.ts';

const input = z.strictObject({
  id: idField('approval_3'),
  answer: z
    .enum(['accept', 'edit', 'decline', 'answer'])
    .describe('edit: send text instead. answer: reply to a question with text'),
  text: z
    .string()
    .max(longestText)
    .optional()
    .describe('The person’s own words: the new message, the answer, or why they decline'),
});

export const approve = defineTool({
  name: 'approve',
  title: 'Answer an approval',
  description:
    'Pass on the person’s answer to a pending approval. Anything but decline takes effect only once a human confirms it, in a form the host shows or in a terminal; the result says which happened.',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input,
  output: z.object({
    outcome: z.enum(['answered', 'refused', 'needs_confirmation']),
    next: z.string(),
    approval: approvalShape,
  }),
  needsRuntime: () => true,
  async handle(face, args, call) {
    const answer = readAnswer(args);
    const heard = call.confirmations.hear(call);
    const confirmed = await confirmAnswer(face, call, { id: args.id, answer, heard });
    if (confirmed.kind === 'ask') return confirmed.result;
    const { kind, approval } = confirmed;
    const { clock } = face.owner;
    const timeZone = face.owner.timeZone();
    return fitAnswer((room) => {
      const shown = shortenApproval(approval, room);
      const isCut = JSON.stringify(shown) !== JSON.stringify(approval);
      const next = `${describeNext(confirmed)}${isCut ? ' Texts are cut here (…); the terminal shows them whole.' : ''}`;
      return {
        text: `${next}\n\n${renderApproval(shown, clock.now(), timeZone)}`,
        data: { outcome: kind, next, approval: presentApproval(shown) },
      };
    });
  },
});

function readAnswer({ answer, text }: z.infer<typeof input>): ApprovalAnswer {
  switch (answer) {
    case 'accept':
      if (text === undefined) return { kind: 'accept' };
      throw new Refusal('invalid', 'text does not go with accept; use edit to send another text', 'text');
    case 'decline':
      return { kind: 'decline', text: text ?? null };
    case 'edit':
    case 'answer':
      if (text !== undefined) return { kind: answer, text };
      throw new Refusal('invalid', `text is missing; with ${answer} it holds the person’s own words`, 'text');
  }
}

function describeNext(confirmed: Exclude<Confirmed, { kind: 'ask' }>): string {
  const { approval } = confirmed;
  switch (confirmed.kind) {
    case 'answered':
      return `${approval.id} is ${approval.status}; ${approval.jorb.id} is ${approval.jorb.status}.`;
    case 'refused':
      return `The person did not confirm it, so nothing has changed and ${approval.id} still waits. Ask them what they want instead.`;
    case 'needs_confirmation':
      return describeConfirmation(approval);
  }
}
