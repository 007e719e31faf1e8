/** `npm run bench`: every figure of the README's table, each against a floor measured in the same run. */
import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { measureClaim } from './claim.ts';
import { measureDigest } from './digest.ts';
import { measureIdle } from './idle.ts';
import { measureIngest } from './ingest.ts';
import { measureLatency } from './latency.ts';
import { type Row, renderTable } from './measure.ts';
import { measureProgress } from './progress.ts';
import { measurePrompts } from './prompts.ts';
import { measureServer } from './server.ts';
import { measureTurn } from './turn.ts';
import { measureViews } from './views.ts';

const suites: [string, () => Promise<Row[]>][] = [
  ['ingest', measureIngest],
  ['claim', measureClaim],
  ['latency', measureLatency],
  ['server', measureServer],
  ['views', measureViews],
  ['digest', measureDigest],
  ['prompts', measurePrompts],
  ['turn', measureTurn],
  ['progress', measureProgress],
  ['idle', measureIdle],
];

const wanted = process.argv.slice(2);
execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });

const rows: Row[] = [];
for (const [name, measure] of suites) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`${name} …\n`);
  rows.push(...(await measure()));
}

const [processor] = cpus();
process.stdout.write(`${renderTable(rows)}\n\n`);
process.stdout.write(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${process.platform} ${process.arch}, ` +
    `${cpus().length} × ${processor?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB\n`,
);
