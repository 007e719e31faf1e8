import { and, count, desc, eq, ne, or, sql } from 'drizzle-orm';
import type { PastMessage } from '../domain/turn.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { toRow } from './rows.ts';
import { action, outbox } from './tables/gate.ts';
import { event } from './tables/inbox.ts';
import { turn } from './tables/turns.ts';
import { selectInbound, selectOutbound, toPastMessage } from './transcript.ts';

const mostEntries = 60;
/** Of the messages that a handoff told of, so many are shown all the same: what was said last is said to be answered. */
const mostHandedOver = 10;

export type TurnTranscript = { messages: PastMessage[]; older: number };

/**
 * The newest messages of a jorb, oldest first, as one turn sees them: without what the turn itself queued
 * and without messages that no turn has seen yet. `handedOverAt`: what was known by then a handoff tells.
 */
export function buildTurnTranscript(db: Db) {
  const inbound = selectInbound(db)
    .where(
      and(
        eq(event.jorbId, slot('jorbRow')),
        or(eq(event.turnId, slot('turnRow')), isWord(event.status, 'handled')),
      ),
    )
    .orderBy(desc(event.receivedAt), desc(event.id))
    .limit(mostEntries)
    .prepare();
  const outbound = selectOutbound(db)
    .innerJoin(action, eq(action.id, outbox.actionId))
    .where(and(eq(outbox.jorbId, slot('jorbRow')), ne(action.turnId, slot('turnRow'))))
    .orderBy(desc(outbox.at), desc(outbox.id))
    .limit(mostEntries)
    .prepare();
  const countSeen = buildCountSeen(db);
  const isNewerThan = buildIsNewerThan(db);

  return (jorbRow: number, turnRow: number, handedOverAt: number | null): TurnTranscript => {
    const given = { jorbRow, turnRow };
    // Newest first; of one instant the answer stands before what it answered, until it is turned around.
    const entries = [
      ...outbound.all(given).map((row) => toPastMessage('out', row)),
      ...inbound.all(given).map((row) => toPastMessage('in', row)),
    ];
    const messages = entries
      .reverse()
      .sort((a, b) => a.at - b.at)
      .slice(-mostEntries);
    const all = messages.length < mostEntries ? messages.length : countSeen(given);
    const kept =
      handedOverAt === null ? messages : keepNew(messages, (entry) => isNewerThan(entry, handedOverAt));
    return { messages: kept, older: all - kept.length };
  };
}

/** All that is new, and the newest of the rest, in the order they came. */
function keepNew(messages: readonly PastMessage[], isNew: (entry: PastMessage) => boolean): PastMessage[] {
  const old = messages.filter((entry) => !isNew(entry));
  const left = new Set(old.slice(0, -mostHandedOver));
  return messages.filter((entry) => !left.has(entry));
}

/** Whether the writer of a handoff could not know a message: it came later, or no turn had seen it by then. */
function buildIsNewerThan(db: Db): (entry: PastMessage, handedOverAt: number) => boolean {
  const findSeenAt = db
    .select({ at: turn.startedAt })
    .from(event)
    .innerJoin(turn, eq(turn.id, event.turnId))
    .where(eq(event.id, slot('eventRow')))
    .prepare();
  return ({ direction, id, at }, handedOverAt) => {
    if (at >= handedOverAt || direction === 'out') return at >= handedOverAt;
    const seenAt = findSeenAt.get({ eventRow: toRow(id) })?.at;
    return seenAt !== undefined && seenAt >= handedOverAt;
  };
}

/** All messages but those that the turn does not see, which are few: an index alone answers for the many. */
function buildCountSeen(db: Db): (given: { jorbRow: number; turnRow: number }) => number {
  const ofJorb = (table: typeof event | typeof outbox) => eq(table.jorbId, slot('jorbRow'));
  const counts = [
    db.select({ count: count() }).from(event).where(ofJorb(event)).prepare(),
    db.select({ count: count() }).from(outbox).where(ofJorb(outbox)).prepare(),
  ];
  const unseen = [
    db
      .select({ count: count() })
      .from(event)
      .where(
        and(ofJorb(event), isWord(event.status, 'routed'), sql`${event.turnId} is not ${slot('turnRow')}`),
      )
      .prepare(),
    db
      .select({ count: count() })
      .from(action)
      .innerJoin(outbox, eq(outbox.actionId, action.id))
      .where(eq(action.turnId, slot('turnRow')))
      .prepare(),
  ];
  return (given) => {
    const add = (statements: typeof counts) =>
      statements.reduce((sum, statement) => sum + (statement.get(given)?.count ?? 0), 0);
    return add(counts) - add(unseen);
  };
}
