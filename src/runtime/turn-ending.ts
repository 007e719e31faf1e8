import type { TurnEnding } from '../agent/loop.ts';
import { isOutage } from '../domain/brain.ts';
import type { Fence } from '../domain/fence.ts';
import type { Store } from '../domain/store.ts';
import type { ClaimedTurn } from '../domain/turn.ts';
import { computeBackoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { hourMs, secondMs } from '../lib/duration.ts';
import type { ModelDeps } from './model-deps.ts';

export type EndedTurn = { turn: ClaimedTurn; ending: TurnEnding };

export type EndingDeps = {
  store: Pick<Store, 'finishTurn' | 'finishStuckTurn' | 'failTurn' | 'putBackTurn' | 'pauseTurn'>;
  clock: Clock;
  model: ModelDeps | null;
  random: () => number;
};

export const longestTurnDelayMs = hourMs;
const backoff = { firstMs: 30 * secondMs, longestMs: longestTurnDelayMs };
/** With this failure in a row the jorb pauses with the error, for the owner to see. */
const lastFailure = 5;

/**
 * What a turn came to, for its jorb. A model that is down is nobody's failure: the jorb waits for it, and so
 * does what the fallback has looked at. Money that has run out pauses the jorb without counting against it.
 */
export async function writeEnding(
  { store, clock, model, random }: EndingDeps,
  fence: Fence,
  { turn, ending }: EndedTurn,
): Promise<void> {
  const { id, failures, thinker } = turn;
  const now = clock.now();
  if (ending.kind === 'unwanted') {
    // What it saw is seen again as soon as the owner lets the jorb go on.
    return store.failTurn(fence, id, 'the owner stopped or paused it', now, now);
  }
  if (thinker.kind === 'fallback') {
    return store.putBackTurn(fence, id, 'the model is down; the built-in rules took note', now);
  }
  switch (ending.kind) {
    case 'finished':
      return store.finishTurn(fence, id, now);
    case 'stuck':
      return store.finishStuckTurn(fence, id, ending.reason, now);
    case 'failed': {
      const { error, failure, mayRetry } = ending;
      if (failure === 'budget') return store.pauseTurn(fence, id, { cause: 'limit', reason: error }, now);
      if (model !== null && isOutage(failure)) return store.putBackTurn(fence, id, error, now);
      const retryAt = computeRetryAt({ mayRetry, random: random() }, failures, now);
      return store.failTurn(fence, id, error, retryAt, now);
    }
  }
}

/** Null: it is not tried again, and the jorb pauses with the error. */
export function computeRetryAt(
  { mayRetry, random }: { mayRetry: boolean; random: number },
  failures: number,
  now: number,
): number | null {
  if (!mayRetry || failures + 1 >= lastFailure) return null;
  return now + computeBackoff(failures, backoff, random);
}
