import { type Finding, hashAction, type Payload } from '../domain/action.ts';
import { approvalLifetimeMs, computeRemindAt } from '../domain/approval.ts';
import type { Consequence } from '../domain/contract.ts';
import type { Actor } from '../domain/jorb.ts';
import { buildActions } from './actions.ts';
import type { AppendAudit } from './audit.ts';
import { slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId } from './rows.ts';
import { approval } from './tables/gate.ts';

export type Question = {
  jorbRow: number;
  /** The version in force, on which the payload was decided. */
  contractVersion: number;
  payload: Payload;
  consequence: Consequence;
  findings: Finding[];
  turnRow: number | null;
  decisionRow: number | null;
  /** The event whose words led to it, shown to the owner as a quotation. */
  causedBy: number | null;
  by: Actor;
};

export type Ask = (question: Question, now: number) => { actionRow: number; approvalRow: number };

/** Writes an action and the question about its exact bytes, inside the caller's transaction. */
export function buildAsk(db: Db, audit: AppendAudit): Ask {
  const actions = buildActions(db);
  const insertApproval = db
    .insert(approval)
    .values({
      actionId: slot('actionRow'),
      jorbId: slot('jorbRow'),
      hash: slot('hash'),
      contractVersion: slot('contractVersion'),
      status: 'pending',
      askedAt: slot('now'),
      remindAt: slot('remindAt'),
      expiresAt: slot('expiresAt'),
      quoteEventId: slot('causedBy'),
    })
    .returning({ id: approval.id })
    .prepare();
  return (question, now) => {
    const { by, ...values } = question;
    const { jorbRow, contractVersion, payload, consequence } = values;
    const hash = hashAction(toId('jorb', jorbRow), contractVersion, payload);
    const actionRow = actions.createAction({ ...values, hash }, now);
    actions.setActionStatus(actionRow, 'awaiting_approval');
    const { id: approvalRow } = insertApproval.get({
      ...values,
      actionRow,
      hash,
      now,
      remindAt: computeRemindAt(now, 0),
      expiresAt: now + approvalLifetimeMs,
    });
    audit({
      at: now,
      actor: by,
      what: 'approval.asked',
      jorbRow,
      subject: toId('approval', approvalRow),
      after: { action: toId('action', actionRow), kind: payload.kind, consequence, hash },
    });
    return { actionRow, approvalRow };
  };
}
