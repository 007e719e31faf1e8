import { max } from 'drizzle-orm';
import type { Fact } from '../domain/jorb.ts';
import { toId, toIdOrNull } from './rows.ts';
import { fact } from './tables/jorbs.ts';

/**
 * For a statement that groups by the key: of each the newest value, since SQLite takes the other columns
 * beside max() from the row that holds the maximum.
 */
export const newestFactColumns = {
  id: max(fact.id),
  key: fact.key,
  value: fact.value,
  sourceEventId: fact.sourceEventId,
  at: fact.at,
};

type FactRow = Pick<Fact, 'key' | 'value' | 'at'> & { id: number | null; sourceEventId: number | null };

export function toFact({ id, sourceEventId, ...rest }: FactRow): Fact {
  return { ...rest, id: toId('fact', id ?? 0), sourceEventId: toIdOrNull('event', sourceEventId) };
}
