import { and, eq, gt, max, sql } from 'drizzle-orm';
import type { Money } from '../lib/money.ts';
import type { Mark } from './brief-news.ts';
import { isWord, rowIn, slot, via } from './clauses.ts';
import type { Db } from './connection.ts';
import { isNews } from './next-due.ts';
import { ledger, outbox } from './tables/gate.ts';
import { audit, auditCount } from './tables/owner.ts';
import { modelCall } from './tables/turns.ts';

/** As many entries are looked at in one step of the way back. */
const pageLength = 1000;

export type LookBack = {
  /** Where a brief that looks back to that instant begins. */
  findMark(since: number): Mark;
  sumCommitted(mark: Mark): Money[];
  /** Calls have no place in the audit: of these the clock decides. */
  sumModelCosts(since: number): number;
};

/**
 * What a mark would have held at an instant, inside the caller's transaction. The clock may have been set
 * meanwhile, so times may fall from one entry to the next: the brief begins after the last entry that is older
 * than the instant. What it costs grows with what happened since.
 */
export function buildLookBack(db: Db): LookBack {
  const newest = db
    .select({ seq: max(audit.seq) })
    .from(audit)
    .prepare();
  const lastOlder = db
    .select({ seq: max(audit.seq) })
    .from(audit)
    .where(
      sql`${audit.seq} > ${slot('from')} and ${audit.seq} <= ${slot('to')} and ${audit.at} < ${slot('since')}`,
    )
    .prepare();
  const counts = db.select().from(auditCount).prepare();
  const countsAfter = db
    .select({ what: audit.what, count: sql<number>`count(*)` })
    .from(audit)
    .where(gt(audit.seq, slot('seq')))
    .groupBy(audit.what)
    .prepare();
  const committed = db
    .select({ currency: ledger.currency, minor: sql<number>`sum(${ledger.minor})` })
    .from(audit)
    .innerJoin(outbox, eq(outbox.id, rowIn(audit.subject, 'outbox')))
    .innerJoin(ledger, eq(ledger.actionId, outbox.actionId))
    .where(
      and(
        isWord(audit.what, 'message.sent'),
        isNews(),
        gt(audit.seq, slot('seq')),
        isWord(ledger.status, 'settled'),
      ),
    )
    .groupBy(ledger.currency)
    .prepare();
  const modelCosts = db
    .select({ micros: sql<number>`coalesce(sum(${modelCall.costMicros}), 0)` })
    .from(via(modelCall, 'model_call_by_time'))
    .where(sql`${modelCall.at} >= ${slot('since')}`)
    .prepare();

  function findSeq(since: number): number {
    for (let to = newest.get()?.seq ?? 0; to > 0; to -= pageLength) {
      const seq = lastOlder.get({ from: to - pageLength, to, since })?.seq ?? null;
      if (seq !== null) return seq;
    }
    return 0;
  }

  return {
    findMark(since) {
      const seq = findSeq(since);
      const after = new Map(countsAfter.all({ seq }).map(({ what, count }) => [what, count]));
      const before = counts.all().map(({ what, count }) => [what, count - (after.get(what) ?? 0)]);
      return { seq, counts: Object.fromEntries(before) };
    },
    sumCommitted: ({ seq }) => committed.all({ seq }),
    sumModelCosts: (since) => modelCosts.get({ since })?.micros ?? 0,
  };
}
