import { and, desc, eq, gt, or } from 'drizzle-orm';
import type { JorbId } from '../domain/ids.ts';
import { liveStatuses } from '../domain/jorb.ts';
import type { RouteCandidate, RouteInput } from '../domain/routing.ts';
import { hourMs } from '../lib/duration.ts';
import { isOneOf, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId, toRow } from './rows.ts';
import { buildIsStopped } from './stop.ts';
import { outbox } from './tables/gate.ts';
import { counterparty, jorb } from './tables/jorbs.ts';

/** A batch that waits to be routed, with whose it is. */
export type BatchRow = {
  id: number;
  conversationId: number;
  addressId: number;
  assignedRow: number | null;
  routeFailures: number;
};

export type BatchEvent = { id: number; text: string; inReplyTo: string | null };

/** More candidates than this are as undecided as this many. */
const mostCandidates = 20;

export const candidateColumns = {
  id: jorb.id,
  name: jorb.name,
  status: jorb.status,
  finishedAt: jorb.finishedAt,
  lastActivityAt: jorb.lastActivityAt,
};

export type RouteInputs = {
  /** What the rules go by, inside the caller's transaction. */
  findInput(batch: BatchRow, events: BatchEvent[], now: number): RouteInput;
  findCandidate(id: JorbId): RouteCandidate | undefined;
  /** The jorbs that know the address, the open ones first, then those in which something happened last. */
  listKnowing(addressId: number): RouteCandidate[];
};

export function buildRouteInputs(db: Db): RouteInputs {
  const isStopped = buildIsStopped(db);
  const countLately = buildCountLately(db);
  const findKnowing = db
    .select(candidateColumns)
    .from(counterparty)
    .innerJoin(jorb, eq(jorb.id, counterparty.jorbId))
    .where(eq(counterparty.addressId, slot('addressId')))
    .orderBy(desc(isOneOf(jorb.status, liveStatuses)), desc(jorb.lastActivityAt))
    .limit(mostCandidates)
    .prepare();
  const findJorb = db
    .select(candidateColumns)
    .from(jorb)
    .where(eq(jorb.id, slot('id')))
    .prepare();
  const findOpen = liveStatuses.map((status) =>
    db.select({ id: jorb.id }).from(jorb).where(isWord(jorb.status, status)).limit(1).prepare(),
  );
  // Only whoever got the message can answer it: a reply from another address is left to the other rules.
  const findRepliedTo = db
    .selectDistinct({ jorbRow: outbox.jorbId })
    .from(outbox)
    .where(
      and(
        or(eq(outbox.receipt, slot('inReplyTo')), eq(outbox.key, slot('inReplyTo'))),
        eq(outbox.addressId, slot('addressId')),
        // It was handed over once, whatever a crash made of it since.
        gt(outbox.attempts, 0),
      ),
    )
    .prepare();

  const getCandidate = (id: number) => {
    const row = findJorb.get({ id });
    return row && toCandidate(row);
  };
  const listKnowing = (addressId: number) => findKnowing.all({ addressId }).map(toCandidate);

  return {
    findCandidate: (id) => getCandidate(toRow(id)),
    listKnowing,
    findInput({ addressId, assignedRow }, events, now) {
      const answered = new Set(
        events
          .filter(({ inReplyTo }) => inReplyTo !== null)
          .flatMap(({ inReplyTo }) => findRepliedTo.all({ inReplyTo, addressId }))
          .map(({ jorbRow }) => jorbRow),
      );
      const [only] = answered;
      return {
        now,
        // Answers to two jorbs in one batch are no answer to either.
        repliedTo: only !== undefined && answered.size === 1 ? getCandidate(only) : undefined,
        assigned: assignedRow === null ? undefined : getCandidate(assignedRow),
        candidates: listKnowing(addressId),
        hasOpenJorb: findOpen.some((statement) => statement.get() !== undefined),
        stopped: isStopped(),
        get lately() {
          return countLately(addressId, now);
        },
      };
    },
  };
}

export function toCandidate(row: Omit<RouteCandidate, 'id'> & { id: number }): RouteCandidate {
  return { ...row, id: toId('jorb', row.id) };
}

/** Of all batches the newest are looked at: where more came within the hour, the other count is reached as well. */
const mostLooked = 500;

function buildCountLately(db: Db): (addressId: number, now: number) => RouteInput['lately'] {
  const count = db.$client.prepare<unknown[], RouteInput['lately']>(`
    select
      (select count(*) from model_call where at > @since and purpose = 'routing') as asked,
      (select count(*) from (select conversation_id, routed_at from batch order by id desc limit ${mostLooked}) newest
        join conversation on conversation.id = newest.conversation_id
        where conversation.address_id = @addressId and newest.routed_at > @since) as ofSender`);
  return (addressId, now) => count.get({ addressId, since: now - hourMs }) ?? { asked: 0, ofSender: 0 };
}
