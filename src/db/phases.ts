import { eq } from 'drizzle-orm';
import { slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { phase } from './tables/jorbs.ts';

export type ReplacePhases = (jorbRow: number, titles: string[]) => void;

/** The plan's phases from the start: the first is under way. Inside the caller's transaction. */
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
  return (jorbRow, titles) => {
    clear.run({ jorbRow });
    for (const [position, title] of titles.entries()) {
      insert.run({ jorbRow, position, title, status: position === 0 ? 'active' : 'pending' });
    }
  };
}
