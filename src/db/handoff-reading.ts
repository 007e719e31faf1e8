import { and, desc, eq, lt } from 'drizzle-orm';
import { renderOwnEntry } from '../domain/render/progress.ts';
import type { TurnContext } from '../domain/turn.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId } from './rows.ts';
import { handoff, reset } from './tables/handoff.ts';

const mostLines = 100;
/** An entry has five lines and more. */
const mostEntries = 20;

export type HandoffReader = {
  /** What a context begins with. */
  read(handoffRow: number): TurnContext['handoff'];
  /** Lines of the progress log about the same jorb, from before that handoff. */
  listLines(jorb: { row: number; name: string }, handoffRow: number): string[];
};

/** Reads inside the caller's transaction. */
export function buildHandoffReader(db: Db): HandoffReader {
  const find = db
    .select({ body: handoff.body, readAt: handoff.readAt })
    .from(handoff)
    .where(eq(handoff.id, slot('handoffRow')))
    .prepare();
  const before = db
    .select({ body: handoff.body, reason: reset.reason, days: reset.days, at: reset.startedAt })
    .from(handoff)
    .innerJoin(reset, eq(reset.id, handoff.resetId))
    .where(
      and(
        eq(handoff.jorbId, slot('jorbRow')),
        lt(handoff.id, slot('handoffRow')),
        isWord(handoff.status, 'accepted'),
      ),
    )
    .orderBy(desc(handoff.id))
    .limit(mostEntries)
    .prepare();

  return {
    read(handoffRow) {
      const { body = null, readAt = null } = find.get({ handoffRow }) ?? {};
      if (body === null || readAt === null) throw new Error(`handoff ${handoffRow} was not accepted`);
      return { id: toId('handoff', handoffRow), at: readAt, body };
    },
    listLines({ row: jorbRow, name }, handoffRow) {
      const entries = before.all({ jorbRow, handoffRow }).reverse();
      const id = toId('jorb', jorbRow);
      // A turn is always one of a running jorb, and its context must not change while it goes on.
      const lines = entries.flatMap(({ body, ...session }) =>
        body === null
          ? []
          : renderOwnEntry(session, {
              id,
              name,
              status: 'running',
              account: { kind: 'handoff', handoff: body },
            }).split('\n'),
      );
      return lines.slice(-mostLines);
    },
  };
}
