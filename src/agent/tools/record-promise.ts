import { z } from 'zod';
import { parseId } from '../../domain/ids.ts';
import { promisors } from '../../domain/promise.ts';
import type { PromiseRecord } from '../../domain/turn.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { defineTool } from './define-tool.ts';
import { eventField, readEventOrNull } from './fields.ts';
import { readInstant } from './read-instant.ts';

const made = z.strictObject({
  by: z.enum(promisors).describe('"us": you, for the owner; "them": the contact'),
  with: z.string().min(1).max(200).describe('The contact, as the contract lists it: "loopback:magic"'),
  text: z.string().min(1).max(500).describe('What will be done, complete without the transcript'),
  due: z
    .string()
    .max(40)
    .nullable()
    .describe('By when, ISO 8601 with an offset: 2026-11-21T09:00:00Z; null when nothing was said'),
  source: eventField('The event in which it was said'),
});

const closed = z.strictObject({
  id: z.string().max(40).describe('Such as "promise_3"'),
  status: z.enum(['kept', 'broken', 'released']).describe('"released": it is not owed any more'),
});

export const recordPromise = defineTool({
  name: 'record_promise',
  description:
    'Keeps who has promised what by when, or closes such a promise. When one with a time is due and still open, you look at the errand again.',
  shape: {
    made: made.nullable().describe('A new promise; null when one is closed'),
    closed: closed.nullable().describe('What became of an open one; null when one is made'),
  },
  example: {
    made: {
      by: 'them',
      with: 'loopback:magic',
      text: 'to send the offer',
      due: '2026-11-21T09:00:00Z',
      source: 'event_12',
    },
    closed: null,
  },
  toEffect(given, { now }) {
    const record = readRecord(given, now);
    return record.ok ? ok({ kind: 'record_promise', promise: record.value }) : record;
  },
});

type Given = { made: z.infer<typeof made> | null; closed: z.infer<typeof closed> | null };

function readRecord(given: Given, now: number): Result<PromiseRecord, string> {
  if (given.made !== null && given.closed === null) return readMade(given.made, now);
  if (given.made !== null || given.closed === null)
    return err('give either made or closed, and null for the other');
  const id = parseId('promise', given.closed.id);
  return id === undefined
    ? err(`closed.id: "${given.closed.id}" is not a promise id such as promise_3`)
    : ok({ kind: 'closed', id, status: given.closed.status });
}

function readMade(
  { by, with: whom, text, due, source }: NonNullable<Given['made']>,
  now: number,
): Result<PromiseRecord, string> {
  const event = readEventOrNull(source, 'made.source');
  if (!event.ok) return event;
  const dueAt = due === null ? ok(null) : readInstant(due, 'made.due', now);
  if (!dueAt.ok) return dueAt;
  return ok({ kind: 'made', by, with: whom, text, dueAt: dueAt.value, sourceEventId: event.value });
}
