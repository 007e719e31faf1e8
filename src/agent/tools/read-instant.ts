import { err, ok, type Result } from '../../lib/result.ts';

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** A time to come, in milliseconds, or the sentence that says what is wrong with it. */
export function readInstant(text: string, field: string, now: number): Result<number, string> {
  const time = instant.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) return err(`${field}: "${text}" is not an instant such as 2026-11-21T09:00:00Z`);
  if (time <= now)
    return err(`${field}: ${text} is not in the future; it is ${new Date(now).toISOString()} now`);
  return ok(time);
}
