import { and, eq, lte, sql } from 'drizzle-orm';
import type { InboxStore } from '../domain/message.ts';
import type { Asking, Route, RoutedBatch } from '../domain/routing.ts';
import { given, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import type { JorbMoves } from './jorb-moves.ts';
import type { StoreParts } from './parts.ts';
import { type BatchEvent, type BatchRow, buildRouteInputs } from './route-input.ts';
import { buildRouteWriter, splitEvents } from './route-write.ts';
import { buildReadQuestion } from './routing-question.ts';
import { toId, toRow } from './rows.ts';
import { batch, conversation, event } from './tables/inbox.ts';

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

const nothingToRead: Route = {
  kind: 'unmatched',
  reason: 'nothing to read: it is empty or every line is a comment',
};

/**
 * The events of a batch go one way together. What nobody has to read is put aside before the rules are
 * asked. A batch that a model is asked about is leased, so that it is asked about once at a time.
 */
export function buildRoutes(
  db: Db,
  parts: StoreParts,
  moves: JorbMoves,
): Pick<InboxStore, 'routeBatch' | 'settleRouting' | 'postponeRouting'> {
  const { fenced } = parts;
  const rows = buildRows(db);
  const inputs = buildRouteInputs(db);
  const readQuestion = buildReadQuestion(db, inputs);
  const writer = buildRouteWriter(db, parts, moves);

  function routeOne(found: BatchRow, verdict: Route | Asking, epoch: number, now: number): RoutedBatch {
    const batchId = toId('batch', found.id);
    if (verdict.kind !== 'ask') {
      writer.write(found, rows.listEvents(found.id), verdict, now);
      return { batchId, route: verdict };
    }
    rows.lease(found.id, { epoch, until: verdict.leasedUntil });
    return { batchId, question: readQuestion(found, now), failures: found.routeFailures };
  }

  return {
    routeBatch: (fence, route, now) =>
      fenced(fence, () => {
        const found = rows.findFree(fence.epoch, now);
        if (!found) return undefined;
        const { read } = splitEvents(rows.listEvents(found.id));
        const verdict = read.length > 0 ? route(inputs.findInput(found, read, now)) : nothingToRead;
        return routeOne(found, verdict, fence.epoch, now);
      }),
    settleRouting: (fence, id, { choice, conclude, by, usage, call }, now) =>
      fenced(fence, () => {
        const found = rows.findLeased(toRow(id), fence.epoch);
        if (!found) return undefined;
        const events = rows.listEvents(found.id);
        const input = inputs.findInput(found, splitEvents(events).read, now);
        const route = conclude(input, choice?.jorbId ? inputs.findCandidate(choice.jorbId) : undefined);
        const isRuled = route.kind === 'routed' && route.rule !== 'model';
        const { reason: reasoning, confidence } = choice ?? { ...route, confidence: 1 };
        const author = isRuled ? undefined : { by, usage, call, reasoning, confidence };
        writer.write(found, events, route, now, author);
        return route;
      }),
    postponeRouting: (fence, id, until) =>
      fenced(fence, () => {
        const found = rows.findLeased(toRow(id), fence.epoch);
        if (found) rows.postpone(found.id, { failures: found.routeFailures + 1, until });
      }),
  };
}

function buildRows(db: Db) {
  const select = () =>
    db
      .select({
        id: batch.id,
        conversationId: batch.conversationId,
        addressId: conversation.addressId,
        assignedRow: conversation.jorbId,
        routeFailures: batch.routeFailures,
      })
      .from(batch)
      .innerJoin(conversation, eq(conversation.id, batch.conversationId))
      .$dynamic();
  const isUnrouted = and(isWord(batch.status, 'released'), sql`${batch.routedAt} is null`);
  // What a runtime that is gone was asking about is free at once; what was put off has no epoch.
  const isFree = sql`(${batch.routeAt} is null or ${batch.routeAt} <= ${slot('now')} or ${batch.routeEpoch} <> ${slot('epoch')})`;
  const findFree = select().where(and(isUnrouted, isFree)).orderBy(batch.id).limit(1).prepare();
  // A routed batch has no epoch any more.
  const findLeased = select()
    .where(and(eq(batch.id, slot('id')), eq(batch.routeEpoch, slot('epoch'))))
    .prepare();
  const listEvents = db
    .select({ id: event.id, text: event.text, inReplyTo: event.inReplyTo })
    .from(event)
    .where(eq(event.batchId, slot('batchRow')))
    .orderBy(event.id)
    .prepare();
  const lease = db
    .update(batch)
    .set({ routeAt: given('until'), routeEpoch: given('epoch') })
    .where(eq(batch.id, slot('id')))
    .prepare();
  const postpone = db
    .update(batch)
    .set({ routeAt: given('until'), routeEpoch: null, routeFailures: given('failures') })
    .where(eq(batch.id, slot('id')))
    .prepare();

  return {
    findFree: (epoch: number, now: number): BatchRow | undefined => findFree.get({ epoch, now }),
    findLeased: (id: number, epoch: number): BatchRow | undefined => findLeased.get({ id, epoch }),
    listEvents: (batchRow: number): BatchEvent[] => listEvents.all({ batchRow }),
    lease: (id: number, { epoch, until }: { epoch: number; until: number }): void => {
      lease.run({ id, epoch, until });
    },
    postpone: (id: number, { failures, until }: { failures: number; until: number }): void => {
      postpone.run({ id, failures, until });
    },
  };
}
