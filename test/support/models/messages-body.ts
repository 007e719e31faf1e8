import { z } from 'zod';

const cacheControl = z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() });
const cached = { cache_control: cacheControl.nullish() };
const id = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);
const filled = z.string().regex(/\S/, 'text content blocks must be non-empty');
const text = z.strictObject({
  type: z.literal('text'),
  text: filled,
  citations: z.null().optional(),
  ...cached,
});
const block = z.discriminatedUnion('type', [
  text,
  z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string().min(1) }),
  z.strictObject({
    type: z.literal('tool_use'),
    id,
    name: id,
    input: z.record(z.string(), z.unknown()),
    caller: z.strictObject({ type: z.literal('direct') }).optional(),
    ...cached,
  }),
  z.strictObject({
    type: z.literal('tool_result'),
    tool_use_id: id,
    content: z.union([filled, z.array(text).min(1)]),
    is_error: z.boolean().optional(),
    ...cached,
  }),
]);
const tool = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  input_schema: z.record(z.string(), z.unknown()),
  strict: z.boolean().optional(),
  ...cached,
});

/** What the API takes, field by field: no `temperature`, `top_p` or `top_k`, and nothing it does not know. */
export const messagesBody = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.number().int().positive(),
  messages: z
    .array(
      z.strictObject({
        role: z.enum(['user', 'assistant']),
        content: z.union([filled, z.array(block).min(1, 'content is empty')]),
      }),
    )
    .min(1, 'messages: at least one'),
  system: z.union([z.string(), z.array(text)]).optional(),
  tools: z.array(tool).optional(),
  tool_choice: z.looseObject({ type: z.enum(['auto', 'any', 'tool', 'none']) }).optional(),
  thinking: z.looseObject({ type: z.enum(['enabled', 'disabled', 'adaptive']) }).optional(),
  metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
  stop_sequences: z.array(z.string()).optional(),
  stream: z.boolean().optional(),
  ...cached,
});

export type MessagesBody = z.infer<typeof messagesBody>;
export type Message = MessagesBody['messages'][number];
export type Block = z.infer<typeof block>;

/** A bare text is one block. */
export function listContent({ content }: Pick<Message, 'content'>): Block[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

/** Everything that is in the prompt, in the order in which the API caches it: tools, system text, messages. */
export function listPromptParts({ tools = [], system = [], messages }: MessagesBody): object[] {
  const systemBlocks = typeof system === 'string' ? [{ type: 'text', text: system }] : system;
  return [...tools, ...systemBlocks, ...messages.flatMap(listContent)];
}
