import { computeBackoff } from '../lib/backoff.ts';
import { hourMs, minuteMs, secondMs } from '../lib/duration.ts';

/** The model does not answer, for any jorb. */
export type Outage = {
  since: number;
  failures: number;
  /** What it said last, for the owner. */
  error: string;
  /** Until then it is left alone; then one asks first, and the others wait for what comes of it. */
  retryAt: number;
  /** Since when the fallback is at work. */
  fallbackAt: number | null;
};

export type NewOutage = {
  error: string;
  /** How long the provider asked to be left alone. */
  retryAfterMs: number | null;
  /** From 0 to 1, for the spread of the next try. */
  random: number;
  /** Whether it was the one that asked first: one of many that hear the same is no further failure. */
  isProbe: boolean;
};

const backoff = { firstMs: 15 * secondMs, longestMs: 15 * minuteMs };
/** The most that a provider's word is taken for; nothing else makes a model be left alone for longer. */
export const longestPatienceMs = hourMs;
/** By how much of the wait that a provider asked for a try may come later. */
const spread = 0.25;

/** When the model is asked again, after so many earlier failures in this outage. */
export function computeNextTry(
  failures: number,
  { retryAfterMs, random }: Pick<NewOutage, 'retryAfterMs' | 'random'>,
  now: number,
): number {
  if (retryAfterMs === null) return now + computeBackoff(failures, backoff, random);
  const askedMs = Math.min(Math.max(retryAfterMs, backoff.firstMs), longestPatienceMs);
  return now + Math.round(Math.min(askedMs * (1 + spread * random), longestPatienceMs));
}
