import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { packageRoot } from '../../support/config.ts';
import { makeTestFolder } from '../../support/folder.ts';

/** The real program in a folder for temporary files of its own. */
export function startDemo(args: string[] = [], env: Record<string, string> = {}) {
  const folder = makeTestFolder();
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(
    process.execPath,
    [join(packageRoot, 'src', 'main.ts'), 'demo', '--yes', ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, ...env },
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    output.out += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.err += chunk.toString('utf8');
  });
  return { child, output, ended: once(child, 'close'), folder };
}
