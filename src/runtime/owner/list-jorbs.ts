import { type JorbStatus, type JorbSummary, jorbStatuses, openStatuses } from '../../domain/jorb.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { OwnerContext } from './context.ts';
import { readPage } from './input.ts';

export type JorbFilter = 'open' | 'closed' | 'all' | JorbStatus;

const closedStatuses = ['complete', 'failed', 'cancelled'] as const satisfies JorbStatus[];

/** Latest activity first. */
export async function listJorbs(
  { store }: Pick<OwnerContext, 'store'>,
  request: { filter: JorbFilter; limit: number; offset: number },
): Promise<{ jorbs: JorbSummary[]; total: number }> {
  const statuses = readFilter(request.filter);
  return store.listJorbs({ statuses, ...readPage({ limit: request.limit, offset: request.offset }) });
}

function readFilter(filter: JorbFilter): readonly JorbStatus[] {
  if (filter === 'open') return openStatuses;
  if (filter === 'closed') return closedStatuses;
  if (filter === 'all') return jorbStatuses;
  if (jorbStatuses.includes(filter)) return [filter];
  throw new Refusal(
    'invalid',
    `filter must be open, closed, all or one of ${jorbStatuses.join(', ')}`,
    'filter',
  );
}
