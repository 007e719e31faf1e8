import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import type { ChildCommand, ChildOptions, ChildReply } from './child.ts';
import { packageRoot } from './config.ts';

/** One process of `child.ts`. */
export type Child = {
  pid: number;
  readonly isDead: boolean;
  /** Resolves with the signal or exit code that ended it. */
  death: Promise<NodeJS.Signals | number | null>;
  /** What became of a command: `died` when the process ended before it said. */
  ask(command: ChildCommand): Promise<'done' | 'died'>;
  kill(signal?: NodeJS.Signals): void;
};

/** Starts one process more. Resolves once its face is open. It is killed when the test ends. */
export type StartChild = (options: Omit<ChildOptions, 'packageRoot'>) => Promise<Child>;

/** Bundles the program first, as it is shipped: unbundled, each of many processes would take a second to start. */
export async function bundleChild(): Promise<StartChild> {
  const bundle = join(packageRoot, 'node_modules', '.cache', `jorbs-child-${process.pid}.mjs`);
  onTestFinished(() => rmSync(bundle, { force: true }));
  await build({
    entryPoints: [join(import.meta.dirname, 'child.ts')],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['better-sqlite3'],
    banner: {
      js: `import { createRequire } from 'node:module';const require = createRequire(import.meta.url);`,
    },
  });
  return (options) => startChild(bundle, { ...options, packageRoot });
}

async function startChild(bundle: string, options: ChildOptions): Promise<Child> {
  const child = fork(bundle, [JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const death = once(child, 'exit').then(([code, signal]) => signal ?? code);
  const replies = new Map<number, (error: string | null) => void>();
  let sequence = 0;
  await new Promise<void>((resolve, reject) => {
    child.on('message', (reply: ChildReply) => {
      if (reply === 'ready') return resolve();
      replies.get(reply.id)?.(reply.error);
    });
    void death.then((end) => reject(new Error(`the child ended at once: ${end}`)));
  });
  return {
    pid: pidOf(child),
    get isDead() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    death,
    async ask(command) {
      sequence += 1;
      const id = sequence;
      const answered = new Promise<string | null>((resolve) => replies.set(id, resolve));
      child.send({ id, command }, () => {});
      const outcome = await Promise.race([answered, death.then(() => 'died' as const)]);
      if (outcome === 'died') return 'died';
      if (outcome !== null) throw new Error(outcome);
      return 'done';
    },
    kill: (signal = 'SIGKILL') => void child.kill(signal),
  };
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the child did not start');
  return pid;
}
