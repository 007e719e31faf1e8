import { z } from 'zod';
import { dayMs, minuteMs } from '../../lib/duration.ts';
import { err, ok } from '../../lib/result.ts';
import { defineTool } from './define-tool.ts';
import { readInstant } from './read-instant.ts';

const longestWaitMs = 366 * dayMs;

export const scheduleWake = defineTool({
  name: 'schedule_wake',
  description:
    'Sets when to look at this errand again if nothing happens before. There is one wake: a new one replaces the old.',
  shape: {
    at: z.string().max(40).nullable().describe('ISO 8601 with an offset: 2026-11-21T09:00:00Z; or null'),
    minutes_from_now: z.int().min(1).max(527_040).nullable().describe('Instead of at; or null'),
    reason: z.string().min(1).max(500).describe('What to look at then'),
  },
  example: { at: null, minutes_from_now: 180, reason: 'whether the hotel has answered' },
  toEffect({ at, minutes_from_now: minutes, reason }, { now }) {
    if (at !== null && minutes === null) {
      const time = readInstant(at, 'at', now);
      if (!time.ok) return time;
      if (time.value > now + longestWaitMs) return err(`at: ${at} is more than a year away`);
      return ok({ kind: 'schedule_wake', at: time.value, reason });
    }
    if (at !== null || minutes === null)
      return err('give either at or minutes_from_now, and null for the other');
    return ok({ kind: 'schedule_wake', at: now + minutes * minuteMs, reason });
  },
});
