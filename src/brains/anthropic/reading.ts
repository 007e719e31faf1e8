import type { Usage } from '../../domain/brain.ts';
import { buildSizeLimit } from '../model/model-fetch.ts';
import type { Asked, Reply } from '../model/reply.ts';
import { readUsage } from '../model/usage.ts';
import { type Block, type Counts, type Delta, type Event, parseEvent } from './events.ts';
import { type Part, toReply } from './reply.ts';

/** One answer as far as it has been read. */
export type Reading = {
  /** Takes the next event. Throws `BrainError` (`malformed`) for one that is none, and when there is no end of it. */
  take(event: unknown): void;
  hasBegun(): boolean;
  hasEnded(): boolean;
  /** What it took so far; undefined before the provider said anything. */
  countUsage(): Usage | undefined;
  /** The whole answer, once it has ended. */
  finish(): Reply<Block>;
};

type State = {
  parts: Map<number, Part>;
  counts: Counts;
  answered: string;
  stop: string;
  explanation: string;
};

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
