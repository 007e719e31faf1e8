import { and, count, eq, gt, not, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { nameAddress } from '../domain/contact.ts';
import { parseId } from '../domain/ids.ts';
import { pauseCauses } from '../domain/jorb.ts';
import { type NoticeFact, needingKinds } from '../domain/notice.ts';
import { buildApprovalViews } from './approval-views.ts';
import { isOneOf, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import type { JorbRow } from './jorb-moves.ts';
import { toJorb } from './jorb-views.ts';
import { toId } from './rows.ts';
import { action } from './tables/gate.ts';
import { handoff } from './tables/handoff.ts';
import { conversation, event } from './tables/inbox.ts';
import { address, counterparty, jorb } from './tables/jorbs.ts';
import { notice } from './tables/mail.ts';
import { audit } from './tables/owner.ts';

type NoticeRow = { notice: typeof notice.$inferSelect; after: unknown; jorb: JorbRow };

/** `unreadable`: what tells of nothing that is there, which must not come back. */
export type ListOpenFacts = (limit: number) => { facts: NoticeFact[]; unreadable: number[] };

/**
 * Open notices with what is true of them now, inside the caller's transaction: those that need the owner come
 * before all others, then the oldest.
 */
export function buildListOpenFacts(db: Db): ListOpenFacts {
  const readStory = buildReadStory(db);
  const selectOpen = (which: SQL) =>
    db
      .select({ notice, after: audit.after, jorb })
      .from(notice)
      .leftJoin(audit, eq(audit.seq, notice.seq))
      .leftJoin(jorb, eq(jorb.id, notice.jorbId))
      .where(and(isWord(notice.status, 'open'), which))
      .orderBy(notice.at, notice.seq)
      .limit(slot('limit'))
      .prepare();
  const isNeeding = isOneOf(notice.kind, needingKinds);
  const needing = selectOpen(isNeeding);
  const others = selectOpen(not(isNeeding));
  return (limit) => {
    const facts: NoticeFact[] = [];
    const unreadable: number[] = [];
    const first = needing.all({ limit });
    for (const row of [...first, ...others.all({ limit: limit - first.length })]) {
      const { seq } = row.notice;
      const story = row.jorb && readStory({ ...row, jorb: row.jorb });
      if (row.jorb && story) facts.push({ ...toGround(row.notice, row.jorb), ...story });
      else unreadable.push(seq);
    }
    return { facts, unreadable };
  };
}

function toGround({ seq, at }: NoticeRow['notice'], row: JorbRow) {
  return { seq, at, jorb: toJorb(row), notifyOn: row.notifyOn };
}

type Story<Fact = NoticeFact> = Fact extends NoticeFact
  ? Omit<Fact, 'seq' | 'at' | 'jorb' | 'notifyOn'>
  : never;

const pausedSchema = z.object({ pauseCause: z.enum(pauseCauses), reason: z.string().nullable() });

/** Undefined when the row that the notice is about is not there, or is another jorb's. */
function buildReadStory(db: Db): (row: NoticeRow) => Story | undefined {
  const { findRow, toApproval } = buildApprovalViews(db);
  const readRefused = buildReadRefused(db);
  const readLate = buildReadLate(db);
  const readHandoff = buildReadHandoff(db);
  return ({ notice: { kind, subject }, after, jorb: { id: jorbRow } }) => {
    const rowOf = (name: string) =>
      parseId(name, subject) === undefined ? undefined : Number(subject.slice(name.length + 1));
    switch (kind) {
      case 'approval':
      case 'reminder': {
        const found = findRow(rowOf('approval') ?? 0);
        return found?.jorb.id === jorbRow ? { kind, approval: toApproval(found) } : undefined;
      }
      case 'pause': {
        const { data } = pausedSchema.safeParse(after);
        return data && { kind, cause: data.pauseCause, reason: data.reason };
      }
      case 'complete':
      case 'fail':
        return { kind };
      case 'budget':
        return readRefused(jorbRow, rowOf('action') ?? 0);
      case 'late_reply':
        return readLate(jorbRow, rowOf('batch') ?? 0);
      case 'handoff':
        return readHandoff(jorbRow, rowOf('handoff') ?? 0);
    }
  };
}

function buildReadRefused(db: Db) {
  const find = db
    .select({ id: action.id, contractVersion: action.contractVersion, refusal: action.refusal })
    .from(action)
    .where(and(eq(action.id, slot('id')), eq(action.jorbId, slot('jorbRow'))))
    .prepare();
  return (jorbRow: number, id: number): Story | undefined => {
    const found = find.get({ id, jorbRow });
    if (!found) return undefined;
    const { contractVersion, refusal } = found;
    return {
      kind: 'budget',
      action: toId('action', id),
      contractVersion,
      refusal: refusal ?? 'it would pass the limit',
    };
  };
}

/** A stranger decides how much comes together: of so many messages the beginnings are read. */
const mostLate = 3;
const mostLateCharacters = 2000;

/** Messages of one conversation that came together. */
function buildReadLate(db: Db) {
  // The plus: a batch has few messages, and its jorb may have any number.
  const isLate = and(eq(event.batchId, slot('batchRow')), sql`+${event.jorbId} = ${slot('jorbRow')}`);
  const counted = db.select({ count: count() }).from(event).where(isLate).prepare();
  const list = db
    .select({
      id: event.id,
      text: sql<string>`iif(length(${event.text}) > ${mostLateCharacters}, substr(${event.text}, 1, ${mostLateCharacters}) || ' …', ${event.text})`,
      channel: address.channel,
      address: address.address,
      name: counterparty.name,
    })
    .from(event)
    .innerJoin(conversation, eq(conversation.id, event.conversationId))
    .innerJoin(address, eq(address.id, conversation.addressId))
    .leftJoin(
      counterparty,
      and(eq(counterparty.jorbId, event.jorbId), eq(counterparty.addressId, address.id)),
    )
    .where(isLate)
    .orderBy(event.id)
    .limit(mostLate)
    .prepare();
  return (jorbRow: number, batchRow: number): Story | undefined => {
    const events = list.all({ batchRow, jorbRow });
    const [first] = events;
    if (!first) return undefined;
    const from = nameAddress(first, first.name);
    const ids = events.map(({ id }) => toId('event', id));
    const more = (counted.get({ batchRow, jorbRow })?.count ?? 0) - events.length;
    const text = events.map((each) => each.text).join('\n');
    return { kind: 'late_reply', messages: { ids, more, from, text } };
  };
}

function buildReadHandoff(db: Db) {
  const find = db
    .select({ error: handoff.error })
    .from(handoff)
    .where(and(eq(handoff.id, slot('id')), eq(handoff.jorbId, slot('jorbRow'))))
    .prepare();
  const later = db
    .select({ id: handoff.id })
    .from(handoff)
    .where(
      and(
        eq(handoff.jorbId, slot('jorbRow')),
        gt(handoff.id, slot('id')),
        isWord(handoff.status, 'accepted'),
      ),
    )
    .limit(1)
    .prepare();
  return (jorbRow: number, id: number): Story | undefined => {
    const found = find.get({ id, jorbRow });
    const handedOver = later.get({ id, jorbRow }) !== undefined;
    return found && { kind: 'handoff', error: found.error, handedOver };
  };
}
