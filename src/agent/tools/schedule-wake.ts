import { z } from 'zod';
import { dayMs, minuteMs } from '../../lib/duration.ts';
import { err, ok } from '../../lib/result.ts';
import { defineTool } from './define-tool.ts';

const longestWaitMs = 366 * dayMs;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

export const scheduleWake = defineTool({
  name: 'schedule_wake',
  description:
    'Sets when to look at this errand again if nothing happens before. There is one wake: a new one replaces the old.',
  shape: {
    at: z.string().max(40).nullable().describe('ISO 8601 with an offset: 2026-11-21T09:00:00Z; or null'),
    minutes_from_now: z.int().min(1).max(527_040).nullable().describe('Instead of at; or null'),
    reason: z.string().min(1).max(500).describe('What to look at then'),
  },
  toEffect({ at, minutes_from_now: minutes, reason }, { now }) {
    if ((at === null) === (minutes === null))
      return err('give either at or minutes_from_now, and null for the other');
    if (minutes !== null) return ok({ kind: 'schedule_wake', at: now + minutes * minuteMs, reason });
    const time = at !== null && instant.test(at) ? Date.parse(at) : Number.NaN;
    if (Number.isNaN(time)) return err(`at: "${at}" is not an instant such as 2026-11-21T09:00:00Z`);
    if (time <= now) return err(`at: ${at} is not in the future; it is ${new Date(now).toISOString()} now`);
    if (time > now + longestWaitMs) return err(`at: ${at} is more than a year away`);
    return ok({ kind: 'schedule_wake', at: time, reason });
  },
});
