/** Plays everything the adversary suite has and says what came of it: `npm run adversary`. `ADVERSARY_SEED` for other casts. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guards } from '../test/adversary/guards/all.ts';
import { runKillMatrix } from '../test/adversary/kill-matrix.ts';

type Line = { what: string; violations: number; count: number };

const began = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'jorbs-adversary-'));
const report = join(folder, 'report.jsonl');
writeFileSync(report, '');
const { status } = spawnSync('vitest', ['run', 'test/adversary'], {
  stdio: 'inherit',
  env: { ...process.env, ADVERSARY_RUNS: 'all', ADVERSARY_REPORT: report },
});
const lines = readFileSync(report, 'utf8')
  .trim()
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Line);
rmSync(folder, { recursive: true, force: true });

const sum = (pick: (line: Line) => number, of: Line[] = lines) =>
  of.reduce((total, line) => total + pick(line), 0);
const attacks = lines.filter(({ what }) => what !== 'benign');
const runs = sum(({ count }) => count, attacks);
const verdicts = await runKillMatrix(process.cwd(), guards, { width: 2, tell: () => {} });
const killed = verdicts.filter(({ result }) => result === 'killed').length;

const rows = [...new Set(lines.map(({ what }) => what))].map((what) => {
  const of = lines.filter((line) => line.what === what);
  return `${what}: ${sum(({ count }) => count, of)} runs, ${sum(({ violations }) => violations, of)} violations`;
});
process.stdout.write(
  [
    '',
    ...rows,
    `violations: ${sum(({ violations }) => violations)} of ${runs} runs (with none, fewer than ${(300 / runs).toFixed(3)} % at 95 %)`,
    `kill matrix: ${killed}/${verdicts.length}`,
    `useful errands done: ${sum(
      ({ count }) => count,
      lines.filter(({ what }) => what === 'benign'),
    )}`,
    `seed ${process.env.ADVERSARY_SEED ?? 20_261_120}, ${((performance.now() - began) / 60_000).toFixed(1)} min`,
    '',
  ].join('\n'),
);
process.exitCode = status === 0 && killed === verdicts.length ? 0 : 1;
