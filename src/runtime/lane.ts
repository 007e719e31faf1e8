import { StaleEpoch } from '../domain/fence.ts';
import { computeBackoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { minuteMs, secondMs } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import type { Stage } from './stage.ts';

export type LaneOptions = {
  stage: Stage;
  /** How many ticks may be under way at once. */
  width: number;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  /** After each tick that did something. */
  moved: () => void;
  /** The stage found nothing more to do. */
  idle: () => void;
  /** The epoch is lost. Every other error is the lane's own affair. */
  deposed: () => void;
};

/** One stage, ticked until it finds nothing to do, then asleep until it is woken. */
export type Lane = {
  wake(): void;
  isBusy(): boolean;
  /** Resolves when no tick is under way. */
  stop(): Promise<void>;
};

const backoff = { firstMs: secondMs, longestMs: minuteMs };

export function buildLane(options: LaneOptions): Lane {
  const { stage, width, clock, log, signal, moved, idle, deposed } = options;
  const running = new Set<Promise<void>>();
  let isWanted = false;
  let failures = 0;
  let restUntil = 0;
  let cancelRest = () => {};

  const wake = () => {
    isWanted = true;
    if (signal.aborted || running.size >= width || clock.now() < restUntil) return;
    const run = work().finally(() => {
      running.delete(run);
      if (isWanted) wake();
      else idle();
    });
    running.add(run);
  };

  const work = async () => {
    while (!signal.aborted) {
      isWanted = false;
      // A tick that outlives one pass of the event loop has found work and waits: another may look too.
      const probe = setImmediate(() => width > 1 && wake());
      try {
        if (!(await stage.tick())) return;
        failures = 0;
        moved();
      } catch (error) {
        return rest(error);
      } finally {
        clearImmediate(probe);
      }
      await new Promise(setImmediate);
    }
  };

  const rest = (error: unknown) => {
    if (signal.aborted) return;
    if (error instanceof StaleEpoch) return deposed();
    const backoffMs = computeBackoff(failures, backoff);
    failures += 1;
    log.error({ err: error, stage: stage.name, backoffMs }, 'a stage failed');
    restUntil = clock.now() + backoffMs;
    cancelRest();
    cancelRest = clock.at(restUntil, () => {
      // A clock that was set back would go on holding it.
      restUntil = 0;
      wake();
    });
  };

  return {
    wake,
    isBusy: () => running.size > 0,
    async stop() {
      cancelRest();
      await Promise.all(running);
    },
  };
}
