import { and, eq, sql } from 'drizzle-orm';
import { readOptOut } from '../domain/contact.ts';
import { computeReleaseAt } from '../domain/debounce.ts';
import type { Inbound, InboxStore } from '../domain/message.ts';
import { given, isWord, slot } from './clauses.ts';
import { buildGroupedWrite, type Db, read } from './connection.ts';
import { type EventRow, selectEvents, toEvent } from './events.ts';
import type { StoreParts } from './parts.ts';
import { toId } from './rows.ts';
import { batch, conversation, event } from './tables/inbox.ts';
import { address } from './tables/jorbs.ts';

type Place = {
  addressRow: number;
  optedOutAt: number | null;
  conversationRow: number;
  open: { id: number; openedAt: number; releaseAt: number } | null;
};

/** Takes the transaction back when the message turns out to be known: then nothing was to be written. */
class KnownMessage extends Error {}

/**
 * Stores one inbound message with its conversation and open batch. Every message takes this path, so it is
 * few statements: beside the message and its audit, one to find its place and one to move its batch.
 */
export function buildReceiveEvent(db: Db, { audit }: StoreParts): InboxStore['receiveEvent'] {
  const grouped = buildGroupedWrite(db);
  const places = buildPlaces(db);
  const switchOptOut = buildOptOut(db, audit);
  const findKnown = selectEvents(db)
    .where(
      and(
        eq(event.channel, slot('channel')),
        eq(event.account, slot('account')),
        eq(event.externalId, slot('externalId')),
      ),
    )
    .prepare();
  const findReleaseAt = db
    .select({ releaseAt: batch.releaseAt })
    .from(batch)
    .where(eq(batch.id, slot('batchRow')))
    .prepare();
  const insert = db
    .insert(event)
    .values({
      channel: slot('channel'),
      account: slot('account'),
      externalId: slot('externalId'),
      conversationId: slot('conversationId'),
      batchId: slot('batchId'),
      text: slot('text'),
      inReplyTo: slot('inReplyTo'),
      sentAt: slot('sentAt'),
      receivedAt: slot('receivedAt'),
      grade: slot('grade'),
      status: sql`'batched'`,
    })
    .onConflictDoNothing()
    .prepare();

  function store(inbound: Inbound, silenceMs: number, now: number) {
    const place = places.findOrCreate(inbound);
    const { batchRow, releaseAt } = places.openBatch(place, silenceMs, now);
    const stored = insert.run({
      ...inbound,
      conversationId: place.conversationRow,
      batchId: batchRow,
      receivedAt: now,
    });
    if (stored.changes === 0) throw new KnownMessage();
    const row: EventRow = {
      id: Number(stored.lastInsertRowid),
      channel: inbound.channel,
      address: inbound.from,
      account: inbound.account,
      externalId: inbound.externalId,
      conversationId: place.conversationRow,
      batchId: batchRow,
      jorbId: null,
      text: inbound.text,
      inReplyTo: inbound.inReplyTo,
      status: 'batched',
      receivedAt: now,
      grade: inbound.grade,
    };
    const subject = toId('event', row.id);
    audit({ at: now, actor: 'runtime', what: 'message.received', jorbRow: null, subject });
    switchOptOut(place, inbound.text, now);
    return { event: toEvent(row), isNew: true, releaseAt };
  }

  function findStored({ channel, account, externalId }: Inbound) {
    const row = findKnown.get({ channel, account, externalId });
    if (!row) throw new Error(`message ${externalId} was known and is gone`);
    const releaseAt = findReleaseAt.get({ batchRow: row.batchId })?.releaseAt ?? row.receivedAt;
    return { event: toEvent(row), isNew: false, releaseAt };
  }

  return async (inbound, silenceMs, now) => {
    try {
      return await grouped(() => store(inbound, silenceMs, now));
    } catch (error) {
      if (!(error instanceof KnownMessage)) throw error;
      return read(db, () => findStored(inbound));
    }
  };
}

type OpenBatch = { batchRow: number; releaseAt: number };

function buildPlaces(db: Db) {
  const findPlace = db
    .select({
      addressRow: address.id,
      optedOutAt: address.optedOutAt,
      conversationRow: conversation.id,
      open: { id: batch.id, openedAt: batch.openedAt, releaseAt: batch.releaseAt },
    })
    .from(address)
    .leftJoin(
      conversation,
      and(eq(conversation.addressId, address.id), eq(conversation.account, slot('account'))),
    )
    .leftJoin(batch, and(eq(batch.conversationId, conversation.id), isWord(batch.status, 'open')))
    .where(and(eq(address.channel, slot('channel')), eq(address.address, slot('from'))))
    .prepare();
  const insertAddress = db
    .insert(address)
    .values({ channel: slot('channel'), address: slot('from') })
    .prepare();
  const insertConversation = db
    .insert(conversation)
    .values({ addressId: slot('addressRow'), account: slot('account') })
    .prepare();
  const insertBatch = db
    .insert(batch)
    .values({
      conversationId: slot('conversationRow'),
      status: sql`'open'`,
      openedAt: slot('now'),
      releaseAt: slot('releaseAt'),
    })
    .prepare();
  const moveBatch = db
    .update(batch)
    .set({ releaseAt: given('releaseAt') })
    .where(eq(batch.id, slot('id')))
    .prepare();

  return {
    findOrCreate({ channel, from, account }: Inbound): Place {
      const known = findPlace.get({ channel, from, account });
      const addressRow = known?.addressRow ?? Number(insertAddress.run({ channel, from }).lastInsertRowid);
      const conversationRow =
        known?.conversationRow ?? Number(insertConversation.run({ addressRow, account }).lastInsertRowid);
      const { optedOutAt = null, open = null } = known ?? {};
      return { addressRow, optedOutAt, conversationRow, open };
    },
    openBatch({ conversationRow, open }: Place, silenceMs: number, now: number): OpenBatch {
      const releaseAt = computeReleaseAt(open?.openedAt ?? now, now, silenceMs);
      if (!open) {
        const { lastInsertRowid } = insertBatch.run({ conversationRow, now, releaseAt });
        return { batchRow: Number(lastInsertRowid), releaseAt };
      }
      if (releaseAt !== open.releaseAt) moveBatch.run({ id: open.id, releaseAt });
      return { batchRow: open.id, releaseAt };
    },
  };
}

/** Keeps an address's wish to be left alone, or its taking back. The message itself still flows. */
function buildOptOut(db: Db, audit: StoreParts['audit']) {
  const set = db
    .update(address)
    .set({ optedOutAt: given('optedOutAt') })
    .where(eq(address.id, slot('id')))
    .prepare();
  return ({ addressRow, optedOutAt }: Place, text: string, now: number): void => {
    const wish = readOptOut(text);
    if (wish === undefined || (wish === 'stop') === (optedOutAt !== null)) return;
    set.run({ id: addressRow, optedOutAt: wish === 'stop' ? now : null });
    const what = wish === 'stop' ? 'address.opted_out' : 'address.opted_in';
    audit({ at: now, actor: 'runtime', what, jorbRow: null, subject: toId('address', addressRow) });
  };
}
