import { plural } from '../lib/text.ts';
import { readDayNumber } from '../lib/zone.ts';
import type { ResetOutcome } from './handoff.ts';

/**
 * How many local days are left until `days` of them have passed since then; 0 when they have. After the clock
 * was set back by more, that time lies ahead of now, and as far away is as long ago.
 */
export function countDaysLeft(
  { since, days, timeZone }: { since: number; days: number; timeZone: string },
  now: number,
): number {
  const passed = Math.abs(readDayNumber(now, timeZone) - readDayNumber(since, timeZone));
  return Math.max(0, days - passed);
}

/** For the owner, beside the run. */
export function renderResetOutcome(outcome: ResetOutcome): string {
  switch (outcome.kind) {
    case 'begun':
      return `${outcome.handoffs} ${plural(outcome.handoffs, 'handoff')} to write`;
    case 'no_activity':
      return 'no activity since the last handoffs';
    case 'not_due':
      return `not due for ${outcome.inDays === 1 ? 'another day' : `another ${outcome.inDays} days`}`;
  }
}
