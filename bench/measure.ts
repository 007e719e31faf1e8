/** One line of the report: how we did against the floor measured in the same run. */
export type Row = {
  what: string;
  ours: string;
  floor: string;
  /** What the target is about, when it is a ratio. */
  ratio: number | null;
  target: string;
  /** Null where there is no target. */
  met: boolean | null;
};

export function percentile(samples: number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

export const median = (samples: number[]) => percentile(samples, 0.5);

/** Milliseconds since the epoch with the clock's full resolution, comparable between processes. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}

/** Seconds that `work` took. */
export async function time(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Runs both in turn, `rounds` times, so that a drifting machine slows them alike. Seconds of each round. */
export async function pair(
  rounds: number,
  ours: (round: number) => unknown,
  floor: (round: number) => unknown,
): Promise<{ ours: number[]; floor: number[] }> {
  const seconds = { ours: [] as number[], floor: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    seconds.floor.push(await time(() => floor(round)));
    seconds.ours.push(await time(() => ours(round)));
  }
  return seconds;
}

export const milliseconds = (value: number) => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
export const perSecond = (value: number) => `${Math.round(value).toLocaleString('en-US')}/s`;

export function renderTable(rows: Row[]): string {
  const lines = rows.map((row) => [
    row.what,
    row.ours,
    row.floor,
    row.ratio === null ? '—' : `${row.ratio.toFixed(2)}×`,
    row.target,
    row.met === null ? '—' : row.met ? 'yes' : '**no**',
  ]);
  const head = ['what', 'ours', 'floor', 'ratio', 'target', 'met'];
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
