import type { Brief } from '../../domain/brief.ts';
import { readSince } from '../../domain/read-deadline.ts';
import { refuseField } from '../../domain/read-fields.ts';
import { hourMs } from '../../lib/duration.ts';
import type { OwnerContext } from './context.ts';

const mostHours = 720;

export type BriefRequest = {
  peek: boolean;
  /** Looks back so many hours, or to that time or day; at most one of them. */
  hours?: number | null;
  since?: string | null;
};

/**
 * What happened since the last brief. Moves the mark, unless the owner only peeks or looks back to a time of
 * their own.
 */
export async function takeBrief(
  { store, clock, timeZone }: Pick<OwnerContext, 'store' | 'clock' | 'timeZone'>,
  { peek, hours = null, since = null }: BriefRequest,
): Promise<Brief> {
  const now = clock.now();
  if (hours !== null && since !== null)
    throw refuseField('hours', 'and since say the same in two ways; give one of them');
  if (hours !== null) return store.lookBack(now - readHours(hours), now);
  if (since !== null) return store.lookBack(readSince(since, 'since', { timeZone: timeZone(), now }), now);
  return store.takeBrief(peek, now);
}

/** In milliseconds. */
function readHours(hours: number): number {
  if (hours > 0 && hours <= mostHours) return Math.ceil(hours * hourMs);
  throw refuseField('hours', `must be a number above 0 and at most ${mostHours}, not ${hours}`);
}
