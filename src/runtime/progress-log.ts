import type { Fence } from '../domain/fence.ts';
import type { Store } from '../domain/store.ts';
import { appendOnce } from '../lib/append-once.ts';
import { computeBackoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { hourMs, secondMs } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import type { Failpoint, Stage } from './stage.ts';

export type ProgressLogDeps = {
  store: Pick<Store, 'claimProgressEntry' | 'finishProgressEntry' | 'postponeProgressEntry'>;
  clock: Clock;
  log: Log;
  failpoint: Failpoint;
  /** The file. */
  progressLog: string;
};

const backoff = { firstMs: 10 * secondMs, longestMs: hourMs };

/**
 * Appends what resets put on record to the progress log, the oldest first. The file is written before the row:
 * a process that dies in between leaves an entry that the next one finds in the file. One that cannot be written
 * is tried for ever, and the status tells why.
 */
export function buildProgressLog(deps: ProgressLogDeps, fence: Fence, signal: AbortSignal): Stage {
  const { store, clock, log, failpoint, progressLog: file } = deps;
  return {
    name: 'progress',
    async tick() {
      if (signal.aborted) return false;
      const entry = await store.claimProgressEntry(fence, clock.now());
      if (entry === undefined) return false;
      failpoint('progress.claimed');
      const appended = await appendOnce(file, entry.text);
      failpoint('progress.appended');
      const now = clock.now();
      if (appended.ok) {
        await store.finishProgressEntry(fence, entry.id, now);
        log.info({ entry: entry.id, how: appended.value }, 'the progress log has an entry');
      } else {
        const retryAt = now + computeBackoff(entry.attempts, backoff);
        await store.postponeProgressEntry(fence, entry.id, appended.error, retryAt);
        log.warn({ entry: entry.id, file, error: appended.error }, 'the progress log could not be written');
      }
      failpoint('progress.settled');
      return true;
    },
  };
}
