import { and, eq, gt, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm';
import { liveStatuses } from '../domain/jorb.ts';
import { given, isOneOf, slot, via } from './clauses.ts';
import type { Db } from './connection.ts';
import { jorb } from './tables/jorbs.ts';

/** A jorb whose owner is to be asked some time whether it may go on. */
export function hasEnd(): SQL | undefined {
  return and(isNotNull(jorb.endsAt), isOneOf(jorb.status, liveStatuses));
}

/** No turn begins in a jorb that has been open for too long: its owner is asked before. */
export function isInTime(): SQL | undefined {
  return or(isNull(jorb.endsAt), gt(jorb.endsAt, slot('now')));
}

/** When the owner is next to be asked whether a jorb may go on. */
export function buildExtensionDue(db: Db) {
  return [
    db
      .select({ at: sql<number | null>`${jorb.endsAt}` })
      .from(via(jorb, 'jorb_ends'))
      .where(hasEnd())
      .orderBy(jorb.endsAt)
      .limit(1)
      .prepare(),
  ];
}

/** Inside the caller's transaction. Null: the owner is asked, or was. */
export function buildSetEndsAt(db: Db): (jorbRow: number, endsAt: number | null) => void {
  const set = db
    .update(jorb)
    .set({ endsAt: given('endsAt') })
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();
  return (jorbRow, endsAt) => {
    set.run({ jorbRow, endsAt });
  };
}
