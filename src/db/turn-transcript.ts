import { and, desc, eq, ne, or } from 'drizzle-orm';
import type { TranscriptEntry } from '../domain/message.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId } from './rows.ts';
import { action, outbox } from './tables/gate.ts';
import { event } from './tables/inbox.ts';
import { selectInbound, selectOutbound } from './transcript.ts';

const mostEntries = 40;

/**
 * The newest messages of a jorb, oldest first, as one turn sees them: without what the turn itself queued
 * and without messages that no turn has seen yet.
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

  return {
    list(jorbRow: number, turnRow: number): TranscriptEntry[] {
      const given = { jorbRow, turnRow };
      // Newest first; of one instant the answer stands before what it answered, until it is turned around.
      const entries: TranscriptEntry[] = [
        ...outbound.all(given).map(({ id, contactName, at, ...row }) => ({
          ...row,
          direction: 'out' as const,
          id: toId('outbox', id),
          contactName: contactName ?? row.address,
          at: at ?? 0,
        })),
        ...inbound.all(given).map(({ id, contactName, ...row }) => ({
          ...row,
          direction: 'in' as const,
          id: toId('event', id),
          contactName: contactName ?? row.address,
        })),
      ];
      return entries
        .reverse()
        .sort((a, b) => a.at - b.at)
        .slice(-mostEntries);
    },
  };
}
