import { and, desc, eq, inArray, lte, or, sql } from 'drizzle-orm';
import { noUsage } from '../domain/brain.ts';
import type { EventStatus } from '../domain/message.ts';
import type { Route, RouteCandidate } from '../domain/routing.ts';
import type { InboxStore } from '../domain/store.ts';
import { given, isOneOf, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildAppendDecision } from './decisions.ts';
import type { JorbMoves } from './jorb-moves.ts';
import type { StoreParts } from './parts.ts';
import { toId, toRow } from './rows.ts';
import { outbox } from './tables/gate.ts';
import { batch, conversation, event } from './tables/inbox.ts';
import { counterparty, jorb } from './tables/jorbs.ts';

export function buildReleaseBatch(db: Db, { fenced }: StoreParts): InboxStore['releaseBatch'] {
  const findDue = db
    .select({ id: batch.id })
    .from(batch)
    .where(and(isWord(batch.status, 'open'), lte(batch.releaseAt, slot('now'))))
    .orderBy(batch.releaseAt, batch.id)
    .limit(1)
    .prepare();
  const release = db
    .update(batch)
    .set({ status: 'released', releasedAt: given('now') })
    .where(eq(batch.id, slot('id')))
    .prepare();
  return (fence, now) =>
    fenced(fence, () => {
      const due = findDue.get({ now });
      if (!due) return undefined;
      release.run({ id: due.id, now });
      return toId('batch', due.id);
    });
}

type BatchRow = { id: number; conversationId: number; addressId: number; assignedRow: number | null };
type EventRow = { id: number; text: string; inReplyTo: string | null };

/** The events of a batch go one way together. What nobody has to read is put aside before the rules are asked. */
export function buildRouteBatch(
  db: Db,
  { audit, fenced }: StoreParts,
  moves: JorbMoves,
): InboxStore['routeBatch'] {
  const findInput = buildFindInput(db);
  const appendDecision = buildAppendDecision(db);
  const findUnrouted = db
    .select({
      id: batch.id,
      conversationId: batch.conversationId,
      addressId: conversation.addressId,
      assignedRow: conversation.jorbId,
    })
    .from(batch)
    .innerJoin(conversation, eq(conversation.id, batch.conversationId))
    .where(and(isWord(batch.status, 'released'), sql`${batch.routedAt} is null`))
    .orderBy(batch.id)
    .limit(1)
    .prepare();
  const findEvents = db
    .select({ id: event.id, text: event.text, inReplyTo: event.inReplyTo })
    .from(event)
    .where(eq(event.batchId, slot('batchRow')))
    .orderBy(event.id)
    .prepare();
  const setEvent = db
    .update(event)
    .set({ status: given('status'), jorbId: given('jorbRow') })
    .where(eq(event.id, slot('id')))
    .prepare();
  const setRouted = db
    .update(batch)
    .set({ routedAt: given('now'), routeReason: given('reason') })
    .where(eq(batch.id, slot('id')))
    .prepare();

  function setEvents(events: EventRow[], status: EventStatus, jorbRow: number | null): void {
    for (const { id } of events) setEvent.run({ id, status, jorbRow });
  }

  function deliver(events: EventRow[], jorbRow: number, now: number): void {
    const { status } = moves.getJorbRow(jorbRow);
    const isOpen = status === 'running' || status === 'paused';
    // A paused jorb sees them when it goes on; a finished one has no more turns.
    setEvents(events, isOpen ? 'routed' : 'handled', jorbRow);
    if (status === 'running') moves.makeDue(jorbRow, 'message', now);
    else moves.touchJorb(jorbRow, { progress: false }, now);
  }

  function settle(found: BatchRow, events: EventRow[], route: Route, now: number): void {
    const jorbRow = route.kind === 'routed' ? toRow(route.jorbId) : null;
    if (jorbRow === null) setEvents(events, 'unmatched', null);
    else deliver(events, jorbRow, now);
    audit({
      at: now,
      actor: 'runtime',
      what: route.kind === 'routed' ? 'message.routed' : 'message.unmatched',
      jorbRow,
      subject: toId('batch', found.id),
      after: { events: events.map(({ id }) => toId('event', id)) },
    });
  }

  function routeOne(found: BatchRow, decide: (events: EventRow[]) => Route, now: number): Route {
    const events = findEvents.all({ batchRow: found.id });
    const [read, aside] = [events.filter(isToRead), events.filter((each) => !isToRead(each))];
    const route: Route = read.length > 0 ? decide(read) : { kind: 'unmatched', reason: nothingToRead };
    setEvents(aside, 'ignored', null);
    setRouted.run({ id: found.id, now, reason: route.reason });
    appendDecision(
      {
        kind: 'routing',
        jorbRow: route.kind === 'routed' ? toRow(route.jorbId) : null,
        turnRow: null,
        by: 'rules',
        reasoning: route.reason,
        confidence: 1,
        basedOn: events.map(({ id }) => toId('event', id)),
        call: null,
        input: { triggers: [], events: events.map(({ id }) => toId('event', id)) },
        ...noUsage,
      },
      now,
    );
    if (read.length > 0) settle(found, read, route, now);
    return route;
  }

  return (fence, route, now) =>
    fenced(fence, () => {
      const found = findUnrouted.get();
      if (!found) return undefined;
      const decided = routeOne(found, (events) => route({ now, ...findInput(found, events) }), now);
      return { batchId: toId('batch', found.id), route: decided };
    });
}

