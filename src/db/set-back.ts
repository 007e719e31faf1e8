import { and, count, eq, gt, inArray, isNotNull, isNull, type max, ne, type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { maxOpenMs } from '../domain/extension.ts';
import { computeAvailableAt } from '../domain/policy/quiet-hours.ts';
import { type LongestWaits, type SetBackStore, toleratedMs } from '../domain/set-back.ts';
import { dayMs } from '../lib/duration.ts';
import { lazy } from '../lib/lazy.ts';
import { given, isWord, slot, via } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildContracts } from './contracts.ts';
import { hasEnd } from './ends-at.ts';
import type { StoreParts } from './parts.ts';
import { approval, ledger, outbox } from './tables/gate.ts';
import { batch } from './tables/inbox.ts';
import { jorb } from './tables/jorbs.ts';
import { mail } from './tables/mail.ts';
import { outage, turn } from './tables/turns.ts';

/** How many times of one kind were too far ahead, and by how much at most. */
type Found = { times: number; aheadMs: number };
type BringBack = (waits: LongestWaits, now: number) => Found;

/** Only the one process that runs prepares these statements. */
export function buildSetBackStore(db: Db, { audit, fenced }: StoreParts): SetBackStore {
  const kinds = lazy(() => buildKinds(db, audit));
  return {
    bringBackTimes: (fence, waits, now) =>
      fenced(fence, () => {
        const found = Object.entries(kinds())
          .map(([kind, bringBack]) => ({ kind, ...bringBack(waits, now) }))
          .filter(({ times }) => times > 0);
        if (found.length === 0) return 0;
        audit({
          at: now,
          actor: 'runtime',
          what: 'clock.set_back',
          jorbRow: null,
          subject: 'clock',
          after: {
            aheadMs: Math.max(...found.map(({ aheadMs }) => aheadMs)),
            times: Object.fromEntries(found.map(({ kind, times }) => [kind, times])),
          },
        });
        return found.reduce((sum, { times }) => sum + times, 0);
      }),
  };
}

/** In this order: which messages are looked at goes by the activity of their jorbs. */
function buildKinds(db: Db, audit: StoreParts['audit']): Record<string, BringBack> {
  const none = () => 0;
  return {
    outageSince: build(
      db,
      outage,
      { at: outage.since, where: eq(outage.id, 1), set: { since: given('latest') } },
      none,
    ),
    // Jorbs that wait for the model are told by the same time, so it has to stay the same.
    outageRetry: build(
      db,
      outage,
      { at: outage.retryAt, where: eq(outage.id, 1), set: { retryAt: given('latest') } },
      (waits) => waits.retryMs,
    ),
    turnDue: build(
      db,
      jorb,
      {
        at: jorb.dueAt,
        where: inArray(jorb.id, listFarTurns(db)),
        set: { dueAt: given('latest') },
      },
      (waits) => waits.retryMs,
    ),
    turnLease: build(
      db,
      turn,
      { at: turn.leasedUntil, where: isWord(turn.status, 'running'), set: { leasedUntil: given('latest') } },
      (waits) => waits.leaseMs,
    ),
    batchRelease: build(
      db,
      batch,
      {
        at: batch.releaseAt,
        where: isWord(batch.status, 'open'),
        set: { releaseAt: given('latest'), openedAt: notAfterNow(batch.openedAt) },
      },
      (waits) => waits.silenceMs,
    ),
    batchRoute: build(
      db,
      batch,
      {
        at: batch.routeAt,
        where: and(isWord(batch.status, 'released'), isNull(batch.routedAt)),
        set: { routeAt: given('latest') },
      },
      (waits) => waits.routeMs,
    ),
    delivery: buildDeliveries(db, audit),
    mail: build(
      db,
      mail,
      {
        at: mail.availableAt,
        where: isWord(mail.status, 'queued'),
        set: { availableAt: given('latest'), queuedAt: notAfterNow(mail.queuedAt) },
      },
      (waits) => waits.mailMs,
    ),
    // Its reminders and its end are as far from the asking as they were: nobody is asked for a year, nor for an hour.
    question: build(
      db,
      approval,
      {
        at: approval.askedAt,
        where: isWord(approval.status, 'pending'),
        set: {
          askedAt: given('latest'),
          remindAt: sql`${approval.remindAt} - ${approval.askedAt} + ${slot('latest')}`,
          expiresAt: sql`${approval.expiresAt} - ${approval.askedAt} + ${slot('latest')}`,
        },
      },
      none,
    ),
    jorbEnd: build(
      db,
      jorb,
      {
        at: jorb.endsAt,
        // An owner may have agreed to more than the usual: until a day after a deadline.
        where: and(hasEnd(), sql`${jorb.endsAt} > ${lateEnd} + ${toleratedMs}`),
        set: { endsAt: sql`max(${slot('latest')}, ${lateEnd})` },
      },
      () => maxOpenMs,
    ),
    // What was sent, or spent, counts against limits for as long from now on as it would have: never for less.
    message: build(
      db,
      outbox,
      {
        at: sql<number>`${outbox.at}`,
        where: sql`${outbox.jorbId} in (select ${jorb.id} from ${jorb} where ${jorb.lastActivityAt} > ${slot('far')})`,
        set: {
          sentAt: notAfterNow(outbox.sentAt),
          queuedAt: notAfterNow(outbox.queuedAt),
          availableAt: sql`iif(${isWord(outbox.status, 'queued')}, ${outbox.availableAt}, ${notAfterNow(outbox.availableAt)})`,
        },
      },
      none,
    ),
    spending: build(
      db,
      ledger,
      {
        at: ledger.at,
        where: and(sql`${ledger.approved} = 0`, ne(ledger.status, sql`'released'`)),
        set: { at: given('latest') },
      },
      none,
    ),
    activity: build(
      db,
      jorb,
      {
        at: jorb.lastActivityAt,
        set: {
          lastActivityAt: given('latest'),
          progressAt: notAfterNow(jorb.progressAt),
          updatedAt: notAfterNow(jorb.updatedAt),
        },
      },
      none,
    ),
  };
}

