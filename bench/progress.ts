import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { appendOnce } from '../src/lib/append-once.ts';
import { readLastLines } from '../src/lib/last-lines.ts';
import { withFolder } from './folder.ts';
import { median, milliseconds, pair, type Row } from './measure.ts';

const rounds = 100;
const sizes = { small: 1e3, large: 100e6 };

/** An entry of forty jorbs. */
const entry = (round: number) =>
  `## 2026-11-20: Session handoff (3-day reset)\n\n${'**jorb_47 – GDC Hotel** (RUNNING)\nStatus: waiting\n\n'.repeat(40)}<!-- end ${round} -->\n`;

/** The progress log in a file of a day and in one of a lifetime. */
export function measureProgress(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const small = fill(join(folder, 'small.txt'), sizes.small);
    const large = fill(join(folder, 'large.txt'), sizes.large);
    const append = await pair(
      rounds,
      (round) => appendOnce(large, entry(round)),
      (round) => appendOnce(small, entry(round)),
    );
    const end = { lines: 200, bytes: 20_000 };
    const read = await pair(
      rounds,
      () => readLastLines(large, end),
      () => readLastLines(small, end),
    );
    return [
      describe('an entry appended to a progress log of 100 MB, durable', append),
      describe('the end of a progress log of 100 MB, read', read),
    ];
  });
}

function describe(what: string, { ours, floor }: { ours: number[]; floor: number[] }): Row {
  const ratio = median(ours) / median(floor);
  return {
    what,
    ours: milliseconds(median(ours) * 1000),
    floor: `${milliseconds(median(floor) * 1000)}, at 1 kB`,
    ratio,
    target: '≤ 1.5×',
    met: ratio <= 1.5,
  };
}

function fill(file: string, bytes: number): string {
  const descriptor = openSync(file, 'w');
  const lines = Buffer.from(`${'an older entry of the log'.repeat(4)}\n`.repeat(1000));
  while (statSync(file).size < bytes) writeSync(descriptor, lines.subarray(0, Math.min(bytes, lines.length)));
  closeSync(descriptor);
  return file;
}
