import { and, eq, exists, gt, isNotNull, isNull, ne, notExists, or, sql } from 'drizzle-orm';
import { isOneOf, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { approval, outbox } from './tables/gate.ts';
import { conversation, event } from './tables/inbox.ts';
import { guidance, jorb } from './tables/jorbs.ts';
import { turn } from './tables/turns.ts';
import { hasPromiseToWake } from './waking.ts';

/** Whether a jorb has something that will bring it a turn after this one, inside the caller's transaction. */
export function buildIsAwaiting(db: Db): (turnRow: number) => boolean {
  const ofJorb = (column: typeof event.jorbId | typeof outbox.jorbId) => eq(column, jorb.id);
  const pending = db
    .select({ id: approval.id })
    .from(approval)
    .where(and(eq(approval.jorbId, jorb.id), isWord(approval.status, 'pending')));
  const onItsWay = db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(ofJorb(outbox.jorbId), isOneOf(outbox.status, ['queued', 'sending', 'unknown'])));
  const answer = db
    .select({ id: event.id })
    .from(event)
    .innerJoin(conversation, eq(conversation.id, event.conversationId))
    .where(
      and(
        ofJorb(event.jorbId),
        gt(event.receivedAt, outbox.sentAt),
        eq(conversation.addressId, outbox.addressId),
      ),
    );
  const unanswered = db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(ofJorb(outbox.jorbId), isWord(outbox.status, 'sent'), notExists(answer)));
  const unseen = db
    .select({ id: event.id })
    .from(event)
    .where(and(ofJorb(event.jorbId), isWord(event.status, 'routed'), isNull(event.turnId)));
  const words = db
    .select({ id: guidance.id })
    .from(guidance)
    .where(and(eq(guidance.jorbId, jorb.id), isNull(guidance.turnId)));
  const find = db
    .select({ id: turn.id })
    .from(turn)
    .innerJoin(jorb, eq(jorb.id, turn.jorbId))
    .where(
      and(
        eq(turn.id, slot('turnRow')),
        or(
          ne(jorb.status, sql`'running'`),
          isNotNull(jorb.dueAt),
          // A wake that had come when the turn began is the turn's own.
          gt(jorb.wakeAt, turn.startedAt),
          ...[pending, onItsWay, unseen, words, unanswered].map((rows) => exists(rows)),
          hasPromiseToWake(db),
        ),
      ),
    )
    .prepare();
  return (turnRow) => find.get({ turnRow }) !== undefined;
}
