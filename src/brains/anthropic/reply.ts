import { z } from 'zod';
import { type AnswerStop, BrainError, type ToolCall, type Usage } from '../../domain/brain.ts';
import { readArguments } from '../model/arguments.ts';
import { nameCalls } from '../model/conversation.ts';
import { buildSizeLimit } from '../model/model-fetch.ts';
import { readUsage } from '../model/usage.ts';

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

type Event = z.infer<typeof eventSchema>;
type Counts = z.infer<typeof counts>;
type Block = Extract<Event, { type: 'content_block_start' }>['content_block'];
type Delta = Extract<Event, { type: 'content_block_delta' }>['delta'];

export type Reply = { items: Block[]; text: string; toolCalls: ToolCall[]; usage: Usage; stop: AnswerStop };

/** One answer as far as it has been read. */
export type Reading = {
  /** Takes the next event. Throws `BrainError` (`malformed`) for one that is none, and when there is no end of it. */
  take(event: unknown): void;
  hasBegun(): boolean;
  hasEnded(): boolean;
  /** What it took so far; undefined before the provider said anything. */
  countUsage(): Usage | undefined;
  /** The whole answer, once it has ended. */
  finish(): Reply;
};

type Part = { block: Block; json: string };
type State = {
  parts: Map<number, Part>;
  counts: Counts;
  answered: string;
  stop: string;
  explanation: string;
};

/** What an answer is read with: the JSON of the request, and the ids of the calls before. */
export type Asked = { body: string; callIds: ReadonlySet<string> };

/** Puts an answer together from the events of its stream. */
export function openReading({ body, callIds }: Asked): Reading {
  const limit = buildSizeLimit();
  const state: State = { parts: new Map(), counts: {}, answered: '', stop: '', explanation: '' };
  let phase: 'before' | 'within' | 'after' = 'before';
  const countUsage = () => countTokens(state, body, phase === 'after');
  return {
    take(given) {
      const event = parseEvent(given);
      if (event === undefined) return;
      if (event.type === 'message_start') phase = 'within';
      if (event.type === 'message_stop') phase = 'after';
      take(event, state, limit);
    },
    hasBegun: () => phase !== 'before',
    hasEnded: () => phase === 'after',
    countUsage: () => (phase === 'before' ? undefined : countUsage()),
    finish: () => ({ ...toReply(state, callIds), usage: countUsage() }),
  };
}

/** Undefined for a kind of event that is newer than this. */
function parseEvent(given: unknown): Event | undefined {
  const { success, data } = eventSchema.safeParse(given);
  if (success) return data;
  const type = typeof given === 'object' && given !== null && 'type' in given ? String(given.type) : '';
  if (type !== '' && !knownTypes.has(type)) return undefined;
  throw new BrainError('the model sent a part of an answer that is none', { kind: 'malformed' });
}

function take(event: Event, state: State, limit: (text: string) => void): void {
  switch (event.type) {
    case 'message_start':
      keepCounts(state, event.message.usage);
      return;
    case 'message_delta':
      state.stop = event.delta.stop_reason ?? state.stop;
      state.explanation = event.delta.stop_details?.explanation ?? state.explanation;
      keepCounts(state, event.usage ?? {});
      return;
    case 'content_block_start': {
      const { content_block: block } = event;
      limit(JSON.stringify(block));
      state.answered += `${block.text ?? ''}${block.thinking ?? ''}`;
      state.parts.set(event.index, { block, json: '' });
      return;
    }
    case 'content_block_delta': {
      const { text = '', thinking = '', partial_json = '', signature = '' } = event.delta;
      limit(`${text}${thinking}${partial_json}${signature}`);
      state.answered += `${text}${thinking}${partial_json}`;
      const part = state.parts.get(event.index);
      if (part) extend(part, event.delta);
    }
  }
}

/** Later counts are of the whole answer, and stand where they are given. */
function keepCounts(state: State, later: Counts): void {
  const given = Object.entries(later).filter(([, count]) => typeof count === 'number');
  state.counts = { ...state.counts, ...Object.fromEntries(given) };
}

function extend(part: Part, { text, thinking, signature, partial_json: json }: Delta): void {
  const { block } = part;
  if (text !== undefined) block.text = `${block.text ?? ''}${text}`;
  if (thinking !== undefined) block.thinking = `${block.thinking ?? ''}${thinking}`;
  if (signature !== undefined) block.signature = signature;
  if (json !== undefined) part.json += json;
}

/** Of an answer that broke off, the provider has not said what it wrote: that is estimated from what arrived. */
function countTokens({ counts, answered }: State, asked: string, isWhole: boolean): Usage {
  const { input_tokens = 0, cache_read_input_tokens: cached, cache_creation_input_tokens: written } = counts;
  const estimated = isWhole ? 0 : Math.ceil(Buffer.byteLength(answered) / 3);
  const input = (input_tokens ?? 0) + (cached ?? 0) + (written ?? 0);
  const output = Math.max(counts.output_tokens ?? 0, estimated);
  return readUsage({ input, cached, written, output }, { asked, answered });
}

function toReply(
  { parts, stop: reason, explanation }: State,
  callIds: ReadonlySet<string>,
): Omit<Reply, 'usage'> {
  const ordered = [...parts].sort(([one], [other]) => one - other).map(([, part]) => part);
  const isCut = reason === 'max_tokens' || reason === 'model_context_window_exceeded';
  const whole = nameParts(
    ordered.filter((part) => !(isCut && hasHalfACall(part))),
    callIds,
  );
  const toolCalls = whole.flatMap((part) => (part.block.type === 'tool_use' ? [toCall(part)] : []));
  const read = (type: string, field: 'text' | 'thinking') =>
    whole.flatMap(({ block }) => (block.type === type ? [block[field] ?? ''] : [])).join('\n');
  return {
    items: whole.map(toItem),
    text: [explanation, read('text', 'text'), read('thinking', 'thinking')].find((each) => each.trim()) ?? '',
    toolCalls,
    stop: toStop(reason, toolCalls),
  };
}

/** Nothing can be done about it, and it is not worth an error of the agent. */
function hasHalfACall({ block, json }: Part): boolean {
  return block.type === 'tool_use' && typeof readArguments(json) === 'string';
}

/** The API takes no two calls of one id back, whatever has given it to them. */
function nameParts(parts: Part[], taken: ReadonlySet<string>): Part[] {
  const given = parts.flatMap(({ block: { type, id } }) =>
    type === 'tool_use' && id !== undefined ? [id] : [],
  );
  const ids = nameCalls(given, { fit: /^[\w-]{1,64}$/, taken });
  return parts.map((part) => {
    const { type, id } = part.block;
    if (type !== 'tool_use' || id === undefined) return part;
    return { ...part, block: { ...part.block, id: ids.shift() ?? id } };
  });
}

function toCall({ block: { id, name, input }, json }: Part): ToolCall {
  if (id === undefined || name === undefined) {
    throw new BrainError('the model made a call without a name', { kind: 'malformed' });
  }
  return { id, name, arguments: json.trim() === '' ? (input ?? {}) : readArguments(json) };
}

/** As it came. Arguments that are no object cannot be sent back: the result of the call says what was wrong. */
function toItem({ block, json }: Part): Block {
  if (block.type !== 'tool_use' || json.trim() === '') return block;
  const input = readArguments(json);
  const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
  return { ...block, input: isObject ? input : {} };
}

function toStop(reason: string, calls: readonly ToolCall[]): AnswerStop {
  if (reason === 'refusal') return 'refused';
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'cut';
  if (calls.length > 0) return 'tools';
  return reason === 'pause_turn' ? 'cut' : 'end';
}
