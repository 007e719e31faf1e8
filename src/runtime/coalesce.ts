import type { Clock } from '../lib/clock.ts';

/** Runs `run` once, `delayMs` after the first of any number of calls. */
export function coalesce(clock: Clock, delayMs: number, run: () => void): { call(): void; cancel(): void } {
  let cancel: (() => void) | undefined;
  return {
    call() {
      cancel ??= clock.at(clock.now() + delayMs, () => {
        cancel = undefined;
        run();
      });
    },
    cancel() {
      cancel?.();
      cancel = undefined;
    },
  };
}
