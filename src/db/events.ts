import { and, desc, eq, exists, or } from 'drizzle-orm';
import type { Address } from '../domain/contact.ts';
import type { Event } from '../domain/message.ts';
import { slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId, toIdOrNull } from './rows.ts';
import { outbox } from './tables/gate.ts';
import { conversation, event } from './tables/inbox.ts';
import { address, counterparty } from './tables/jorbs.ts';

/** The columns of an event with the address it came from. */
export const eventColumns = {
  id: event.id,
  channel: address.channel,
  address: address.address,
  account: event.account,
  externalId: event.externalId,
  conversationId: event.conversationId,
  batchId: event.batchId,
  jorbId: event.jorbId,
  text: event.text,
  inReplyTo: event.inReplyTo,
  status: event.status,
  receivedAt: event.receivedAt,
  grade: event.grade,
};

export type EventRow = Omit<Event, 'id' | 'conversationId' | 'batchId' | 'jorbId'> & {
  id: number;
  conversationId: number;
  batchId: number;
  jorbId: number | null;
};

export function toEvent(row: EventRow): Event {
  return {
    ...row,
    id: toId('event', row.id),
    conversationId: toId('conversation', row.conversationId),
    batchId: toId('batch', row.batchId),
    jorbId: toIdOrNull('jorb', row.jorbId),
  };
}

/** Every event with its address; the caller adds the condition. */
export function selectEvents(db: Db) {
  return db
    .select(eventColumns)
    .from(event)
    .innerJoin(conversation, eq(conversation.id, event.conversationId))
    .innerJoin(address, eq(address.id, conversation.addressId));
}

/** Whether an event exists and was given to that jorb: what evidence and sources must be. */
export type OwnsEvent = (jorbRow: number, eventRow: number) => boolean;

export function buildOwnsEvent(db: Db): OwnsEvent {
  const find = db
    .select({ id: event.id })
    .from(event)
    .where(and(eq(event.id, slot('eventRow')), eq(event.jorbId, slot('jorbRow'))))
    .prepare();
  return (jorbRow, eventRow) => find.get({ jorbRow, eventRow }) !== undefined;
}

/**
 * Whether an event can prove something to the owner: it was given to that jorb, and it is from whom the jorb
 * knows or has written to, or the owner gave it there. What a model alone has matched may be anybody's words.
 */
export function buildMayProve(db: Db): OwnsEvent {
  const known = db
    .select({ id: counterparty.jorbId })
    .from(counterparty)
    .where(and(eq(counterparty.jorbId, event.jorbId), eq(counterparty.addressId, conversation.addressId)));
  const writtenTo = db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(eq(outbox.jorbId, event.jorbId), eq(outbox.addressId, conversation.addressId)));
  const find = db
    .select({ id: event.id })
    .from(event)
    .innerJoin(conversation, eq(conversation.id, event.conversationId))
    .where(
      and(
        eq(event.id, slot('eventRow')),
        eq(event.jorbId, slot('jorbRow')),
        or(eq(conversation.jorbId, event.jorbId), exists(known), exists(writtenTo)),
      ),
    )
    .prepare();
  return (jorbRow, eventRow) => find.get({ jorbRow, eventRow }) !== undefined;
}

/** The newest message that a jorb got from an address. */
export type FindNewestEvent = (
  jorbRow: number,
  from: Address,
) => { id: number; batchRow: number } | undefined;

export function buildFindNewestEvent(db: Db): FindNewestEvent {
  const find = db
    .select({ id: event.id, batchRow: event.batchId })
    .from(event)
    .innerJoin(conversation, eq(conversation.id, event.conversationId))
    .innerJoin(address, eq(address.id, conversation.addressId))
    .where(
      and(
        eq(event.jorbId, slot('jorbRow')),
        eq(address.channel, slot('channel')),
        eq(address.address, slot('address')),
      ),
    )
    .orderBy(desc(event.id))
    .limit(1)
    .prepare();
  return (jorbRow, { channel, address: from }) => find.get({ jorbRow, channel, address: from });
}
