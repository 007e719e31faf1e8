import { and, eq, ne, sql } from 'drizzle-orm';
import type { TurnTrigger } from '../domain/turn.ts';
import { given, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { approval } from './tables/gate.ts';
import { event } from './tables/inbox.ts';
import { guidance } from './tables/jorbs.ts';

export type TurnInputs = {
  /**
   * Marks what no turn of the jorb has seen as seen by this one, so that the turn has the same inputs
   * however often it is taken up. Returns the triggers that the marked rows stand for.
   */
  mark(jorbRow: number, turnRow: number): TurnTrigger[];
  /** The next turn sees them again. */
  unmark(jorbRow: number, turnRow: number): void;
  /** The messages the turn saw are handled. */
  handle(turnRow: number): void;
  /** Messages that came to a jorb after its last turn. */
  handleRest(jorbRow: number): void;
};

/** All of it runs inside the caller's transaction. */
export function buildTurnInputs(db: Db): TurnInputs {
  const markEvents = db
    .update(event)
    .set({ turnId: given('turnRow') })
    .where(
      and(eq(event.jorbId, slot('jorbRow')), isWord(event.status, 'routed'), sql`${event.turnId} is null`),
    )
    .prepare();
  const markApprovals = db
    .update(approval)
    .set({ turnId: given('turnRow') })
    .where(
      and(
        eq(approval.jorbId, slot('jorbRow')),
        ne(approval.status, sql`'pending'`),
        sql`${approval.turnId} is null`,
      ),
    )
    .prepare();
  const markGuidance = db
    .update(guidance)
    .set({ turnId: given('turnRow') })
    .where(and(eq(guidance.jorbId, slot('jorbRow')), sql`${guidance.turnId} is null`))
    .prepare();
  const unmarks = [
    db
      .update(event)
      .set({ turnId: null })
      .where(eq(event.turnId, slot('turnRow')))
      .prepare(),
    db
      .update(approval)
      .set({ turnId: null })
      .where(and(eq(approval.jorbId, slot('jorbRow')), eq(approval.turnId, slot('turnRow'))))
      .prepare(),
    db
      .update(guidance)
      .set({ turnId: null })
      .where(eq(guidance.turnId, slot('turnRow')))
      .prepare(),
  ];
  const handleSeen = db
    .update(event)
    .set({ status: 'handled' })
    .where(and(eq(event.turnId, slot('turnRow')), isWord(event.status, 'routed')))
    .prepare();
  const handleRest = db
    .update(event)
    .set({ status: 'handled' })
    .where(and(eq(event.jorbId, slot('jorbRow')), isWord(event.status, 'routed')))
    .prepare();

  return {
    mark(jorbRow, turnRow) {
      const triggers: [TurnTrigger, number][] = [
        ['message', markEvents.run({ jorbRow, turnRow }).changes],
        ['approval', markApprovals.run({ jorbRow, turnRow }).changes],
        ['guidance', markGuidance.run({ jorbRow, turnRow }).changes],
      ];
      return triggers.flatMap(([trigger, changes]) => (changes > 0 ? [trigger] : []));
    },
    unmark: (jorbRow, turnRow) => {
      for (const statement of unmarks) statement.run({ jorbRow, turnRow });
    },
    handle: (turnRow) => {
      handleSeen.run({ turnRow });
    },
    handleRest: (jorbRow) => {
      handleRest.run({ jorbRow });
    },
  };
}
