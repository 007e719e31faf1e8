import { z } from 'zod';
import { BrainError } from '../../domain/brain.ts';

const counts = z.looseObject({
  input_tokens: z.number().nullish(),
  cache_read_input_tokens: z.number().nullish(),
  cache_creation_input_tokens: z.number().nullish(),
  output_tokens: z.number().nullish(),
});
const index = z.number();
const words = z.string().optional();
const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message_start'), message: z.looseObject({ usage: counts }) }),
  z.object({
    type: z.literal('content_block_start'),
    index,
    content_block: z.looseObject({ type: z.string(), id: words, name: words, text: words, thinking: words }),
  }),
  z.object({
    type: z.literal('content_block_delta'),
    index,
    delta: z.looseObject({ text: words, thinking: words, signature: words, partial_json: words }),
  }),
  z.object({ type: z.literal('content_block_stop'), index }),
  z.object({
    type: z.literal('message_delta'),
    delta: z.looseObject({
      stop_reason: z.string().nullish(),
      stop_details: z.looseObject({ explanation: z.string().nullish() }).nullish(),
    }),
    usage: counts.nullish(),
  }),
  z.object({ type: z.literal('message_stop') }),
]);
const knownTypes = new Set(eventSchema.options.map(({ shape }) => shape.type.value as string));

export type Event = z.infer<typeof eventSchema>;
export type Counts = z.infer<typeof counts>;
export type Block = Extract<Event, { type: 'content_block_start' }>['content_block'];
export type Delta = Extract<Event, { type: 'content_block_delta' }>['delta'];

/** Undefined for a kind of event that is newer than this. */
export function parseEvent(given: unknown): Event | undefined {
  const { success, data } = eventSchema.safeParse(given);
  if (success) return data;
  const type = typeof given === 'object' && given !== null && 'type' in given ? String(given.type) : '';
  if (type !== '' && !knownTypes.has(type)) return undefined;
  throw new BrainError('the model sent a part of an answer that is none', { kind: 'malformed' });
}