const nothingToRead = 'nothing to read: it is empty or every line is a comment';

function isToRead({ text }: EventRow): boolean {
  return text.split('\n').some((line) => line.trim() !== '' && !line.trim().startsWith('#'));
}

/** More candidates than this are as undecided as this many. */
const mostCandidates = 20;

const candidateColumns = {
  id: jorb.id,
  name: jorb.name,
  status: jorb.status,
  finishedAt: jorb.finishedAt,
  lastActivityAt: jorb.lastActivityAt,
};

function buildFindInput(db: Db) {
  const findCandidates = db
    .select(candidateColumns)
    .from(counterparty)
    .innerJoin(jorb, eq(jorb.id, counterparty.jorbId))
    .where(eq(counterparty.addressId, slot('addressId')))
    .orderBy(desc(isOneOf(jorb.status, ['running', 'paused'])), desc(jorb.lastActivityAt))
    .limit(mostCandidates)
    .prepare();
  const findJorb = db
    .select(candidateColumns)
    .from(jorb)
    .where(eq(jorb.id, slot('id')))
    .prepare();
  // Only whoever got the message can answer it: a reply from another address is left to the other rules.
  const findRepliedTo = db
    .selectDistinct({ jorbRow: outbox.jorbId })
    .from(outbox)
    .where(
      and(
        or(eq(outbox.receipt, slot('inReplyTo')), eq(outbox.key, slot('inReplyTo'))),
        eq(outbox.addressId, slot('addressId')),
        inArray(outbox.status, ['sent', 'unknown', 'sending']),
      ),
    )
    .prepare();

  const getCandidate = (id: number) => {
    const row = findJorb.get({ id });
    return row && toCandidate(row);
  };

  return ({ addressId, assignedRow }: BatchRow, events: EventRow[]) => {
    const answered = new Set(
      events
        .filter(({ inReplyTo }) => inReplyTo !== null)
        .flatMap(({ inReplyTo }) => findRepliedTo.all({ inReplyTo, addressId }))
        .map(({ jorbRow }) => jorbRow),
    );
    const [only] = answered;
    return {
      // Answers to two jorbs in one batch are no answer to either.
      repliedTo: only !== undefined && answered.size === 1 ? getCandidate(only) : undefined,
      assigned: assignedRow === null ? undefined : getCandidate(assignedRow),
      candidates: findCandidates.all({ addressId }).map(toCandidate),
    };
  };
}

function toCandidate(row: Omit<RouteCandidate, 'id'> & { id: number }): RouteCandidate {
  return { ...row, id: toId('jorb', row.id) };
}
