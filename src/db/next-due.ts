import { and, desc, eq, exists, isNotNull, isNull, lt, min, not, type SQL, sql } from 'drizzle-orm';
import type { Outage } from '../domain/outage.ts';
import { toleratedMs } from '../domain/set-back.ts';
import { isWord, slot, via } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildExtensionDue, isInTime } from './ends-at.ts';
import { buildHandoffDue } from './handoff-due.ts';
import { buildMailDue } from './mails.ts';
import { buildNoticesDue } from './notices.ts';
import { buildFindOutage } from './outage.ts';
import { mayMove } from './outbox-rows.ts';
import { buildProgressDue } from './progress.ts';
import { buildScheduleDue } from './schedules.ts';
import { buildIsStopped } from './stop.ts';
import { approval, outbox } from './tables/gate.ts';
import { batch } from './tables/inbox.ts';
import { jorb, promise } from './tables/jorbs.ts';
import { audit } from './tables/owner.ts';
import { turn } from './tables/turns.ts';
import { hasPromiseToWake, hasRunningTurn, mayWake, promiseMayWake } from './waking.ts';

export type NextDue = (
  runtime: { epoch: number; staleMs: number | null; fallbackMs?: number | undefined },
  now: number,
) => number | undefined;

/** Reads inside the caller's transaction. Each part repeats the condition under which its work is taken. */
export function buildNextDue(db: Db): NextDue {
  const isStopped = buildIsStopped(db);
  const always = buildAlwaysDue(db);
  const unlessStopped = buildDueUnlessStopped(db);
  const findStaleAt = buildFindStaleAt(db);
  const findOutage = buildFindOutage(db);
  return ({ epoch, staleMs, fallbackMs }, now) => {
    const times = always.map((statement) => statement.get({ epoch, now })?.at);
    if (!isStopped()) {
      times.push(...unlessStopped.map((statement) => statement.get({ epoch, now })?.at));
      if (staleMs !== null) times.push(findStaleAt(staleMs, now));
      if (fallbackMs !== undefined) times.push(computeFallbackAt(findOutage(), fallbackMs));
    }
    const known = times.filter((at) => at !== null && at !== undefined);
    return known.length > 0 ? Math.min(...known) : undefined;
  };
}

/** What is taken even while everything is stopped: it has no effect outside. */
function buildAlwaysDue(db: Db) {
  const isPending = isWord(approval.status, 'pending');
  return [
    db
      .select({ at: min(batch.releaseAt) })
      .from(batch)
      .where(isWord(batch.status, 'open'))
      .prepare(),
    // One that a model is asked about, or is to be asked later; what another epoch asks about is free.
    db
      .select({
        at: sql<
          number | null
        >`min(case when ${batch.routeEpoch} <> ${slot('epoch')} then ${batch.releasedAt} else coalesce(${batch.routeAt}, ${batch.releasedAt}) end)`,
      })
      .from(batch)
      .where(and(isWord(batch.status, 'released'), isNull(batch.routedAt)))
      .prepare(),
    db
      .select({ at: min(approval.expiresAt) })
      .from(approval)
      .where(isPending)
      .prepare(),
    db
      .select({ at: min(approval.remindAt) })
      .from(approval)
      .where(and(isPending, isNotNull(approval.remindAt)))
      .prepare(),
    ...buildProgressDue(db),
    ...buildNoticesDue(db),
    ...buildScheduleDue(db),
    ...buildMailDue(db),
  ];
}

