import { setTimeout as delay } from 'node:timers/promises';
import { openApp } from '../src/app.ts';
import type { Brain, BrainRequest } from '../src/domain/brain.ts';
import { hourMs, secondMs } from '../src/lib/duration.ts';
import { createJorb } from '../src/runtime/owner/create-jorb.ts';
import { toAnswer, waitFor } from '../test/support/brains.ts';
import { readBenchConfig, withFolder } from './folder.ts';
import type { Row } from './measure.ts';

const jorbs = 100;
const watchedMs = 30 * secondMs;

/** What a runtime costs in which nothing is due: watched for half a minute, and counted for an hour. */
export function measureIdle(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const brain = buildWaitingBrain();
    const face = await openApp(readBenchConfig(folder, '0'), { brain });
    face.stand();
    for (let n = 0; n < jorbs; n += 1) {
      const contacts = [{ name: 'Magic', channel: 'loopback', address: 'magic' }];
      await createJorb(face.owner, { name: `Errand ${n + 1}`, plan: 'Wait for an answer.', contacts });
    }
    while (brain.asked < 2 * jorbs) await delay(50);
    await delay(2 * secondMs);
    const { asked } = brain;
    const before = process.cpuUsage();
    await delay(watchedMs);
    const { user, system } = process.cpuUsage(before);
    const share = (user + system) / 1000 / watchedMs;
    const calls = brain.asked - asked;
    await face.close();
    return [
      {
        what: `idle with ${jorbs} running jorbs, by the hour`,
        ours: `${calls} model calls, ${((share * hourMs) / secondMs).toFixed(1)} s of CPU (${(share * 100).toFixed(2)} %)`,
        floor: '—',
        ratio: null,
        target: '0 model calls, < 0.5 % CPU',
        met: calls === 0 && share < 0.005,
      },
    ];
  });
}

/** Looks again when everything is over, whatever it is asked. */
function buildWaitingBrain(): Brain & { asked: number } {
  const brain = {
    name: 'waiting',
    asked: 0,
    step: async ({ steps }: BrainRequest) => {
      brain.asked += 1;
      return toAnswer(steps.length === 0 ? [waitFor(300)] : []);
    },
  };
  return brain;
}
