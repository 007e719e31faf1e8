import { z } from 'zod';
import type { EventId } from '../../domain/ids.ts';
import { ok } from '../../lib/result.ts';
import { defineTool } from './define-tool.ts';
import { readEvent } from './fields.ts';

export const complete = defineTool({
  name: 'complete',
  description:
    'Ends the errand as done. Name the inbound messages that prove it, such as the confirmation: without any, the owner is told that it is unconfirmed.',
  shape: {
    outcome: z
      .string()
      .min(1)
      .max(2000)
      .describe('For the owner: what was achieved, with amounts and references'),
    evidence: z
      .array(z.string().max(40).describe('An event id such as "event_12"'))
      .max(50)
      .describe('The events that prove it; empty when there is no proof'),
  },
  example: { outcome: 'Booked at $289.00 a night, confirmation 4711.', evidence: ['event_12'] },
  toEffect({ outcome, evidence }) {
    const ids: EventId[] = [];
    for (const text of evidence) {
      const event = readEvent(text, 'evidence');
      if (!event.ok) return event;
      ids.push(event.value);
    }
    return ok({ kind: 'complete', outcome, evidence: ids });
  },
});
