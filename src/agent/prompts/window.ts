/** A window over a history that grows slides in leaps, so that most turns begin with the same bytes as the last. */
const leaps = [20, 10, 5, 2];

/** Where the newest that fit into `most` characters begin. */
export function findStart(lengths: readonly number[], most: number): number {
  let start = lengths.length;
  let room = most;
  while (start > 0 && room >= (lengths[start - 1] ?? 0)) {
    start -= 1;
    room -= lengths[start] ?? 0;
  }
  return start;
}

/**
 * The same, moved on to the next position that a leap ends at, counted from the very first one: `older`
 * came before those given. The longest leap that leaves at least a third.
 */
export function leapToStart(lengths: readonly number[], older: number, most: number): number {
  const first = findStart(lengths, most);
  if (first + older === 0) return 0;
  const sum = (from: number) => lengths.slice(from).reduce((total, length) => total + length, 0);
  const enough = Math.min(most, sum(first)) / 3;
  const starts = leaps.map((leap) => Math.ceil((first + older) / leap) * leap - older);
  return starts.find((start) => sum(start) >= enough) ?? first;
}
