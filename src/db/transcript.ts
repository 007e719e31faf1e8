import { and, asc, desc, eq, sql } from 'drizzle-orm';
import type { ChannelKind } from '../domain/contact.ts';
import type { EventStatus, Grade, OutboxStatus, TranscriptEntry, TranscriptPage } from '../domain/message.ts';
import type { PastMessage } from '../domain/turn.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildLateReplies } from './late-replies.ts';
import { toId, toRow } from './rows.ts';
import { outbox } from './tables/gate.ts';
import { conversation, event } from './tables/inbox.ts';
import { address, counterparty } from './tables/jorbs.ts';

export type Order = 'newest' | 'oldest';

export type Transcript = {
  /** Both directions, each message at the time it was received or sent. A finished page has no `nextOffset`. */
  readPage(jorbRow: number, page: { order: Order; limit: number; offset: number }): TranscriptPage;
  countMessages(jorbRow: number): { received: number; sent: number };
  findIn(eventRow: number): TranscriptEntry | undefined;
  findOut(outboxRow: number): TranscriptEntry | undefined;
};

type Row = {
  id: number;
  channel: ChannelKind;
  address: string;
  contactName: string | null;
  text: string;
  at: number | null;
  status: EventStatus | OutboxStatus;
  grade?: Grade;
};

/** Reads inside the caller's transaction. What a page costs does not grow with the length of the transcript. */
export function buildTranscript(db: Db): Transcript {
  const inbound = {
    newest: selectInbound(db)
      .where(isInJorb())
      .orderBy(desc(event.receivedAt), desc(event.id))
      .limit(slot('limit'))
      .prepare(),
    oldest: selectInbound(db)
      .where(isInJorb())
      .orderBy(asc(event.receivedAt), asc(event.id))
      .limit(slot('limit'))
      .prepare(),
  };
  const outbound = {
    newest: selectOutbound(db)
      .where(isOutJorb())
      .orderBy(desc(outbox.at), desc(outbox.id))
      .limit(slot('limit'))
      .prepare(),
    oldest: selectOutbound(db)
      .where(isOutJorb())
      .orderBy(asc(outbox.at), asc(outbox.id))
      .limit(slot('limit'))
      .prepare(),
  };
  const oneIn = selectInbound(db)
    .where(eq(event.id, slot('id')))
    .prepare();
  const oneOut = selectOutbound(db)
    .where(eq(outbox.id, slot('id')))
    .prepare();
  const counts = db
    .select({
      received: sql<number>`(select count(*) from ${event} where ${event.jorbId} = ${slot('jorbRow')})`,
      everQueued: sql<number>`(select count(*) from ${outbox} where ${outbox.jorbId} = ${slot('jorbRow')})`,
      sent: sql<number>`(select count(*) from ${outbox} where ${outbox.jorbId} = ${slot('jorbRow')} and ${isWord(outbox.status, 'sent')})`,
    })
    .from(sql`(select 1)`)
    .prepare();
  const late = buildLateReplies(db);
  const count = (jorbRow: number) => counts.get({ jorbRow }) ?? { received: 0, everQueued: 0, sent: 0 };

  function markLate(jorbRow: number, entries: TranscriptEntry[]): TranscriptEntry[] {
    const received = entries.filter(({ direction }) => direction === 'in');
    const found = late.find(
      jorbRow,
      received.map(({ id }) => toRow(id)),
    );
    const isLate = ({ direction, id }: TranscriptEntry) => direction === 'in' && found.has(toRow(id));
    return entries.map((entry) => (isLate(entry) ? { ...entry, isLate: true } : entry));
  }

  return {
    readPage(jorbRow, { order, limit, offset }) {
      const { received, everQueued } = count(jorbRow);
      const total = received + everQueued;
      const few = { jorbRow, limit: offset + limit };
      const entries = [
        ...inbound[order].all(few).map((row) => toEntry('in', row)),
        ...outbound[order].all(few).map((row) => toEntry('out', row)),
      ]
        .sort((a, b) => (order === 'oldest' ? a.at - b.at : b.at - a.at))
        .slice(offset, offset + limit);
      const end = offset + entries.length;
      return { entries: markLate(jorbRow, entries), total, nextOffset: end < total ? end : null };
    },
    countMessages: count,
    findIn: (eventRow) => mapRow(oneIn.get({ id: eventRow }), 'in'),
    findOut: (outboxRow) => mapRow(oneOut.get({ id: outboxRow }), 'out'),
  };
}

/** A jorb's inbound messages as entries, to be narrowed and ordered. */
export function selectInbound(db: Db) {
  return db
    .select({
      id: event.id,
      channel: address.channel,
      address: address.address,
      contactName: counterparty.name,
      text: event.text,
      at: event.receivedAt,
      status: event.status,
      grade: event.grade,
    })
    .from(event)
    .innerJoin(conversation, eq(conversation.id, event.conversationId))
    .innerJoin(address, eq(address.id, conversation.addressId))
    .leftJoin(
      counterparty,
      and(eq(counterparty.jorbId, event.jorbId), eq(counterparty.addressId, address.id)),
    );
}

/** Its outbound messages, likewise. */
export function selectOutbound(db: Db) {
  return db
    .select({
      id: outbox.id,
      channel: address.channel,
      address: address.address,
      contactName: counterparty.name,
      text: outbox.text,
      at: outbox.at,
      status: outbox.status,
    })
    .from(outbox)
    .innerJoin(address, eq(address.id, outbox.addressId))
    .leftJoin(
      counterparty,
      and(eq(counterparty.jorbId, outbox.jorbId), eq(counterparty.addressId, address.id)),
    );
}

const isInJorb = () => eq(event.jorbId, slot('jorbRow'));
const isOutJorb = () => eq(outbox.jorbId, slot('jorbRow'));

function mapRow(row: Row | undefined, direction: 'in' | 'out'): TranscriptEntry | undefined {
  return row && toEntry(direction, row);
}

/** As a turn sees it: with how sure it is who wrote it. */
export function toPastMessage(direction: 'in' | 'out', row: Row): PastMessage {
  return { ...toEntry(direction, row), grade: row.grade ?? null };
}

function toEntry(direction: 'in' | 'out', { id, contactName, at, grade: _, ...row }: Row): TranscriptEntry {
  return {
    ...row,
    direction,
    id: direction === 'in' ? toId('event', id) : toId('outbox', id),
    contactName: contactName ?? row.address,
    at: at ?? 0,
  };
}