/** By their index: of all that runs SQLite would read the whole. */
function listFarTurns(db: Db) {
  return db
    .select({ id: sql<number>`${jorb.id}` })
    .from(via(jorb, 'jorb_due'))
    .where(and(isWord(jorb.status, 'running'), isNotNull(jorb.dueAt), gt(jorb.dueAt, slot('far'))));
}

const lateEnd = sql`coalesce(${jorb.deadlineAt} + ${dayMs}, 0)`;

function notAfterNow(column: SQL | Parameters<typeof max>[0]): SQL {
  return sql`min(${column}, ${slot('now')})`;
}

type Kind = { at: Parameters<typeof max>[0]; where?: SQL | undefined; set: Record<string, SQL> };

/** All times of a kind in one statement. Of the slots, `latest` is the latest that its rule allows. */
function build(
  db: Db,
  table: SQLiteTable,
  { at, where, set }: Kind,
  readWaitMs: (waits: LongestWaits) => number,
): BringBack {
  const isFar = and(where, gt(at, slot('far')));
  const find = db
    .select({ times: count(), at: sql<number | null>`max(${at})` })
    .from(table)
    .where(isFar)
    .prepare();
  const bringBack = db.update(table).set(set).where(isFar).prepare();
  return (waits, now) => {
    const latest = now + readWaitMs(waits);
    const given = { latest, far: latest + toleratedMs, now };
    const { times = 0, at: furthest = null } = find.get(given) ?? {};
    if (furthest !== null) bringBack.run(given);
    return { times, aheadMs: (furthest ?? latest) - latest };
  };
}

/** A queued message waits for another try, or for the end of quiet hours. Whether they hold it is looked at again when it leaves. */
function buildDeliveries(db: Db, audit: StoreParts['audit']): BringBack {
  const contracts = buildContracts(db, audit);
  const listFar = db
    .select({
      id: outbox.id,
      availableAt: outbox.availableAt,
      jorbRow: outbox.jorbId,
      version: jorb.contractVersion,
    })
    .from(outbox)
    .innerJoin(jorb, sql`${jorb.id} = ${outbox.jorbId}`)
    .where(and(isWord(outbox.status, 'queued'), gt(outbox.availableAt, slot('far'))))
    .prepare();
  const setAvailableAt = db
    .update(outbox)
    .set({ availableAt: given('availableAt') })
    .where(sql`${outbox.id} = ${slot('id')}`)
    .prepare();
  return ({ deliveryMs }, now) => {
    const latest = now + deliveryMs;
    const far = listFar.all({ far: latest + toleratedMs }).flatMap(({ jorbRow, version, ...row }) => {
      const { quietHours } = contracts.getContract(jorbRow, version);
      const allowedAt = Math.max(latest, computeAvailableAt(quietHours, now));
      return row.availableAt > allowedAt + toleratedMs ? [{ ...row, allowedAt }] : [];
    });
    for (const { id, allowedAt } of far) setAvailableAt.run({ id, availableAt: allowedAt });
    const aheadMs = Math.max(0, ...far.map(({ availableAt, allowedAt }) => availableAt - allowedAt));
    return { times: far.length, aheadMs };
  };
}
