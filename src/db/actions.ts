import { eq } from 'drizzle-orm';
import type { Action, ActionStatus, Finding, Payload } from '../domain/action.ts';
import type { Consequence } from '../domain/contract.ts';
import { given, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId, toIdOrNull } from './rows.ts';
import { action } from './tables/gate.ts';

export type ActionRow = typeof action.$inferSelect;

export type NewAction = {
  jorbRow: number;
  turnRow: number | null;
  decisionRow: number | null;
  payload: Payload;
  hash: string;
  contractVersion: number;
  consequence: Consequence;
  findings: Finding[];
  causedBy: number | null;
  /** The action that the owner edited into this one. */
  editOf?: number;
};

export type ActionStatements = {
  /** Written as `proposed`: what becomes of it is decided in the same transaction. */
  createAction(values: NewAction, now: number): number;
  /** `refusal` is the text for the agent, null for none. */
  setActionStatus(actionRow: number, status: ActionStatus, refusal?: string | null): void;
  getActionRow(actionRow: number): ActionRow;
};

/** All of it runs inside the caller's transaction. */
export function buildActions(db: Db): ActionStatements {
  const insert = db
    .insert(action)
    .values({
      jorbId: slot('jorbRow'),
      turnId: slot('turnRow'),
      decisionId: slot('decisionRow'),
      payload: slot('payload'),
      hash: slot('hash'),
      contractVersion: slot('contractVersion'),
      consequence: slot('consequence'),
      findings: slot('findings'),
      status: 'proposed',
      causedBy: slot('causedBy'),
      editOf: slot('editOf'),
      createdAt: slot('now'),
    })
    .prepare();
  const setStatus = db
    .update(action)
    .set({ status: given('status'), refusal: given('refusal') })
    .where(eq(action.id, slot('id')))
    .prepare();
  const find = db
    .select()
    .from(action)
    .where(eq(action.id, slot('id')))
    .prepare();
  return {
    createAction: (values, now) => Number(insert.run({ editOf: null, ...values, now }).lastInsertRowid),
    setActionStatus: (actionRow, status, refusal = null) => {
      setStatus.run({ id: actionRow, status, refusal });
    },
    getActionRow(actionRow) {
      const row = find.get({ id: actionRow });
      if (!row) throw new Error(`there is no action ${actionRow}`);
      return row;
    },
  };
}

export function toAction({ editOf: _, ...row }: ActionRow): Action {
  return {
    ...row,
    id: toId('action', row.id),
    jorbId: toId('jorb', row.jorbId),
    turnId: toIdOrNull('turn', row.turnId),
    decisionId: toIdOrNull('decision', row.decisionId),
    causedBy: toIdOrNull('event', row.causedBy),
  };
}
