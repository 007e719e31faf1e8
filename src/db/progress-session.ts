import { and, asc, desc, eq, lt, notExists, sql } from 'drizzle-orm';
import { isFinished, type JorbStatus, liveStatuses } from '../domain/jorb.ts';
import type { ProgressJorb, ProgressSession } from '../domain/progress.ts';
import { isOneOf, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildCountSession, type SessionRange } from './progress-counts.ts';
import { toId } from './rows.ts';
import { handoff, reset } from './tables/handoff.ts';
import { jorb } from './tables/jorbs.ts';

/** As many jorbs an entry lists with a handoff, and as many without. */
const mostJorbs = 200;

export type GatherSession = (resetRow: number, key: string) => ProgressSession;

/** What a reset puts on record, inside the caller's transaction. */
export function buildGatherSession(db: Db): GatherSession {
  const findReset = db
    .select()
    .from(reset)
    .where(eq(reset.id, slot('resetRow')))
    .prepare();
  const findRange = buildFindRange(db);
  const countSession = buildCountSession(db);
  const listHandedOver = buildListHandedOver(db);
  const listUnchanged = buildListUnchanged(db);

  return (resetRow, key) => {
    const row = findReset.get({ resetRow });
    if (!row) throw new Error(`there is no reset ${resetRow}`);
    const handedOver = listHandedOver(resetRow);
    // A long context is that of one jorb; the others are not asked.
    const unchanged = row.reason === 'interval' ? listUnchanged(resetRow) : { jorbs: [], more: 0 };
    const range = findRange(row);
    return {
      resetId: toId('reset', row.id),
      key,
      reason: row.reason,
      days: row.days,
      at: row.startedAt,
      since: range.since,
      jorbs: [...handedOver.jorbs, ...unchanged.jorbs],
      moreJorbs: handedOver.more + unchanged.more,
      counts: countSession(range),
    };
  };
}

type ResetRow = typeof reset.$inferSelect;

/** From the reset before, of all or of that jorb, to this one. */
function buildFindRange(db: Db): (row: ResetRow) => SessionRange {
  const before = { seq: reset.seq, since: reset.startedAt };
  const findBefore = db
    .select(before)
    .from(reset)
    .where(and(eq(reset.reason, 'interval'), lt(reset.id, slot('resetRow'))))
    .orderBy(desc(reset.id))
    .limit(1)
    .prepare();
  const findHandoff = db
    .select({ id: handoff.id, jorbId: handoff.jorbId })
    .from(handoff)
    .where(eq(handoff.resetId, slot('resetRow')))
    .limit(1)
    .prepare();
  const findBeforeOfJorb = db
    .select(before)
    .from(handoff)
    .innerJoin(reset, eq(reset.id, handoff.resetId))
    .where(
      and(
        eq(handoff.jorbId, slot('jorbRow')),
        lt(handoff.id, slot('handoffRow')),
        isWord(handoff.status, 'accepted'),
      ),
    )
    .orderBy(desc(handoff.id))
    .limit(1)
    .prepare();

  return ({ id, reason, seq: untilSeq, startedAt: until }) => {
    const own = reason === 'interval' ? undefined : findHandoff.get({ resetRow: id });
    const found = own
      ? findBeforeOfJorb.get({ jorbRow: own.jorbId, handoffRow: own.id })
      : findBefore.get({ resetRow: id });
    const { seq: afterSeq = 0, since = null } = found ?? {};
    return { jorbRow: own?.jorbId ?? null, afterSeq, untilSeq, since, until };
  };
}

type Listed = { jorbs: ProgressJorb[]; more: number };

/** The jorbs that were asked, whatever became of them since. */
function buildListHandedOver(db: Db): (resetRow: number) => Listed {
  const ofReset = eq(handoff.resetId, slot('resetRow'));
  const list = db
    .select({
      jorbRow: jorb.id,
      name: jorb.name,
      status: jorb.status,
      body: handoff.body,
      error: handoff.error,
    })
    .from(handoff)
    .innerJoin(jorb, eq(jorb.id, handoff.jorbId))
    .where(ofReset)
    .orderBy(asc(handoff.jorbId))
    .limit(mostJorbs)
    .prepare();
  const counted = db.select({ count: sql<number>`count(*)` }).from(handoff).where(ofReset).prepare();
  return (resetRow) => {
    const jorbs = list.all({ resetRow }).map(({ jorbRow, name, status, body, error }): ProgressJorb => {
      return { id: toId('jorb', jorbRow), name, status, account: readAccount({ status, body, error }) };
    });
    return { jorbs, more: (counted.get({ resetRow })?.count ?? 0) - jorbs.length };
  };
}

function readAccount({
  status,
  body,
  error,
}: Pick<typeof handoff.$inferSelect, 'body' | 'error'> & { status: JorbStatus }): ProgressJorb['account'] {
  if (body !== null) return { kind: 'handoff', handoff: body };
  if (isFinished(status)) return { kind: 'ended' };
  return { kind: 'failed', error: error ?? 'it was not written' };
}

/** Active jorbs in which nothing happened that was to be handed over, the first made first. */
function buildListUnchanged(db: Db): (resetRow: number) => Listed {
  const isUnchanged = and(
    isOneOf(jorb.status, liveStatuses),
    notExists(
      db
        .select({ id: handoff.id })
        .from(handoff)
        .where(and(eq(handoff.resetId, slot('resetRow')), eq(handoff.jorbId, jorb.id))),
    ),
  );
  const list = db
    .select({ jorbRow: jorb.id, name: jorb.name, status: jorb.status, since: jorb.lastActivityAt })
    .from(jorb)
    .where(isUnchanged)
    // The plus keeps SQLite from reading all jorbs for the sake of their order.
    .orderBy(sql`+${jorb.id}`)
    .limit(mostJorbs)
    .prepare();
  const counted = db.select({ count: sql<number>`count(*)` }).from(jorb).where(isUnchanged).prepare();
  return (resetRow) => {
    const jorbs = list.all({ resetRow }).map(({ jorbRow, name, status, since }): ProgressJorb => {
      return { id: toId('jorb', jorbRow), name, status, account: { kind: 'unchanged', since } };
    });
    return { jorbs, more: (counted.get({ resetRow })?.count ?? 0) - jorbs.length };
  };
}
