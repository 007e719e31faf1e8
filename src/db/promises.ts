import { and, eq, isNull, ne, or, type SQL } from 'drizzle-orm';
import type { OpenPromise } from '../domain/promise.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId, toIdOrNull } from './rows.ts';
import { address, promise } from './tables/jorbs.ts';

/** As many may be open in one jorb, and as many are shown. */
export const mostPromises = 50;

/** The open promises of a jorb, the first due first, inside the caller's transaction. */
export function buildListPromises(db: Db): (jorbRow: number) => OpenPromise[] {
  const select = selectPromises(db, isWord(promise.status, 'open'));
  return (jorbRow) => select.all({ jorbRow }).map(toPromise);
}

/** Those that were open when a turn began: without what it recorded, and with what it closed. */
export function buildListPromisesBefore(db: Db): (jorbRow: number, turnRow: number) => OpenPromise[] {
  const wasOpen = and(
    ne(promise.turnId, slot('turnRow')),
    or(isWord(promise.status, 'open'), eq(promise.closedTurnId, slot('turnRow'))),
  );
  const select = selectPromises(db, wasOpen);
  return (jorbRow, turnRow) => select.all({ jorbRow, turnRow }).map(toPromise);
}

function selectPromises(db: Db, condition: SQL | undefined) {
  return db
    .select({
      id: promise.id,
      by: promise.by,
      channel: address.channel,
      address: address.address,
      text: promise.text,
      dueAt: promise.dueAt,
      sourceEventId: promise.sourceEventId,
    })
    .from(promise)
    .innerJoin(address, eq(address.id, promise.addressId))
    .where(and(eq(promise.jorbId, slot('jorbRow')), condition))
    .orderBy(isNull(promise.dueAt), promise.dueAt, promise.id)
    .limit(mostPromises)
    .prepare();
}

type PromiseRow = Pick<OpenPromise, 'by' | 'text' | 'dueAt'> &
  OpenPromise['with'] & { id: number; sourceEventId: number | null };

function toPromise({ id, by, channel, address: at, text, dueAt, sourceEventId }: PromiseRow): OpenPromise {
  return {
    id: toId('promise', id),
    by,
    with: { channel, address: at },
    text,
    dueAt,
    sourceEventId: toIdOrNull('event', sourceEventId),
  };
}