function buildDueUnlessStopped(db: Db) {
  const isRunning = isWord(jorb.status, 'running');
  return [
    ...buildExtensionDue(db),
    ...buildHandoffDue(db),
    db
      .select({ at: sql<number | null>`${jorb.dueAt}` })
      .from(via(jorb, 'jorb_due'))
      .where(and(isRunning, isNotNull(jorb.dueAt), isInTime(), not(hasRunningTurn(db))))
      .orderBy(jorb.dueAt)
      .limit(1)
      .prepare(),
    db
      .select({ at: sql<number | null>`${jorb.wakeAt}` })
      .from(via(jorb, 'jorb_wake'))
      .where(mayWake(db))
      .orderBy(jorb.wakeAt)
      .limit(1)
      .prepare(),
    db
      .select({ at: sql<number | null>`${promise.dueAt}` })
      .from(via(promise, 'promise_due'))
      .innerJoin(jorb, eq(jorb.id, promise.jorbId))
      .where(promiseMayWake())
      .orderBy(promise.dueAt)
      .limit(1)
      .prepare(),
    db
      .select({ at: min(jorb.deadlineAt) })
      .from(via(jorb, 'jorb_deadline'))
      .where(and(isRunning, isNotNull(jorb.deadlineAt)))
      .prepare(),
    // One of our own that has hung is taken once its lease is over.
    db
      .select({ at: sql<number | null>`min(${turn.leasedUntil}) + 1` })
      .from(turn)
      .where(and(isWord(turn.status, 'running'), eq(turn.epoch, slot('epoch'))))
      .prepare(),
    // One that an earlier runtime left is taken up at once.
    db
      .select({ at: turn.startedAt })
      .from(turn)
      .where(and(isWord(turn.status, 'running'), lt(turn.epoch, slot('epoch'))))
      .limit(1)
      .prepare(),
    db
      .select({ at: outbox.availableAt })
      .from(outbox)
      .innerJoin(jorb, eq(jorb.id, outbox.jorbId))
      .where(mayMove(db))
      .orderBy(outbox.availableAt)
      .limit(1)
      .prepare(),
  ];
}

/** When the fallback takes over, if it has not yet. */
function computeFallbackAt(outage: Outage | undefined, fallbackMs: number): number | undefined {
  return outage?.fallbackAt === null ? outage.since + fallbackMs : undefined;
}

/** A running jorb for which nothing is planned, and in which nothing is happening. */
export function isIdle(db: Db): SQL | undefined {
  return and(
    isWord(jorb.status, 'running'),
    isNull(jorb.dueAt),
    isNull(jorb.wakeAt),
    not(hasRunningTurn(db)),
    not(hasPromiseToWake(db)),
    not(hasPendingQuestion(db)),
  );
}

/** Whether the jorb of the outer statement waits for its owner. */
function hasPendingQuestion(db: Db): SQL {
  const ofJorb = and(eq(approval.jorbId, jorb.id), isWord(approval.status, 'pending'));
  return exists(db.select({ id: approval.id }).from(approval).where(ofJorb));
}

function buildFindStaleAt(db: Db) {
  const readResumedAt = buildReadResumedAt(db);
  const idleSince = db
    .select({ at: sql<number>`${jorb.lastActivityAt}` })
    .from(via(jorb, 'jorb_stale'))
    .where(isIdle(db))
    .orderBy(jorb.lastActivityAt)
    .limit(1)
    .prepare();
  return (staleMs: number, now: number): number | undefined => {
    const idle = idleSince.get();
    return idle && Math.max(idle.at, readResumedAt(now)) + staleMs;
  };
}

/** While everything is stopped nothing can happen in a jorb, so it goes stale from the end of the last stop on. */
export function buildReadResumedAt(db: Db): (now: number) => number {
  const last = db
    .select({ at: audit.at })
    .from(audit)
    .where(and(isWord(audit.what, 'owner.resumed'), isNews()))
    .orderBy(desc(audit.seq))
    .limit(1)
    .prepare();
  return (now) => {
    const at = last.get()?.at ?? 0;
    // By a clock that was ahead: nothing would go stale until then.
    return at > now + toleratedMs ? 0 : at;
  };
}

/** Said in a statement, SQLite can use the index of all kinds but the one that comes in bulk. */
export function isNews(): SQL {
  return sql`${audit.what} <> 'message.received'`;
}
