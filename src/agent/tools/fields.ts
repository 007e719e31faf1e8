import { z } from 'zod';
import { type EventId, parseId } from '../../domain/ids.ts';
import { err, ok, type Result } from '../../lib/result.ts';

export const confidenceField = z
  .number()
  .min(0)
  .max(1)
  .describe('How sure you are, 0 to 1, that the owner would want exactly this; when low, they are asked');

/** `what` says what the event has to do with the call. */
export function eventField(what: string) {
  return z.string().max(40).nullable().describe(`${what}, such as "event_12"; null for none`);
}

/** The event that a field names, or the sentence that says what is wrong with it. */
export function readEvent(text: string, field: string): Result<EventId, string> {
  const id = parseId('event', text);
  return id === undefined ? err(`${field}: "${text}" is not an event id such as event_12`) : ok(id);
}

export function readEventOrNull(text: string | null, field: string): Result<EventId | null, string> {
  return text === null ? ok(null) : readEvent(text, field);
}
