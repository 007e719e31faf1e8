import { and, eq, isNotNull, lt, lte, max, not, sql } from 'drizzle-orm';
import type { TurnTrigger } from '../domain/turn.ts';
import { given, isWord, slot, via } from './clauses.ts';
import type { Db } from './connection.ts';
import { isInTime } from './ends-at.ts';
import { jorb } from './tables/jorbs.ts';
import { modelCall, turn } from './tables/turns.ts';
import type { TurnRow } from './turn-rows.ts';
import { hasRunningTurn } from './waking.ts';

/** Of as many that are due one is chosen to ask a model that is down. */
const mostProbes = 200;

export type Due = { jorbRow: number; trigger: TurnTrigger };

/** The jorbs that are due, and the turns that run, as a claim needs them. All of it runs inside the caller's transaction. */
export function buildDueTurns(db: Db) {
  const findLeft = db
    .select()
    .from(turn)
    .where(and(isWord(turn.status, 'running'), lt(turn.epoch, slot('epoch'))))
    // The plus keeps SQLite from reading the whole table for the sake of its order.
    .orderBy(sql`+${turn.id}`)
    .limit(1)
    .prepare();
  const findHung = db
    .select()
    .from(turn)
    .where(
      and(isWord(turn.status, 'running'), eq(turn.epoch, slot('epoch')), lt(turn.leasedUntil, slot('now'))),
    )
    .prepare();
  const adopt = db
    .update(turn)
    .set({ epoch: given('epoch'), leasedUntil: given('leasedUntil') })
    .where(eq(turn.id, slot('id')))
    .prepare();
  const selectDue = db
    .select({ id: sql<number>`${jorb.id}`, trigger: sql<TurnTrigger | null>`${jorb.dueTrigger}` })
    .from(via(jorb, 'jorb_due'))
    .where(
      and(
        isWord(jorb.status, 'running'),
        isNotNull(jorb.dueAt),
        lte(jorb.dueAt, slot('now')),
        isInTime(),
        not(hasRunningTurn(db)),
      ),
    )
    .orderBy(jorb.dueAt, jorb.id)
    .limit(slot('limit'))
    .prepare();
  const findLastAsked = db
    .select({ call: max(modelCall.id) })
    .from(modelCall)
    .where(eq(modelCall.jorbId, slot('jorbRow')))
    .prepare();
  const listDue = (now: number, limit: number): Due[] =>
    selectDue.all({ now, limit }).flatMap(({ id, trigger }) => (trigger ? [{ jorbRow: id, trigger }] : []));
  const clearDue = db
    .update(jorb)
    .set({ dueAt: null, dueTrigger: null })
    .where(eq(jorb.id, slot('id')))
    .prepare();
  const insert = db
    .insert(turn)
    .values({
      jorbId: slot('jorbRow'),
      status: 'running',
      triggers: sql`'[]'`,
      epoch: slot('epoch'),
      leasedUntil: slot('leasedUntil'),
      startedAt: slot('now'),
    })
    .returning()
    .prepare();
  const setTriggers = db
    .update(turn)
    .set({ triggers: given('triggers') })
    .where(eq(turn.id, slot('id')))
    .prepare();

  return {
    findLeft: (epoch: number): TurnRow | undefined => findLeft.get({ epoch }),
    listHung: (epoch: number, now: number): TurnRow[] => findHung.all({ epoch, now }),
    adopt(row: TurnRow, epoch: number, leasedUntil: number): TurnRow {
      adopt.run({ id: row.id, epoch, leasedUntil });
      return { ...row, epoch, leasedUntil };
    },
    findDue: (now: number): Due | undefined => listDue(now, 1)[0],
    /** Where one jorb's question is what the model fails at, another one's finds it well. */
    findLeastAsked: (now: number): Due | undefined =>
      listDue(now, mostProbes)
        .map((due) => ({ due, call: findLastAsked.get({ jorbRow: due.jorbRow })?.call ?? 0 }))
        .sort((one, other) => one.call - other.call)[0]?.due,
    clearDue(id: number): void {
      clearDue.run({ id });
    },
    open: (values: { jorbRow: number; epoch: number; leasedUntil: number; now: number }): TurnRow =>
      insert.get(values),
    setTriggers(id: number, triggers: TurnTrigger[]): void {
      setTriggers.run({ id, triggers: JSON.stringify(triggers) });
    },
  };
}
