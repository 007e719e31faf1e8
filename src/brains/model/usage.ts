import type { ModelRequest, Usage } from '../../domain/brain.ts';
import type { ModelOptions } from './options.ts';

/** Tokens as a provider reports them: what was cached or written is part of the input. */
export type ReportedUsage = { input: unknown; cached: unknown; written: unknown; output: unknown };

/**
 * What a call took. A server that counts nothing, or nonsense, is taken to have read and written a token for
 * every byte: no call is free because nobody counted it.
 */
export function readUsage(
  { input, cached, written, output }: ReportedUsage,
  { asked, answered }: { asked: string; answered: string },
): Usage {
  const inputTokens = readCount(input) || Buffer.byteLength(asked);
  const cachedTokens = Math.min(inputTokens, readCount(cached));
  return {
    inputTokens,
    cachedTokens,
    writtenTokens: Math.min(inputTokens - cachedTokens, readCount(written)),
    outputTokens: readCount(output) || Buffer.byteLength(answered),
  };
}

/** No model reads or writes as much at once. A server that says so must not spoil the sums of a jorb for ever. */
const mostTokens = 10_000_000;

function readCount(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0) return 0;
  return Math.min(value, mostTokens);
}

/**
 * The most that a call with this body may cost: no tokenizer makes more tokens than bytes, and which of them
 * a cache takes or gives is only known afterwards.
 */
export function computeWorstCost(body: object, { computeCost, mostOutputTokens }: ModelOptions): number {
  const inputTokens = Buffer.byteLength(JSON.stringify(body));
  const usage = { inputTokens, cachedTokens: 0, writtenTokens: 0, outputTokens: mostOutputTokens };
  return Math.max(
    computeCost(usage),
    computeCost({ ...usage, cachedTokens: inputTokens }),
    computeCost({ ...usage, writtenTokens: inputTokens }),
  );
}

/** Whose conversation it is, for a cache that keeps them apart. */
export function nameConversation({ jorbId }: ModelRequest): string {
  return jorbId ?? 'router';
}
