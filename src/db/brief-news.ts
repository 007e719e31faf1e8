import { and, desc, eq, gt, max } from 'drizzle-orm';
import type { ActivityCounts } from '../domain/brief.ts';
import type { AuditWhat } from './audit.ts';
import { slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { isNews } from './next-due.ts';
import { audit, auditCount } from './tables/owner.ts';

export type NewsRow = Pick<typeof audit.$inferSelect, 'seq' | 'at' | 'what' | 'jorbId' | 'subject' | 'after'>;

/** The last audit entry a brief told of, and how many there were of each kind. */
export type Mark = { seq: number; counts: Record<string, number> };

export type News = {
  /** Newest first: entries of that kind since the mark. What it costs does not grow with how many there are. */
  list(what: AuditWhat, limit: number): NewsRow[];
  count(what: AuditWhat): number;
  activity(): ActivityCounts;
  /** Where the next brief begins. */
  next: Mark;
};

export type ReadNews = (mark: Mark) => News;

/**
 * What happened since a mark, inside the caller's transaction. Writers follow one another, so the order of
 * entries is the order of commits: everything that commits later has a higher number, whatever its time.
 */
export function buildReadNews(db: Db): ReadNews {
  const newest = db
    .select({ seq: max(audit.seq) })
    .from(audit)
    .prepare();
  const counts = db.select().from(auditCount).prepare();
  const ofKind = db
    .select({
      seq: audit.seq,
      at: audit.at,
      what: audit.what,
      jorbId: audit.jorbId,
      subject: audit.subject,
      after: audit.after,
    })
    .from(audit)
    .where(and(eq(audit.what, slot('what')), isNews(), gt(audit.seq, slot('after'))))
    .orderBy(desc(audit.seq))
    .limit(slot('limit'))
    .prepare();
  return (mark) => {
    const now = Object.fromEntries(counts.all().map(({ what, count }) => [what, count]));
    const count = (what: AuditWhat) => (now[what] ?? 0) - (mark.counts[what] ?? 0);
    return {
      list: (what, limit) => (count(what) === 0 ? [] : ofKind.all({ what, after: mark.seq, limit })),
      count,
      activity: () => ({
        received: count('message.received'),
        sent: count('message.sent'),
        created: count('jorb.created'),
        completed: count('jorb.completed'),
        failed: count('jorb.failed'),
        cancelled: count('jorb.cancelled'),
        refused: count('action.refused'),
        asked: count('approval.asked'),
      }),
      next: { seq: newest.get()?.seq ?? 0, counts: now },
    };
  };
}
