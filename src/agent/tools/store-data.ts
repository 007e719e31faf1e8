import { z } from 'zod';
import { parseId } from '../../domain/ids.ts';
import { err, ok } from '../../lib/result.ts';
import { defineTool } from './define-tool.ts';

export const storeData = defineTool({
  name: 'store_data',
  description:
    'Keeps one fact about this errand for later turns and for the owner. A key stored again replaces the old value.',
  shape: {
    key: z.string().min(1).max(120).describe('Short and stable: "offer.hotel-nikko"'),
    value: z.string().min(1).max(2000),
    source: z
      .string()
      .max(40)
      .nullable()
      .describe('The event it was read from, such as "event_12"; null when it was not read'),
  },
  example: { key: 'offer.hotel-nikko', value: '$289 a night, with breakfast', source: 'event_12' },
  toEffect({ key, value, source }) {
    const sourceEventId = source === null ? null : parseId('event', source);
    if (sourceEventId === undefined) return err(`source: "${source}" is not an event id such as event_12`);
    return ok({ kind: 'store_data', key, value, sourceEventId });
  },
});
