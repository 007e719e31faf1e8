import { and, desc, eq, gt, sql } from 'drizzle-orm';
import { given, isOneOf, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { outbox } from './tables/gate.ts';
import { handoff } from './tables/handoff.ts';
import { event } from './tables/inbox.ts';
import { jorb } from './tables/jorbs.ts';

/** A prompt that is long of itself does not become shorter by a handoff: there must be so much to hand over. */
const leastMessages = 20;

/**
 * Notes how long the prompt of a turn was, inside the caller's transaction: 0 while there are too few messages
 * since the last handoff for another to make it shorter.
 */
export function buildNotePrompt(db: Db): (jorbRow: number, tokens: number) => void {
  const findLast = db
    .select({ at: handoff.readAt })
    .from(handoff)
    .where(and(eq(handoff.jorbId, slot('jorbRow')), isOneOf(handoff.status, ['accepted', 'failed'])))
    .orderBy(desc(handoff.id))
    .limit(1)
    .prepare();
  const received = db
    .select({ id: event.id })
    .from(event)
    .where(and(eq(event.jorbId, slot('jorbRow')), gt(event.receivedAt, slot('since'))))
    .limit(leastMessages)
    .prepare();
  const sent = db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(eq(outbox.jorbId, slot('jorbRow')), gt(outbox.at, slot('since'))))
    .limit(leastMessages)
    .prepare();
  const set = db
    .update(jorb)
    .set({ promptTokens: given('tokens') })
    .where(and(eq(jorb.id, slot('jorbRow')), sql`${jorb.promptTokens} <> ${slot('tokens')}`))
    .prepare();
  return (jorbRow, tokens) => {
    if (tokens === 0) return;
    const since = findLast.get({ jorbRow })?.at ?? 0;
    const messages = received.all({ jorbRow, since }).length + sent.all({ jorbRow, since }).length;
    set.run({ jorbRow, tokens: messages < leastMessages ? 0 : tokens });
  };
}
