import { hashAction, type SendPayload } from '../domain/action.ts';
import type { EvaluateGate, Verdict } from '../domain/gate.ts';
import { Refusal } from '../domain/refusal.ts';
import type { ApprovalRow } from './approval-views.ts';
import type { Db } from './connection.ts';
import type { GateReader } from './gate-facts.ts';
import { buildQueueMessage, type QueueParts } from './queue-message.ts';
import { toId } from './rows.ts';

type Allowed = Extract<Verdict, { kind: 'allow' }>;

/**
 * Queues what the owner said yes to, in the transaction of the yes. It passes the gate once more: the
 * owner answers for consequence and price, not for a stop, a rate or a wish to be left alone.
 */
export function buildQueueApproved(db: Db, parts: QueueParts & { gate: GateReader }) {
  const { actions, gate } = parts;
  const queue = buildQueueMessage(db, parts);

  function judge(row: ApprovalRow, payload: SendPayload, evaluate: EvaluateGate, now: number): Allowed {
    const request = { payload, label: row.action.consequence, approved: true, confidence: 1 };
    const verdict = evaluate(request, gate.readFacts(row.jorb.id, payload.to, now));
    if (verdict.kind === 'allow') return verdict;
    throw refuse(row, verdict);
  }

  function enqueue(
    row: ApprovalRow,
    { actionRow, payload, hash }: { actionRow: number; payload: SendPayload; hash: string },
    { reservation, availableAt }: Allowed,
    now: number,
  ): void {
    const message = { actionRow, jorbRow: row.jorb.id, payload, hash, reservation, availableAt };
    const limit = queue({ ...message, by: 'owner' }, now);
    if (!limit) return;
    const what = limit === 'budget' ? 'what the jorb may commit in all' : 'what may be spent';
    throw new Refusal(
      'conflict',
      `${toId('approval', row.approval.id)} still waits: it would pass ${what}`,
      'id',
    );
  }

  return {
    /** Byte for byte what was shown, whatever the gate would make of it today. */
    asAsked(row: ApprovalRow, payload: SendPayload, evaluate: EvaluateGate, now: number): void {
      const verdict = judge(row, payload, evaluate, now);
      enqueue(row, { actionRow: row.action.id, payload, hash: row.action.hash }, verdict, now);
    },
    /** A new action with the owner's text: the old one keeps its bytes. */
    edited(row: ApprovalRow, edited: SendPayload, evaluate: EvaluateGate, now: number): void {
      const verdict = judge(row, edited, evaluate, now);
      const { payload, consequence, findings } = verdict;
      if (payload.kind !== 'send_message') throw new Error(`the gate made a ${payload.kind} of a message`);
      const {
        jorbId: jorbRow,
        turnId: turnRow,
        decisionId: decisionRow,
        contractVersion,
        causedBy,
        id,
      } = row.action;
      const hash = hashAction(toId('jorb', jorbRow), contractVersion, payload);
      const decided = { jorbRow, turnRow, decisionRow, contractVersion, causedBy };
      const values = { ...decided, payload, hash, consequence, findings, editOf: id };
      const actionRow = actions.createAction(values, now);
      enqueue(row, { actionRow, payload, hash }, verdict, now);
    },
  };
}

function refuse(row: ApprovalRow, verdict: Exclude<Verdict, { kind: 'allow' }>): Refusal {
  const id = toId('approval', row.approval.id);
  if (verdict.kind === 'ask') {
    const because = verdict.findings.map((finding) => finding.because).join('; ');
    return new Refusal('conflict', `${id} still waits: it is more than was asked (${because})`, 'id');
  }
  return new Refusal(
    verdict.rule === 'stop' ? 'stopped' : 'conflict',
    `${id} still waits: ${verdict.text}`,
    'id',
  );
}
