import { and, desc, eq, isNull, or } from 'drizzle-orm';
import type { EventId } from '../domain/ids.ts';
import type { Outage } from '../domain/outage.ts';
import type { Thinker } from '../domain/turn.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId } from './rows.ts';
import { event } from './tables/inbox.ts';
import { decision } from './tables/turns.ts';

export type ChooseThinker = (
  turn: { jorbId: number; turnRow: number | null },
  outage: Outage,
  now: number,
) => Thinker | undefined;

/** Who thinks in a turn while the model is down; undefined when nobody can. Reads inside the caller's transaction. */
export function buildChooseThinker(db: Db): ChooseThinker {
  const unhandled = db
    .select({ id: event.id })
    .from(event)
    .where(
      and(
        eq(event.jorbId, slot('jorbRow')),
        isWord(event.status, 'routed'),
        or(isNull(event.turnId), eq(event.turnId, slot('turnRow'))),
      ),
    )
    .prepare();
  const lastDecision = db
    .select({ model: decision.model, at: decision.at, input: decision.input })
    .from(decision)
    .where(and(eq(decision.jorbId, slot('jorbRow')), isWord(decision.kind, 'turn')))
    .orderBy(desc(decision.id))
    .limit(1)
    .prepare();

  /** Each look of the fallback takes in all that the model has not seen, so the last one tells of all. */
  function listSeen(jorbRow: number, since: number): EventId[] {
    const last = lastDecision.get({ jorbRow });
    return last && last.model === null && last.at >= since ? last.input.events : [];
  }

  return ({ jorbId: jorbRow, turnRow }, outage, now) => {
    if (outage.retryAt <= now) return { kind: 'brain', isProbe: true };
    if (outage.fallbackAt === null) return undefined;
    const seen = listSeen(jorbRow, outage.since);
    const isNews = unhandled.all({ jorbRow, turnRow }).some(({ id }) => !seen.includes(toId('event', id)));
    return isNews ? { kind: 'fallback', since: outage.since, seen } : undefined;
  };
}
