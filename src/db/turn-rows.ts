import { and, eq } from 'drizzle-orm';
import { type Fence, StaleEpoch } from '../domain/fence.ts';
import type { EffectOutcome, StoredStep } from '../domain/turn.ts';
import { given, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { outcome, step, turn } from './tables/turns.ts';

export type TurnRow = typeof turn.$inferSelect;

export type TurnRows = {
  /** The turn, if this runtime may write it: every write of a turn begins here. */
  requireTurn(fence: Fence, turnRow: number): TurnRow;
  extendLease(turnRow: number, leasedUntil: number): void;
  findOutcome(turnRow: number, position: number, call: number): EffectOutcome | undefined;
  /** The first one holds. */
  saveOutcome(turnRow: number, at: { position: number; call: number }, body: EffectOutcome): void;
  findDecisionRow(turnRow: number, position: number): number | undefined;
  listSteps(turnRow: number): StoredStep[];
};

/** All of it runs inside the caller's transaction. */
export function buildTurnRows(db: Db): TurnRows {
  const find = db
    .select()
    .from(turn)
    .where(eq(turn.id, slot('turnRow')))
    .prepare();
  const extend = db
    .update(turn)
    .set({ leasedUntil: given('leasedUntil') })
    .where(eq(turn.id, slot('turnRow')))
    .prepare();
  const findOutcome = db
    .select({ body: outcome.body })
    .from(outcome)
    .where(
      and(
        eq(outcome.turnId, slot('turnRow')),
        eq(outcome.position, slot('position')),
        eq(outcome.call, slot('call')),
      ),
    )
    .prepare();
  const insertOutcome = db
    .insert(outcome)
    .values({
      turnId: slot('turnRow'),
      position: slot('position'),
      call: slot('call'),
      body: slot('body'),
    })
    .onConflictDoNothing()
    .prepare();
  const findStep = db
    .select({ decisionRow: step.decisionId })
    .from(step)
    .where(and(eq(step.turnId, slot('turnRow')), eq(step.position, slot('position'))))
    .prepare();
  const steps = db
    .select({ position: step.position, answer: step.answer })
    .from(step)
    .where(eq(step.turnId, slot('turnRow')))
    .orderBy(step.position)
    .prepare();
  const outcomes = db
    .select({ position: outcome.position, call: outcome.call, body: outcome.body })
    .from(outcome)
    .where(eq(outcome.turnId, slot('turnRow')))
    .orderBy(outcome.position, outcome.call)
    .prepare();

  return {
    requireTurn(fence, turnRow) {
      const row = find.get({ turnRow });
      if (!row) throw new Error(`there is no turn ${turnRow}`);
      if (row.status !== 'running' || row.epoch !== fence.epoch) {
        throw new StaleEpoch(`turn_${turnRow} is ${row.status} under epoch ${row.epoch}, not ${fence.epoch}`);
      }
      return row;
    },
    extendLease: (turnRow, leasedUntil) => {
      extend.run({ turnRow, leasedUntil });
    },
    findOutcome: (turnRow, position, call) => findOutcome.get({ turnRow, position, call })?.body,
    saveOutcome: (turnRow, { position, call }, body) => {
      insertOutcome.run({ turnRow, position, call, body });
    },
    findDecisionRow: (turnRow, position) => findStep.get({ turnRow, position })?.decisionRow,
    listSteps(turnRow) {
      const stored = outcomes.all({ turnRow });
      return steps.all({ turnRow }).map(({ position, answer }) => ({
        answer,
        outcomes: new Map(
          stored.filter((each) => each.position === position).map(({ call, body }) => [call, body]),
        ),
      }));
    },
  };
}
