import { type Lock, tryLock } from '../db/lock.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';

/** With the time to notice, takeover stays under 250 ms even when nothing tells that the holder went. */
const pollMs = 200;
/** While the holder's going would be noticed at once, the poll is for what nobody thought of. */
const watchedPollMs = 1000;

/** A dying process lets go of its socket and of its lock in no fixed order, but within moments. */
const hurry = { pollMs: 10, tries: 10 };

export type Election = {
  /** Tries at once and more often for a moment: the holder was seen to go. */
  hurry(): void;
  /** Afterwards `gained` is not called. Twice is harmless. */
  stop(): void;
};

export type ElectionOptions = {
  clock: Clock;
  log: Log;
  /** Whether `hurry` will be called as soon as the holder goes. */
  isWatched: () => boolean;
  /** Called once; the lock is then the callee's to release. */
  gained: (lock: Lock) => void;
};

/** Seeks the lock from now on. A file that cannot be locked is reported once and tried on. */
export function seekLock(file: string, { clock, log, isWatched, gained }: ElectionOptions): Election {
  let isOver = false;
  let cancel = () => {};
  let reported = '';
  let hurriedTries = 0;

  const attempt = () => {
    if (isOver) return;
    cancel();
    const lock = tryOnce();
    if (lock) {
      isOver = true;
      gained(lock);
    } else {
      cancel = clock.at(clock.now() + computeDelay(), attempt);
      hurriedTries = Math.max(0, hurriedTries - 1);
    }
  };

  const computeDelay = () => {
    if (hurriedTries > 0) return hurry.pollMs;
    return isWatched() ? watchedPollMs : pollMs;
  };

  const tryOnce = () => {
    try {
      return tryLock(file);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== reported) log.error({ err: error }, 'the runtime lock is unusable');
      reported = message;
      return undefined;
    }
  };

  attempt();
  return {
    hurry() {
      hurriedTries = hurry.tries;
      attempt();
    },
    stop() {
      isOver = true;
      cancel();
    },
  };
}
