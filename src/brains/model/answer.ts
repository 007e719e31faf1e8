import { type BrainAnswer, BrainError, longestReasoning, type ToolCall } from '../../domain/brain.ts';
import { type EventId, parseId } from '../../domain/ids.ts';
import { canonicalJson, type Json, sha256 } from '../../lib/canonical.ts';
import { shorten } from '../../lib/text.ts';
import { deepest, isDeeper } from './arguments.ts';
import { toWellFormed } from './conversation.ts';
import { describeUnkeepable } from './failures.ts';
import type { ModelOptions } from './options.ts';
import type { Reply } from './reply.ts';

const mostBasedOn = 50;
/** More than any answer to an errand; it is kept in a row and sent back with every later step. */
const mostItemBytes = 1_000_000;

export type AnsweredCall = {
  wire: string;
  /** As it was sent. */
  body: object;
  startedAt: number;
  options: Pick<ModelOptions, 'model' | 'computeCost' | 'now'>;
  reply: Reply<unknown>;
};

/**
 * The same answer from every wire. Throws `BrainError` (`malformed`, with the usage) for one that is too
 * large to keep.
 */
export function toAnswer({ wire, body, startedAt, options, reply }: AnsweredCall): BrainAnswer {
  const { model, computeCost, now } = options;
  const durationMs = now() - startedAt;
  const { items, text, toolCalls, usage, stop } = reply;
  if (isDeeper(items, 2 * deepest)) {
    throw describeUnkeepable(usage);
  }
  const size = Buffer.byteLength(JSON.stringify(items));
  if (size > mostItemBytes) {
    const megabytes = (size / 1_000_000).toFixed(1);
    throw new BrainError(`the model answered with ${megabytes} MB, which no errand needs`, {
      kind: 'malformed',
      usage,
    });
  }
  return {
    wire,
    items: toWellFormed(items),
    reasoning: shorten(text.trim() || describeCalls(toolCalls), longestReasoning).toWellFormed(),
    confidence: readConfidence(toolCalls),
    basedOn: readEvents(toolCalls),
    toolCalls,
    usage,
    call: { model, promptHash: hashPrompt(body), costMicros: computeCost(usage), durationMs },
    stop,
  };
}

/** Of all that the model was given, in canonical form. */
function hashPrompt(body: object): string {
  return sha256(canonicalJson(JSON.parse(JSON.stringify(body)) as Json));
}

function describeCalls(calls: readonly ToolCall[]): string {
  return calls.length === 0 ? '' : `It gave no reason for: ${calls.map(({ name }) => name).join(', ')}.`;
}

/** The least sure of its calls; where none says, nothing depends on it. */
function readConfidence(calls: readonly ToolCall[]): number {
  const stated = calls.flatMap((call) => {
    const value = readField(call, 'confidence');
    return typeof value === 'number' && value >= 0 && value <= 1 ? [value] : [];
  });
  return Math.min(1, ...stated);
}

/** The events that its calls name. */
function readEvents(calls: readonly ToolCall[]): EventId[] {
  const named = calls.flatMap((call) =>
    [readField(call, 'based_on'), readField(call, 'source'), readField(call, 'evidence')].flat(),
  );
  const ids = named.flatMap((each) => (typeof each === 'string' ? [parseId('event', each)] : []));
  return [...new Set(ids.filter((id) => id !== undefined))].slice(0, mostBasedOn);
}

function readField({ arguments: given }: ToolCall, field: string): unknown {
  return typeof given === 'object' && given !== null ? (given as Record<string, unknown>)[field] : undefined;
}
