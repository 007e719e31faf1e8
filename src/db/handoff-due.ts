import { and, eq, lt, lte, not, or, type SQL, sql } from 'drizzle-orm';
import { hourMs } from '../lib/duration.ts';
import { isWord, slot, via } from './clauses.ts';
import type { Db } from './connection.ts';
import { handoff } from './tables/handoff.ts';
import { jorb } from './tables/jorbs.ts';
import { outage } from './tables/turns.ts';
import { hasRunningTurn } from './waking.ts';

/** Longer than anything here waits: what seems to wait longer was written before the clock was set back. */
const longestWaitMs = 4 * hourMs;

function isFar(column: typeof handoff.availableAt | typeof handoff.leasedUntil): SQL {
  return sql`${column} > ${slot('now')} + ${longestWaitMs}`;
}

/** A handoff that is due, where it is joined with its jorb. Of the slots it takes `now`. */
export function mayBeClaimed(db: Db): SQL | undefined {
  return and(
    isWord(handoff.status, 'due'),
    or(lte(handoff.availableAt, slot('now')), isFar(handoff.availableAt)),
    not(hasRunningTurn(db)),
  );
}

/** One that another runtime left; or this one, whose work on it came to nothing. It takes `epoch` and `now`. */
export function mayBeTakenUp(db: Db): SQL | undefined {
  return and(
    isWord(handoff.status, 'writing'),
    or(lt(handoff.leasedBy, slot('epoch')), lt(handoff.leasedUntil, slot('now')), isFar(handoff.leasedUntil)),
    not(hasRunningTurn(db)),
  );
}

/** When one is to be taken, for the driver, unless all is stopped. Each repeats the condition under which it is taken. */
export function buildHandoffDue(db: Db) {
  const retryAt = sql`coalesce((select ${outage.retryAt} from ${outage} where ${outage.id} = 1 and ${outage.fallbackAt} is null), 0)`;
  const due = and(isWord(handoff.status, 'due'), not(hasRunningTurn(db)));
  return [
    db
      .select({ at: sql<number | null>`max(${handoff.availableAt}, ${retryAt})` })
      .from(via(handoff, 'handoff_due'))
      .innerJoin(jorb, eq(jorb.id, handoff.jorbId))
      .where(and(due, not(isFar(handoff.availableAt))))
      .orderBy(handoff.availableAt)
      .limit(1)
      .prepare(),
    db
      .select({ at: sql<number | null>`${retryAt}` })
      .from(via(handoff, 'handoff_due'))
      .innerJoin(jorb, eq(jorb.id, handoff.jorbId))
      .where(and(due, isFar(handoff.availableAt)))
      .limit(1)
      .prepare(),
    db
      .select({
        at: sql<
          number | null
        >`min(max(iif(${handoff.leasedBy} < ${slot('epoch')} or ${isFar(handoff.leasedUntil)}, 0, ${handoff.leasedUntil} + 1), ${retryAt}))`,
      })
      .from(via(handoff, 'handoff_writing'))
      .innerJoin(jorb, eq(jorb.id, handoff.jorbId))
      .where(and(isWord(handoff.status, 'writing'), not(hasRunningTurn(db))))
      .prepare(),
  ];
}
