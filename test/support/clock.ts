import type { Clock } from '../../src/lib/clock.ts';

export type FakeClock = Clock & {
  /** Moves time on and runs what falls due on the way, in order of its time. */
  advance(ms: number): void;
  /** Somebody sets it to another time: no time passes, and the timers fire as long from now as before. */
  set(byMs: number): void;
  /** The time of the earliest timer, or undefined. */
  nextTimerAt(): number | undefined;
};

/** Friday 2026-11-20 09:00 UTC: a time at which nothing is special. */
export const testEpoch = Date.UTC(2026, 10, 20, 9, 0, 0);

export function buildFakeClock(start: number = testEpoch): FakeClock {
  let now = start;
  const timers = new Set<{ at: number; run: () => void }>();
  const next = () => [...timers].sort((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    at(at, run) {
      const timer = { at: Math.max(at, now), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    set(byMs) {
      now += byMs;
      for (const timer of timers) timer.at += byMs;
    },
    nextTimerAt: () => next()?.at,
    advance(ms) {
      const end = now + ms;
      for (let timer = next(); timer && timer.at <= end; timer = next()) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.run();
      }
      now = end;
    },
  };
}
