import { eq } from 'drizzle-orm';
import { noUsage } from '../domain/brain.ts';
import type { EventId } from '../domain/ids.ts';
import { isFinished, isLive } from '../domain/jorb.ts';
import type { EventStatus } from '../domain/message.ts';
import type { Route, RoutingSettlement } from '../domain/routing.ts';
import { given, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildAppendDecision } from './decisions.ts';
import type { JorbMoves } from './jorb-moves.ts';
import type { StoreParts } from './parts.ts';
import type { BatchEvent, BatchRow } from './route-input.ts';
import { toId, toRow, toRowOrNull } from './rows.ts';
import { batch, event } from './tables/inbox.ts';

/** Who decided it, and what that took: for the decision. */
export type RouteAuthor = Pick<RoutingSettlement, 'by' | 'usage' | 'call'> & {
  reasoning: string;
  confidence: number;
};

export type RouteWriter = {
  /** Routed batches are routed once: this is what makes one so. */
  write(batch: BatchRow, events: BatchEvent[], route: Route, now: number, author?: RouteAuthor): void;
};

/** All of it runs inside the caller's transaction. */
export function buildRouteWriter(db: Db, { audit }: StoreParts, moves: JorbMoves): RouteWriter {
  const appendDecision = buildAppendDecision(db);
  const setEvent = db
    .update(event)
    .set({ status: given('status'), jorbId: given('jorbRow') })
    .where(eq(event.id, slot('id')))
    .prepare();
  const setRouted = db
    .update(batch)
    .set({
      routedAt: given('now'),
      routeReason: given('reason'),
      routeAt: null,
      routeEpoch: null,
      suggestedJorbId: given('suggestedRow'),
      suggestedConfidence: given('suggestedConfidence'),
    })
    .where(eq(batch.id, slot('id')))
    .prepare();

  function setEvents(events: BatchEvent[], status: EventStatus, jorbRow: number | null): void {
    for (const { id } of events) setEvent.run({ id, status, jorbRow });
  }

  function deliver(events: BatchEvent[], jorbRow: number, now: number): void {
    const { status } = moves.getJorbRow(jorbRow);
    // A paused jorb sees them when it goes on; a finished one has no more turns.
    setEvents(events, isLive(status) ? 'routed' : 'handled', jorbRow);
    if (status === 'running') moves.makeDue(jorbRow, 'message', now);
    else moves.touchJorb(jorbRow, { progress: false }, now);
  }

  /** No turn will see it, so its owner has to. */
  function tellLate(found: BatchRow, ids: EventId[], jorbRow: number, now: number): void {
    const { status } = moves.getJorbRow(jorbRow);
    if (!isFinished(status)) return;
    const subject = toId('batch', found.id);
    const after = { events: ids, status };
    audit({ at: now, actor: 'runtime', what: 'message.late', jorbRow, subject, after });
  }

  function settle(found: BatchRow, events: BatchEvent[], route: Route, now: number): void {
    const jorbRow = route.kind === 'routed' ? toRow(route.jorbId) : null;
    const ids = events.map(({ id }) => toId('event', id));
    if (jorbRow === null) setEvents(events, 'unmatched', null);
    else deliver(events, jorbRow, now);
    audit({
      at: now,
      actor: 'runtime',
      what: route.kind === 'routed' ? 'message.routed' : 'message.unmatched',
      jorbRow,
      subject: toId('batch', found.id),
      after: { events: ids },
    });
    if (jorbRow !== null) tellLate(found, ids, jorbRow, now);
  }

  return {
    write(found, events, route, now, author = byRules(route)) {
      const { read, aside } = splitEvents(events);
      const ids = events.map(({ id }) => toId('event', id));
      const suggestion = route.kind === 'unmatched' ? route.suggestion : undefined;
      setEvents(aside, 'ignored', null);
      setRouted.run({
        id: found.id,
        now,
        reason: route.reason,
        suggestedRow: toRowOrNull(suggestion?.jorbId ?? null),
        suggestedConfidence: suggestion?.confidence ?? null,
      });
      const { usage, ...decided } = author;
      appendDecision(
        {
          ...decided,
          ...usage,
          kind: 'routing',
          jorbRow: route.kind === 'routed' ? toRow(route.jorbId) : null,
          turnRow: null,
          basedOn: ids,
          input: { triggers: [], events: ids },
        },
        now,
      );
      if (read.length > 0) settle(found, read, route, now);
    },
  };
}

function byRules({ reason }: Route): RouteAuthor {
  return { by: 'rules', reasoning: reason, confidence: 1, usage: noUsage, call: null };
}

/** What somebody has to read, and what nobody has to. */
export function splitEvents(events: BatchEvent[]): { read: BatchEvent[]; aside: BatchEvent[] } {
  return { read: events.filter(isToRead), aside: events.filter((each) => !isToRead(each)) };
}

function isToRead({ text }: BatchEvent): boolean {
  return text.split('\n').some((line) => line.trim() !== '' && !line.trim().startsWith('#'));
}
