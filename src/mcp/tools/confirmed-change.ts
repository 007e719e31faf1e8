import type { InputRequiredResult } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Approval } from '../../domain/approval.ts';
import type { JorbDetail } from '../../domain/jorb.ts';
import { renderApproval } from '../../domain/render/approval.ts';
import { renderContract } from '../../domain/render/contract.ts';
import { renderJorbState } from '../../domain/render/jorb.ts';
import type { Face } from '../../runtime/face.ts';
import { getJorb } from '../../runtime/owner/get-jorb.ts';
import { type Confirmed, confirmAnswer, describeConfirmation } from '../confirm-answer.ts';
import type { Heard } from '../confirmations.ts';
import type { ToolAnswer, ToolCall } from '../define-tool.ts';
import { fitAnswer } from '../fit-answer.ts';
import { contractShape, presentContract } from '../present/contract.ts';
import { jorbShape, presentJorb, shortenDetail } from '../present/jorb.ts';

/** What `create_jorb` and `steer_jorb` answer: what is in force, and what waits for a human. */
export const changeShape = z.object({
  next: z.string(),
  confirmation: z.enum(['not_needed', 'answered', 'refused', 'needs_confirmation']),
  approval_id: z.string().optional(),
  because: z.array(z.string()).optional(),
  asks_for: z.array(z.string()).optional().describe('Limits that hold only once a human confirms'),
  jorb: jorbShape,
  contract_version: z.int().min(0).max(1e9),
  contract: contractShape,
});

type Change = { detail: JorbDetail; approval: Approval | null };

/**
 * Makes the change once, and has the person confirm what no assistant may set alone. `make` is not
 * called on the second round of a confirmation: the change was made on the first.
 */
export async function confirmChange(
  face: Face,
  call: ToolCall,
  { participle, make }: { participle: string; make: () => Promise<Change & { done?: string }> },
): Promise<ToolAnswer<z.infer<typeof changeShape>> | InputRequiredResult> {
  const heard = call.confirmations.hear(call);
  const made = heard ? undefined : await make();
  const approvalId = heard?.approvalId ?? made?.approval?.id;
  if (approvalId === undefined) {
    if (!made) throw new Error('a change that was not made asks for nothing');
    return describeChange(face, { ...made, done: describeDone(made, participle) }, { kind: 'not_needed' });
  }
  const confirmed = await confirmAccept(face, call, { approvalId, heard });
  if (confirmed.kind === 'ask') return confirmed.result;
  const detail = await getJorb(face.owner, confirmed.approval.jorb.id);
  const done = describeDone({ ...made, detail }, participle);
  return describeChange(face, { detail, done }, confirmed);
}

function describeDone({ detail, done }: { detail: JorbDetail; done?: string }, participle: string): string {
  return done ?? `${detail.jorb.id} was ${participle}.`;
}

function confirmAccept(
  face: Face,
  call: ToolCall,
  { approvalId, heard }: { approvalId: string; heard: Heard | undefined },
): Promise<Confirmed> {
  return confirmAnswer(face, call, { id: approvalId, answer: { kind: 'accept' }, heard });
}

type Outcome = { kind: 'not_needed' } | Exclude<Confirmed, { kind: 'ask' }>;

function describeChange(
  face: Face,
  { detail: whole, done }: { detail: JorbDetail; done: string },
  outcome: Outcome,
): ToolAnswer<z.infer<typeof changeShape>> {
  const { clock } = face.owner;
  const timeZone = face.owner.timeZone();
  const { id, name } = whole.jorb;
  const next = `${done} ${describeOutcome(outcome, whole)}`;
  const waits =
    outcome.kind === 'needs_confirmation' || outcome.kind === 'refused' ? outcome.approval : undefined;
  const answer = fitAnswer((room) => {
    const detail = shortenDetail(whole, room);
    const { jorb, contract } = detail;
    const text = [
      next,
      `${id} “${name}”: ${renderJorbState(jorb)}`,
      [
        'In force now:',
        ...renderContract(contract, detail.counterparties, timeZone).map((line) => `- ${line}`),
      ].join('\n'),
      ...(waits ? [renderApproval(waits, clock.now(), timeZone)] : []),
    ];
    return {
      text: text.join('\n\n'),
      data: {
        next,
        confirmation: outcome.kind,
        ...(waits && presentAsked(waits, timeZone)),
        jorb: presentJorb(jorb, detail),
        contract_version: jorb.contractVersion,
        contract: presentContract(contract),
      },
    };
  });
  return { ...answer, link: { uri: `jorb://${id}`, name: id } };
}

function describeOutcome(outcome: Outcome, { jorb }: JorbDetail): string {
  switch (outcome.kind) {
    case 'not_needed':
      if (jorb.status === 'planning') return 'It does nothing until set_jorb_status starts it.';
      return jorb.status === 'running'
        ? 'It goes on by itself; ask brief or get_jorb what became of it.'
        : `It is ${jorb.status}; get_jorb says what it waits for.`;
    case 'answered':
      return 'The wider limits were confirmed and hold now.';
    case 'refused':
      return `The person did not confirm the wider limits: they do not hold, and ${outcome.approval.id} still waits${startsThen(outcome.approval)}.`;
    case 'needs_confirmation':
      return `The wider limits hold once they are confirmed${startsThen(outcome.approval)}. ${describeConfirmation(outcome.approval)}`;
  }
}

function presentAsked({ id, action }: Approval, timeZone: string): Partial<z.infer<typeof changeShape>> {
  const { payload, findings } = action;
  return {
    approval_id: id,
    because: findings.map((finding) => finding.because),
    asks_for: payload.kind === 'change_contract' ? renderContract(payload.contract, [], timeZone) : [],
  };
}

function startsThen({ action: { payload } }: Approval): string {
  return payload.kind === 'change_contract' && payload.startAfter ? ', and the jorb starts only then' : '';
}
