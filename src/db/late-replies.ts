import { and, eq, sql } from 'drizzle-orm';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { event } from './tables/inbox.ts';
import { notice } from './tables/mail.ts';
import { audit } from './tables/owner.ts';

export type LateReplies = {
  /** Which of these messages of the jorb came when it was over: no turn has seen them. */
  find(jorbRow: number, eventRows: readonly number[]): Set<number>;
  count(jorbRow: number): number;
};

/** Found by the notices of a jorb, each of which has the number of its audit entry. Reads inside the caller's transaction. */
export function buildLateReplies(db: Db): LateReplies {
  const subjects = db
    .select({ subject: notice.subject })
    .from(notice)
    .where(and(eq(notice.jorbId, slot('jorbRow')), isWord(notice.kind, 'late_reply')));
  // The plus: the messages are found by their ids. The notices are read once for all of them.
  const find = db
    .select({ id: event.id })
    .from(event)
    .where(
      and(
        sql`${event.id} in (select value from json_each(${slot('eventRows')}))`,
        sql`+${event.jorbId} = ${slot('jorbRow')}`,
        sql`'batch_' || ${event.batchId} in ${subjects}`,
      ),
    )
    .prepare();
  const count = db
    .select({ messages: sql<number>`coalesce(sum(json_array_length(${audit.after}, '$.events')), 0)` })
    .from(notice)
    .innerJoin(audit, eq(audit.seq, notice.seq))
    .where(and(eq(notice.jorbId, slot('jorbRow')), isWord(notice.kind, 'late_reply')))
    .prepare();
  return {
    find: (jorbRow, eventRows) =>
      new Set(find.all({ jorbRow, eventRows: JSON.stringify(eventRows) }).map(({ id }) => id)),
    count: (jorbRow) => count.get({ jorbRow })?.messages ?? 0,
  };
}
