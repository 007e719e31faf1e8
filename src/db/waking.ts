import { and, eq, exists, isNotNull, isNull, lte, not, or, type SQL, sql } from 'drizzle-orm';
import { given, isOneOf, isWord, slot, via } from './clauses.ts';
import type { Db } from './connection.ts';
import type { JorbMoves } from './jorb-moves.ts';
import { buildIsStopped } from './stop.ts';
import { jorb, promise } from './tables/jorbs.ts';
import { turn } from './tables/turns.ts';

/** The most rows of a kind that one transaction moves, so that others get their turn. */
const mostAtOnce = 200;

/** Makes due the jorbs whose deadline, wake or promise has come, inside the caller's transaction. */
export function buildWakeJorbs(db: Db, moves: JorbMoves): (now: number) => number {
  const isStopped = buildIsStopped(db);
  const overdue = db
    .select({ id: sql<number>`${jorb.id}` })
    .from(via(jorb, 'jorb_deadline'))
    .where(and(isWord(jorb.status, 'running'), isNotNull(jorb.deadlineAt), lte(jorb.deadlineAt, slot('now'))))
    .limit(mostAtOnce)
    .prepare();
  const clearDeadline = db
    .update(jorb)
    .set({ deadlineAt: null })
    .where(eq(jorb.id, slot('id')))
    .prepare();
  const woken = db
    .select({ id: sql<number>`${jorb.id}` })
    .from(via(jorb, 'jorb_wake'))
    .where(and(mayWake(db), lte(jorb.wakeAt, slot('now'))))
    .limit(mostAtOnce)
    .prepare();
  const promised = db
    .select({ id: sql<number>`${promise.id}`, jorbRow: sql<number>`${promise.jorbId}` })
    .from(via(promise, 'promise_due'))
    .innerJoin(jorb, eq(jorb.id, promise.jorbId))
    .where(and(promiseMayWake(), lte(promise.dueAt, slot('now'))))
    .limit(mostAtOnce)
    .prepare();
  const setWoken = db
    .update(promise)
    .set({ wokenAt: given('now') })
    .where(eq(promise.id, slot('id')))
    .prepare();

  return (now) => {
    if (isStopped()) return 0;
    const late = overdue.all({ now });
    for (const { id } of late) {
      clearDeadline.run({ id });
      moves.makeDue(id, 'deadline', now);
    }
    const awake = woken.all({ now });
    for (const { id } of awake) moves.makeDue(id, 'wake', now);
    const due = promised.all({ now });
    for (const { id, jorbRow } of due) {
      setWoken.run({ id, now });
      moves.makeDue(jorbRow, 'wake', now);
    }
    return late.length + awake.length + due.length;
  };
}

/**
 * A jorb with a wake that no turn answers yet. The wake stands until such a turn has finished, so that the
 * turn knows what it is for, and one that is tried again knows it too.
 */
export function mayWake(db: Db): SQL | undefined {
  return and(
    isWord(jorb.status, 'running'),
    isNotNull(jorb.wakeAt),
    or(isNull(jorb.dueTrigger), isOneOf(jorb.dueTrigger, ['message', 'approval', 'guidance'])),
    not(hasRunningTurn(db)),
  );
}

/** A promise that is still to wake its jorb, where it is joined with one that runs. */
export function promiseMayWake(): SQL | undefined {
  return and(isToWake(), isWord(jorb.status, 'running'));
}

/** Whether the jorb of the outer statement has such a promise. */
export function hasPromiseToWake(db: Db): SQL {
  const ofJorb = and(eq(promise.jorbId, jorb.id), isToWake());
  return exists(db.select({ id: promise.id }).from(promise).where(ofJorb));
}

/** Open, with a time, and its jorb was not woken for it yet. */
function isToWake(): SQL | undefined {
  return and(isWord(promise.status, 'open'), isNotNull(promise.dueAt), isNull(promise.wokenAt));
}

export function hasRunningTurn(db: Db): SQL {
  const running = and(eq(turn.jorbId, jorb.id), isWord(turn.status, 'running'));
  return exists(db.select({ id: turn.id }).from(turn).where(running));
}
