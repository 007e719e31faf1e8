import type { Clock } from '../lib/clock.ts';

/** A signal that is aborted after some time, or when the given one is. `end` forgets the time. */
export function limitTime(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
): { signal: AbortSignal; end(): void } {
  const limit = new AbortController();
  const end = clock.at(clock.now() + ms, () => limit.abort());
  return { signal: AbortSignal.any([signal, limit.signal]), end };
}

/** What `work` gives; undefined when the signal is aborted first, whatever `work` still does. */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  let forget = () => {};
  const aborted = new Promise<undefined>((resolve) => {
    const stop = () => resolve(undefined);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    forget = () => signal.removeEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    forget();
  }
}
