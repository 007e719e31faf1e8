import { type ActionStatus, actionStatuses } from '../../domain/action.ts';
import type { DecisionPage } from '../../domain/decision.ts';
import { quote, refuseField } from '../../domain/read-fields.ts';
import type { OwnerContext } from './context.ts';
import { readId, readPage } from './input.ts';

/** `2026-11-22`, which begins in UTC, or a time with its offset. */
const instantForm = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** What was decided and why, newest first. */
export async function listDecisions(
  { store }: Pick<OwnerContext, 'store'>,
  request: {
    jorbId?: string | null;
    status?: string | null;
    since?: string | null;
    limit: number;
    offset?: number;
  },
): Promise<DecisionPage> {
  const { jorbId = null, status = null, since = null, limit, offset = 0 } = request;
  return store.listDecisions({
    jorbId: jorbId === null ? null : readId('jorb', jorbId, 'jorb_id'),
    status: status === null ? null : readStatus(status),
    since: since === null ? null : readInstant(since),
    ...readPage({ limit, offset }),
  });
}

function readStatus(text: string): ActionStatus {
  const status = actionStatuses.find((known) => known === text.trim());
  if (status) return status;
  throw refuseField('status', `must be one of ${actionStatuses.join(', ')}, not ${quote(text)}`);
}

function readInstant(text: string): number {
  const at = instantForm.test(text.trim()) ? Date.parse(text.trim()) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw refuseField(
    'since',
    `must be a date such as 2026-11-22 or a time with its offset such as 2026-11-22T18:00:00Z, not ${quote(text)}`,
  );
}
