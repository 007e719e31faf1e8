import { and, eq, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import type { DuePromise, Upcoming } from '../domain/brief.ts';
import { dayMs } from '../lib/duration.ts';
import { isWord, slot, via } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId, toIdOrNull } from './rows.ts';
import { address, counterparty, jorb, promise } from './tables/jorbs.ts';

/** How far ahead a brief looks. */
const aheadMs = dayMs;
/** Beyond them promises are counted no further. */
const mostCounted = 1000;

/** Open promises that are overdue or due soon, the longest overdue first, inside the caller's transaction. */
export function buildListDuePromises(db: Db) {
  const isOpen = isWord(promise.status, 'open');
  // One index has those that are still to wake their jorb, another those that did.
  const ahead = db
    .select({ id: sql<number>`${promise.id}`, dueAt: sql<number>`${promise.dueAt}` })
    .from(via(promise, 'promise_due'))
    .where(and(isOpen, isNull(promise.wokenAt), isNotNull(promise.dueAt), lte(promise.dueAt, slot('until'))))
    .orderBy(promise.dueAt)
    .limit(mostCounted)
    .prepare();
  const woken = db
    .select({ id: sql<number>`${promise.id}`, dueAt: sql<number>`${promise.dueAt}` })
    .from(via(promise, 'promise_woken'))
    .where(and(isOpen, isNotNull(promise.wokenAt), lte(promise.dueAt, slot('until'))))
    .orderBy(promise.dueAt)
    .limit(mostCounted)
    .prepare();
  const find = db
    .select({
      id: promise.id,
      by: promise.by,
      channel: address.channel,
      address: address.address,
      contactName: counterparty.name,
      text: promise.text,
      dueAt: sql<number>`${promise.dueAt}`,
      sourceEventId: promise.sourceEventId,
      jorbId: promise.jorbId,
      jorbName: jorb.name,
    })
    .from(promise)
    .innerJoin(jorb, eq(jorb.id, promise.jorbId))
    .innerJoin(address, eq(address.id, promise.addressId))
    .leftJoin(
      counterparty,
      and(eq(counterparty.jorbId, promise.jorbId), eq(counterparty.addressId, address.id)),
    )
    .where(eq(promise.id, slot('id')))
    .prepare();

  return (now: number, limit: number): { promises: DuePromise[]; total: number } => {
    const until = now + aheadMs;
    const due = [...ahead.all({ until }), ...woken.all({ until })].sort(
      (a, b) => a.dueAt - b.dueAt || a.id - b.id,
    );
    const promises = due.slice(0, limit).flatMap(({ id }): DuePromise[] => {
      const row = find.get({ id });
      if (!row) return [];
      const { channel, address: at, sourceEventId, jorbId, ...rest } = row;
      return [
        {
          ...rest,
          id: toId('promise', id),
          with: { channel, address: at },
          sourceEventId: toIdOrNull('event', sourceEventId),
          jorbId: toId('jorb', jorbId),
        },
      ];
    });
    return { promises, total: due.length };
  };
}

/** Deadlines and wakes of the next day, the first first, inside the caller's transaction. */
export function buildListUpcoming(db: Db): (now: number, limit: number) => Upcoming[] {
  const select = (index: 'jorb_deadline' | 'jorb_wake', at: typeof jorb.deadlineAt | typeof jorb.wakeAt) =>
    db
      .select({
        id: sql<number>`${jorb.id}`,
        name: sql<string>`${jorb.name}`,
        at: sql<number>`${at}`,
        reason: sql<string | null>`${jorb.wakeReason}`,
      })
      .from(via(jorb, index))
      .where(
        and(
          isWord(jorb.status, 'running'),
          isNotNull(at),
          sql`${at} > ${slot('now')}`,
          sql`${at} <= ${slot('until')}`,
        ),
      )
      .orderBy(at)
      .limit(slot('limit'))
      .prepare();
  const deadlines = select('jorb_deadline', jorb.deadlineAt);
  const wakes = select('jorb_wake', jorb.wakeAt);
  return (now, limit) => {
    const window = { now, until: now + aheadMs, limit };
    const rows = [
      ...deadlines.all(window).map((row) => ({ ...row, kind: 'deadline' as const, reason: null })),
      ...wakes.all(window).map((row) => ({ ...row, kind: 'wake' as const })),
    ];
    return rows
      .sort((a, b) => a.at - b.at || a.id - b.id)
      .slice(0, limit)
      .map(({ id, name, at, kind, reason }) => ({
        at,
        jorbId: toId('jorb', id),
        jorbName: name,
        kind,
        reason,
      }));
  };
}
