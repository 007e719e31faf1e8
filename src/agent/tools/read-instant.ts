import { parseInstant } from '../../lib/instant.ts';
import { err, ok, type Result } from '../../lib/result.ts';

/** A time to come, in milliseconds, or the sentence that says what is wrong with it. */
export function readInstant(text: string, field: string, now: number): Result<number, string> {
  const time = parseInstant(text);
  if (time === null) return err(`${field}: "${text}" is not an instant such as 2026-11-21T09:00:00Z`);
  if (time <= now)
    return err(`${field}: ${text} is not in the future; it is ${new Date(now).toISOString()} now`);
  return ok(time);
}
