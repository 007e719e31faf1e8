/** Where time comes from. Milliseconds since the epoch, UTC. Tests pass one they move by hand. */
export type Clock = {
  now(): number;
  /**
   * Calls `run` once, at `at` or as soon after as the process wakes. A time in the past runs on the
   * next turn of the event loop. The returned function cancels; calling it twice is harmless.
   */
  at(at: number, run: () => void): () => void;
};

/** Node clamps longer timers to 1 ms, so a far deadline is waited for in slices. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  at(at, run) {
    let timer: NodeJS.Timeout;
    const wait = () => {
      const left = at - Date.now();
      timer = left > longestTimerMs ? setTimeout(wait, longestTimerMs) : setTimeout(run, Math.max(0, left));
    };
    wait();
    return () => clearTimeout(timer);
  },
};
