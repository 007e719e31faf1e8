/** Takes each guard out of a copy and expects the adversary suite to fail: `npm run kill-matrix -- [PART OF A NAME]`. */
import { guards } from '../test/adversary/guards/all.ts';
import { runKillMatrix, type Verdict } from '../test/adversary/kill-matrix.ts';

const wanted = process.argv.slice(2);
const chosen = guards.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const began = performance.now();

function renderVerdict({ guard, result, by, seconds }: Verdict): string {
  const what =
    result === 'killed'
      ? `its absence is seen by ${by}`
      : result === 'missed'
        ? 'NOBODY SEES ITS ABSENCE'
        : 'THE COPY IS BROKEN';
  return `${result === 'killed' ? '✓' : '✗'} ${guard.padEnd(40)} ${seconds.toFixed(1).padStart(5)} s  ${what}\n`;
}

const verdicts = await runKillMatrix(process.cwd(), chosen, {
  width: 2,
  tell: (verdict) => process.stdout.write(renderVerdict(verdict)),
});
const killed = verdicts.filter(({ result }) => result === 'killed').length;
const minutes = ((performance.now() - began) / 60_000).toFixed(1);
process.stdout.write(`\nkill matrix ${killed}/${verdicts.length}, ${minutes} min\n`);
for (const { guard } of verdicts.filter(({ result }) => result !== 'killed')) {
  process.stdout.write(`its absence is seen by no case: ${guard}\n`);
}
process.exitCode = killed === verdicts.length ? 0 : 1;
