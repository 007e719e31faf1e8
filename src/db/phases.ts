import { eq } from 'drizzle-orm';
import type { Phase } from '../domain/jorb.ts';
import { slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { phase } from './tables/jorbs.ts';

/** The phases of a jorb's plan, in their order. */
export function buildListPhases(db: Db): (jorbRow: number) => Phase[] {
  const select = db
    .select({ title: phase.title, status: phase.status })
    .from(phase)
    .where(eq(phase.jorbId, slot('jorbRow')))
    .orderBy(phase.position)
    .prepare();
  return (jorbRow) => select.all({ jorbRow });
}

export type ReplacePhases = (jorbRow: number, phases: readonly Phase[]) => void;

/** Inside the caller's transaction. */
export function buildReplacePhases(db: Db): ReplacePhases {
  const clear = db
    .delete(phase)
    .where(eq(phase.jorbId, slot('jorbRow')))
    .prepare();
  const insert = db
    .insert(phase)
    .values({
      jorbId: slot('jorbRow'),
      position: slot('position'),
      title: slot('title'),
      status: slot('status'),
    })
    .prepare();
  return (jorbRow, phases) => {
    clear.run({ jorbRow });
    for (const [position, { title, status }] of phases.entries()) {
      insert.run({ jorbRow, position, title, status });
    }
  };
}

/** Phases from the start: the first is under way. */
export function beginPhases(titles: readonly string[]): Phase[] {
  return titles.map((title, position) => ({ title, status: position === 0 ? 'active' : 'pending' }));
}
