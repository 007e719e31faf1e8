/** By how much of its wait a try may come earlier, so that those who failed together do not all come back together. */
const spread = 0.25;

/** How long to wait after so many earlier failures: twice as long each time. `random` is from 0 to 1. */
export function computeBackoff(
  failures: number,
  { firstMs, longestMs }: { firstMs: number; longestMs: number },
  random = 0,
): number {
  return Math.round(Math.min(firstMs * 2 ** failures, longestMs) * (1 - spread * random));
}
