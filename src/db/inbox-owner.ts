import { and, count, desc, eq, notExists } from 'drizzle-orm';
import { isLive, liveStatuses } from '../domain/jorb.ts';
import type { InboxItem, InboxStore } from '../domain/message.ts';
import { Refusal } from '../domain/refusal.ts';
import type { AppendAudit } from './audit.ts';
import { given, isOneOf, isWord, slot } from './clauses.ts';
import { type Db, read, write } from './connection.ts';
import { eventColumns, selectEvents, toEvent } from './events.ts';
import type { JorbMoves } from './jorb-moves.ts';
import { found, toId, toRow } from './rows.ts';
import { batch, conversation, event } from './tables/inbox.ts';
import { address, counterparty, jorb } from './tables/jorbs.ts';

const mostCandidates = 5;

const notSure = 'no rule decides, and the model is not sure enough';

export function buildListInbox(db: Db): InboxStore['listInbox'] {
  const readInbox = buildReadInbox(db);
  return (page) => read(db, () => readInbox(page));
}

export type ReadInbox = (page: { limit: number; offset: number }) => { items: InboxItem[]; total: number };

/** Reads inside the caller's transaction. */
export function buildReadInbox(db: Db): ReadInbox {
  const findCandidates = buildCandidates(db);
  const select = db
    .select({
      ...eventColumns,
      addressRow: address.id,
      reason: batch.routeReason,
      suggestedRow: batch.suggestedJorbId,
      suggestedConfidence: batch.suggestedConfidence,
    })
    .from(event)
    .innerJoin(batch, eq(batch.id, event.batchId))
    .innerJoin(conversation, eq(conversation.id, event.conversationId))
    .innerJoin(address, eq(address.id, conversation.addressId))
    .where(isWord(event.status, 'unmatched'))
    .orderBy(desc(event.id))
    .limit(slot('limit'))
    .offset(slot('offset'))
    .prepare();
  const counted = db
    .select({ total: count() })
    .from(event)
    .where(isWord(event.status, 'unmatched'))
    .prepare();
  const findName = db
    .select({ name: counterparty.name })
    .from(counterparty)
    .where(eq(counterparty.addressId, slot('addressRow')))
    .orderBy(desc(counterparty.jorbId))
    .limit(1)
    .prepare();

  const findSuggested = db
    .select({ name: jorb.name, status: jorb.status })
    .from(jorb)
    .where(eq(jorb.id, slot('suggestedRow')))
    .prepare();

  /** With a suggestion, the row's reason is the model's. */
  function readReason(row: {
    reason: string;
    suggestedRow: number | null;
    confidence: number;
  }): Pick<InboxItem, 'reason' | 'suggestion'> {
    const { reason, suggestedRow, confidence } = row;
    if (suggestedRow === null) return { reason, suggestion: null };
    const id = toId('jorb', suggestedRow);
    const { name, status } = found(findSuggested.get({ suggestedRow }), id, 'jorb');
    return isLive(status)
      ? { reason: notSure, suggestion: { id, name, confidence, reason } }
      : { reason: `${notSure}; it suggested ${id}, which is ${status} by now`, suggestion: null };
  }

  return ({ limit, offset }) => {
    const items = select.all({ limit, offset }).map(
      ({ addressRow, reason, suggestedRow, suggestedConfidence, ...row }): InboxItem => ({
        event: toEvent(row),
        contactName: findName.get({ addressRow })?.name ?? null,
        candidates: findCandidates(addressRow),
        ...readReason({ reason: reason ?? '', suggestedRow, confidence: suggestedConfidence ?? 0 }),
      }),
    );
    return { items, total: counted.get()?.total ?? 0 };
  };
}

/** The jorbs that know the address come first, then those in which something happened last. */
function buildCandidates(db: Db) {
  const select = () => db.select({ id: jorb.id, name: jorb.name }).from(jorb).$dynamic();
  const knowing = db
    .select({ id: jorb.id, name: jorb.name })
    .from(counterparty)
    .innerJoin(jorb, eq(jorb.id, counterparty.jorbId))
    .where(and(eq(counterparty.addressId, slot('addressRow')), isOneOf(jorb.status, liveStatuses)))
    .orderBy(desc(jorb.lastActivityAt))
    .limit(mostCandidates)
    .prepare();
  // By status one at a time, so that an index gives the order.
  const others = liveStatuses.map((status) =>
    select()
      .where(
        and(
          isWord(jorb.status, status),
          notExists(
            db
              .select({ id: counterparty.jorbId })
              .from(counterparty)
              .where(and(eq(counterparty.jorbId, jorb.id), eq(counterparty.addressId, slot('addressRow')))),
          ),
        ),
      )
      .orderBy(desc(jorb.lastActivityAt))
      .limit(mostCandidates)
      .prepare(),
  );
  return (addressRow: number): InboxItem['candidates'] =>
    [knowing, ...others]
      .flatMap((statement) => statement.all({ addressRow }))
      .slice(0, mostCandidates)
      .map(({ id, name }) => ({ id: toId('jorb', id), name }));
}

export function buildAssignMessage(
  db: Db,
  audit: AppendAudit,
  moves: JorbMoves,
): InboxStore['assignMessage'] {
  const findEvent = selectEvents(db)
    .where(eq(event.id, slot('id')))
    .prepare();
  const findUnmatched = db
    .select({ id: event.id })
    .from(event)
    .where(and(eq(event.conversationId, slot('conversationRow')), isWord(event.status, 'unmatched')))
    .orderBy(event.id)
    .prepare();
  const setRouted = db
    .update(event)
    .set({ status: 'routed', jorbId: given('jorbRow') })
    .where(eq(event.id, slot('id')))
    .prepare();
  const teach = db
    .update(conversation)
    .set({ jorbId: given('jorbRow') })
    .where(eq(conversation.id, slot('conversationRow')))
    .prepare();

  return (id, jorbId, now) =>
    write(db, () => {
      const jorbRow = toRow(jorbId);
      const message = found(findEvent.get({ id: toRow(id) }), id, 'message');
      if (message.status !== 'unmatched') {
        throw new Refusal(
          'conflict',
          `${id} is ${message.status}; only an unmatched message can be assigned`,
          'id',
        );
      }
      const { status } = moves.getJorbRow(jorbRow);
      if (!isLive(status)) {
        throw new Refusal(
          'conflict',
          `${jorbId} is ${status}; a message can be assigned to a jorb that is running or paused`,
          'jorb_id',
        );
      }
      const conversationRow = message.conversationId;
      const unmatched = findUnmatched.all({ conversationRow });
      for (const each of unmatched) setRouted.run({ id: each.id, jorbRow });
      teach.run({ conversationRow, jorbRow });
      if (status === 'running') moves.makeDue(jorbRow, 'message', now);
      else moves.touchJorb(jorbRow, { progress: false }, now);
      audit({
        at: now,
        actor: 'owner',
        what: 'message.assigned',
        jorbRow,
        subject: id,
        after: { events: unmatched.map((each) => toId('event', each.id)) },
      });
      return toEvent({ ...message, status: 'routed', jorbId: jorbRow });
    });
}
