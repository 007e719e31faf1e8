import { and, eq, lt, lte, notExists, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { Delivery } from '../domain/message.ts';
import { given, isOneOf, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId } from './rows.ts';
import { outbox } from './tables/gate.ts';
import { address, jorb } from './tables/jorbs.ts';

const deliveryColumns = {
  id: outbox.id,
  actionId: outbox.actionId,
  jorbId: outbox.jorbId,
  channel: address.channel,
  address: address.address,
  optedOutAt: address.optedOutAt,
  key: outbox.key,
  text: outbox.text,
  hash: outbox.hash,
  status: outbox.status,
  attempts: outbox.attempts,
  availableAt: outbox.availableAt,
  sentAt: outbox.sentAt,
  error: outbox.error,
};

export type DeliveryRow = Omit<Delivery, 'id' | 'actionId' | 'jorbId'> & {
  id: number;
  actionId: number;
  jorbId: number;
  optedOutAt: number | null;
  hash: string;
};

export function toDelivery({ hash: _, optedOutAt: __, ...row }: DeliveryRow): Delivery {
  return {
    ...row,
    id: toId('outbox', row.id),
    actionId: toId('action', row.actionId),
    jorbId: toId('jorb', row.jorbId),
  };
}

/**
 * A queued message that may be looked at once its time has come, joined with its jorb: none of a jorb the
 * owner paused, and none while an older one of its jorb to the same address is still to leave.
 */
export function mayMove(db: Db) {
  const older = alias(outbox, 'older');
  return and(
    isWord(outbox.status, 'queued'),
    sql`not (${isWord(jorb.status, 'paused')} and ${isWord(jorb.pauseCause, 'owner')})`,
    notExists(
      db
        .select({ id: older.id })
        .from(older)
        .where(
          and(
            eq(older.addressId, outbox.addressId),
            lt(older.id, outbox.id),
            eq(older.jorbId, outbox.jorbId),
            isOneOf(older.status, ['queued', 'sending']),
          ),
        ),
    ),
  );
}

export type OutboxRows = ReturnType<typeof buildOutboxRows>;

export function buildOutboxRows(db: Db) {
  const select = () =>
    db.select(deliveryColumns).from(outbox).innerJoin(address, eq(address.id, outbox.addressId));
  const findDue = select()
    .innerJoin(jorb, eq(jorb.id, outbox.jorbId))
    .where(and(mayMove(db), lte(outbox.availableAt, slot('now'))))
    .orderBy(outbox.availableAt, outbox.id)
    .limit(1)
    .prepare();
  const findById = select()
    .where(eq(outbox.id, slot('id')))
    .prepare();
  const findLeft = select()
    .where(and(isWord(outbox.status, 'sending'), lt(outbox.leasedBy, slot('epoch'))))
    // The plus keeps SQLite from reading the whole table for the sake of its order.
    .orderBy(sql`+${outbox.id}`)
    .prepare();
  const lease = db
    .update(outbox)
    .set({ status: 'sending', leasedBy: given('epoch'), attempts: sql`${outbox.attempts} + 1` })
    .where(eq(outbox.id, slot('id')))
    .prepare();
  const postpone = db
    .update(outbox)
    .set({ availableAt: given('availableAt') })
    .where(eq(outbox.id, slot('id')))
    .prepare();
  const close = db
    .update(outbox)
    .set({
      status: given('status'),
      leasedBy: null,
      availableAt: sql`coalesce(${slot('availableAt')}, ${outbox.availableAt})`,
      sentAt: given('sentAt'),
      receipt: given('receipt'),
      error: given('error'),
    })
    .where(eq(outbox.id, slot('id')))
    .prepare();

  return {
    /** The message that has waited longest among those that may be looked at now. */
    findDue: (now: number): DeliveryRow | undefined => findDue.get({ now }),
    findById: (id: number): DeliveryRow | undefined => findById.get({ id }),
    listLeft: (epoch: number): DeliveryRow[] => findLeft.all({ epoch }),
    lease(row: DeliveryRow, epoch: number): DeliveryRow {
      lease.run({ id: row.id, epoch });
      return { ...row, status: 'sending', attempts: row.attempts + 1 };
    },
    postpone(id: number, availableAt: number): void {
      postpone.run({ id, availableAt });
    },
    close(
      id: number,
      end: {
        status: Delivery['status'];
        availableAt?: number;
        sentAt?: number;
        receipt?: string;
        error?: string;
      },
    ): void {
      const { status, availableAt = null, sentAt = null, receipt = null, error = null } = end;
      close.run({ id, status, availableAt, sentAt, receipt, error });
    },
  };
}
