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

const firstRetryMs = 15 * secondMs;
const longestRetryMs = 15 * minuteMs;
/** The most that a provider's word is taken for. */
const longestPatienceMs = hourMs;
/** By how much of the wait a try comes earlier, or after a provider's word later. */
const spread = 0.25;

/** When the model is asked again, after so many earlier failures in this outage. */
export function computeNextTry(
  failures: number,
  { retryAfterMs, random }: Pick<NewOutage, 'retryAfterMs' | 'random'>,
  now: number,
): number {
  if (retryAfterMs === null) {
    const backoffMs = Math.min(firstRetryMs * 2 ** failures, longestRetryMs);
    return now + Math.round(backoffMs * (1 - spread * random));
  }
  const askedMs = Math.min(Math.max(retryAfterMs, firstRetryMs), longestPatienceMs);
  return now + Math.round(Math.min(askedMs * (1 + spread * random), longestPatienceMs));
}
