import type { ScheduleState } from '../schedule.ts';
import { formatInstant } from './instant.ts';
import { renderLine } from './quote.ts';

/** `Schedule digest: next 2026-11-21 08:00 GMT+1; the last, of 2026-11-20 08:00, done: sent`. */
export function renderSchedule({ name, nextAt, last }: ScheduleState, timeZone?: string): string {
  const next = nextAt === null ? 'off' : `next ${formatInstant(nextAt, timeZone)}`;
  if (last !== null) {
    return `Schedule ${name}: ${next}; the last, of ${last.slot.replace('T', ' ')}, ${renderOutcome(last)}`;
  }
  return `Schedule ${name}: ${next}${nextAt === null ? '' : '; it has not run yet'}`;
}

function renderOutcome({ status, note }: NonNullable<ScheduleState['last']>): string {
  const said = note === null ? '' : `: ${renderLine(note, 300)}`;
  switch (status) {
    case 'done':
    case 'failed':
      return `${status}${said}`;
    case 'due':
      return note === null ? 'is due' : `failed and is tried again${said}`;
    case 'running':
      return 'is under way';
  }
}
