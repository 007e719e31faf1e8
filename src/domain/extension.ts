import { dayMs } from '../lib/duration.ts';
import { plural } from '../lib/text.ts';
import type { Fence } from './fence.ts';

/** For so long a jorb may be open before its owner is asked whether it may go on. */
export const maxOpenMs = 14 * dayMs;

export type ExtensionStore = {
  /**
   * Asks the owner about the jorbs that have been open for `maxOpenMs`, or longer than they last agreed, and
   * pauses those that run. None while everything is stopped. Returns how many.
   */
  askExtensions(fence: Fence, now: number): Promise<number>;
};

/** What the owner is asked: a jorb that has been open since then may stay open until then. */
export type Extension = { since: number; until: number };

/**
 * Until when a jorb may be open when its owner says yes now: past its deadline, so that they are asked once.
 * The first time it is `maxOpenMs` from its start whatever its deadline, which a chat program may have set alone.
 */
export function computeExtendedTo(now: number, deadlineAt: number | null): number {
  return Math.max(now + maxOpenMs, (deadlineAt ?? now) + dayMs);
}

/** `14 days` */
export function formatOpenDays({ since }: Extension, askedAt: number): string {
  const days = Math.floor((askedAt - since) / dayMs);
  return `${days} ${plural(days, 'day')}`;
}
