import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openApp } from '../src/app.ts';
import type { Face } from '../src/runtime/face.ts';
import { createJorb } from '../src/runtime/owner/create-jorb.ts';
import { injectMessage } from '../src/runtime/owner/inject-message.ts';
import { readBenchConfig, withFolder } from './folder.ts';
import { milliseconds, percentile, preciseNow, type Row } from './measure.ts';

const samples = 200;
const restMs = 20;

/** How long after a deadline, and after a write here or in another process, the turn starts. */
export function measureLatency(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const afterDeadline = await withRuntime(join(folder, 'deadline'), '0.02', (runtime) =>
      collect(runtime, async (n) => (await inject(runtime.face, n)).releaseAt),
    );
    const here = await withRuntime(join(folder, 'here'), '0', (runtime) =>
      collect(runtime, async (n) => {
        await inject(runtime.face, n);
        return runtime.storedAt();
      }),
    );
    const elsewhere = await withRuntime(join(folder, 'elsewhere'), '0', async (runtime) => {
      const writer = fork(join(import.meta.dirname, 'writer.ts'), [runtime.face.dataDir], {
        stdio: 'inherit',
      });
      await once(writer, 'message');
      const found = await collect(runtime, (n) => askToWrite(writer, n));
      writer.kill();
      return found;
    });

    const [p50, p99] = [percentile(afterDeadline, 0.5), percentile(afterDeadline, 0.99)];
    const extra = percentile(elsewhere, 0.5) - percentile(here, 0.5);
    return [
      {
        what: 'debounce deadline → turn started',
        ours: `p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}`,
        floor: '—',
        ratio: null,
        target: 'p50 ≤ 2 ms, p99 ≤ 10 ms',
        met: p50 <= 2 && p99 <= 10,
      },
      {
        what: 'write in another process → turn started',
        ours: `p50 ${milliseconds(percentile(elsewhere, 0.5))}`,
        floor: `p50 ${milliseconds(percentile(here, 0.5))}, same process`,
        ratio: null,
        target: 'p50 ≤ 1 ms more',
        met: extra <= 1,
      },
    ];
  });
}

type Runtime = {
  face: Face;
  /** When this process last committed a message. */
  storedAt(): number;
  turnStarted(): Promise<number>;
  /** Resolves once the turn under way has ended and the runtime had time to go to rest. */
  rest(): Promise<void>;
};

async function withRuntime<T>(
  dataDir: string,
  debounce: string,
  work: (runtime: Runtime) => Promise<T>,
): Promise<T> {
  const config = readBenchConfig(dataDir, debounce);
  const waiting: ((at: number) => void)[] = [];
  const turns = { claimed: 0, settled: 0 };
  const stored = { at: 0 };
  const face = await openApp(config, {
    failpoint: (name) => {
      if (name === 'owner.written') stored.at = preciseNow();
      if (name === 'turn.settled') turns.settled += 1;
      if (name !== 'turn.claimed') return;
      turns.claimed += 1;
      waiting.shift()?.(preciseNow());
    },
  });
  face.stand();
  const turnStarted = () => new Promise<number>((resolve) => waiting.push(resolve));
  const rest = async () => {
    do await delay(restMs);
    while (turns.settled < turns.claimed);
  };
  const first = turnStarted();
  await createJorb(face.owner, {
    name: 'Bench',
    plan: 'Ask the front desk whether late arrival is fine.',
    contacts: [{ name: 'Desk', address: 'desk' }],
  });
  await first;
  await rest();
  const result = await work({ face, storedAt: () => stored.at, turnStarted, rest });
  await face.close();
  return result;
}

/** Milliseconds from what `cause` resolves with to the start of the turn it causes, one at a time. */
async function collect(runtime: Runtime, cause: (n: number) => Promise<number>): Promise<number[]> {
  const found: number[] = [];
  for (let n = 0; n < samples; n += 1) {
    const started = runtime.turnStarted();
    const from = await cause(n);
    found.push((await started) - from);
    await runtime.rest();
  }
  return found;
}

function inject(face: Face, n: number) {
  const message = {
    channel: 'loopback' as const,
    from: 'desk',
    text: `Out of office, ${n}`,
    inReplyTo: null,
  };
  return injectMessage(face.owner, { ...message, externalId: `m${n}` });
}

/** Resolves with the moment the other process's write was committed. */
async function askToWrite(writer: ChildProcess, n: number): Promise<number> {
  const done = once(writer, 'message');
  writer.send(n);
  const [committedAt] = await done;
  return committedAt as number;
}
