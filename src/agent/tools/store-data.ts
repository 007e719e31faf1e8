import { z } from 'zod';
import { ok } from '../../lib/result.ts';
import { defineTool } from './define-tool.ts';
import { readEventOrNull } from './fields.ts';

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
    const event = readEventOrNull(source, 'source');
    return event.ok ? ok({ kind: 'store_data', key, value, sourceEventId: event.value }) : event;
  },
});
