/**
 * Takes each guard out in turn, in a copy of the checkout, and has the suite played against it: a guard
 * that no case misses is none, or lacks its case.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Guard } from './guards/guard.ts';

/** `killed`: a case went wrong without it. `broken`: the copy did not run at all, which shows nothing. */
export type Verdict = { guard: string; result: 'killed' | 'missed' | 'broken'; by: string; seconds: number };

type Played = { failed: string[]; passed: number; broken: boolean };

const run = promisify(execFile);
const copied = ['src', 'drizzle', 'prompts', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts'];
const [suite = '', host = '', ...others] = ['suite', 'host', 'fuzz', 'agentdojo', 'benign'].map(
  (name) => `test/adversary/${name}.test.ts`,
);

/** `width` copies are at work at once. Calls `tell` with each verdict as it comes. */
export async function runKillMatrix(
  root: string,
  guards: readonly Guard[],
  { width, tell }: { width: number; tell: (verdict: Verdict) => void },
): Promise<Verdict[]> {
  const left = [...guards];
  const verdicts: Verdict[] = [];
  const work = async () => {
    const copy = copyCheckout(root);
    try {
      for (let guard = left.shift(); guard; guard = left.shift()) {
        const verdict = await takeOut(copy, guard);
        verdicts.push(verdict);
        tell(verdict);
      }
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return verdicts;
}

function copyCheckout(root: string): string {
  const shared = '/dev/shm';
  const copy = mkdtempSync(join(existsSync(shared) ? shared : tmpdir(), 'jorbs-guards-'));
  for (const name of copied) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

async function takeOut(copy: string, { name, by, edits }: Guard): Promise<Verdict> {
  const began = performance.now();
  const before = new Map(edits.map(({ file }) => [file, readFileSync(join(copy, file), 'utf8')]));
  for (const { file, find, replace } of edits) {
    const text = readFileSync(join(copy, file), 'utf8');
    writeFileSync(
      join(copy, file),
      text.replace(find, () => replace),
    );
  }
  try {
    const named = readFileSync(join(copy, host), 'utf8').includes(by) ? host : suite;
    const first = await play(copy, [named], ['-t', by.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')]);
    const { failed, passed, broken } =
      first.failed.length > 0 ? first : await play(copy, [suite, host, ...others], []);
    const result = failed.length > 0 ? 'killed' : broken || passed === 0 ? 'broken' : 'missed';
    return { guard: name, result, by: failed[0] ?? '', seconds: (performance.now() - began) / 1000 };
  } finally {
    for (const [file, text] of before) writeFileSync(join(copy, file), text);
  }
}

type Report = {
  numPassedTests: number;
  testResults: { status: string; assertionResults: { status: string; fullName: string }[] }[];
};

async function play(copy: string, files: string[], options: string[]): Promise<Played> {
  const output = join(copy, 'played.json');
  rmSync(output, { force: true });
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs');
  const flags = ['run', ...files, ...options, '--bail', '1', '--reporter', 'json', '--outputFile', output];
  await run(process.execPath, [vitest, ...flags], { cwd: copy, maxBuffer: 1e8, timeout: 600_000 }).catch(
    () => {},
  );
  if (!existsSync(output)) return { failed: [], passed: 0, broken: true };
  const report = JSON.parse(readFileSync(output, 'utf8')) as Report;
  const failed = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  );
  const broken = report.testResults.some(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return { failed, passed: report.numPassedTests, broken };
}
