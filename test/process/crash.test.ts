import { expect, test } from 'vitest';
import type { FailpointName } from '../../src/runtime/stage.ts';
import { until } from '../support/event-loop.ts';
import { makeTestFolder } from '../support/folder.ts';
import { listKilledBy } from '../support/killed.ts';
import { bundleChild, type Child } from '../support/processes.ts';
import { buildRandom } from '../support/random.ts';
import { openErrands } from './errands.ts';

/** Another seed kills at other moments: `CRASH_SEED=7 npm test`. */
const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);

/** The children think by themselves and live for seconds. */
const order = listKilledBy('process');

test('a process killed at any named point leaves everything to the next', { timeout: 120_000 }, async () => {
  const dataDir = makeTestFolder();
  const errands = await openErrands(dataDir);
  const startChild = await bundleChild();
  const start = async (failpoint: FailpointName | null) => {
    const child = await startChild({ dataDir, failpoint });
    await child.ask({ kind: 'stand' });
    return child;
  };
  let next = start(order[0] ?? null);
  for (const [index, failpoint] of order.entries()) {
    const child = await next;
    // Opened while the other still runs, so that a process takes over that was there before.
    next = start(order[index + 1] ?? null);
    while (!child.isDead) {
      await errands.step(child);
      await errands.rest(() => child.isDead);
    }
    expect([failpoint, await child.death]).toEqual([failpoint, 'SIGKILL']);
    expect(errands.violations(false), `after a death at ${failpoint}`).toEqual([]);
  }
  const survivor = await next;
  await until(() => errands.runs(survivor));
  for (let step = 0; step < 8; step++) await errands.step(survivor);
  await errands.rest(() => false);
  expect(errands.violations(true)).toEqual([]);
  expect(errands.epoch()).toBe(order.length + 1);
  const { sent, accepted } = errands.counts();
  expect(sent).toBeGreaterThan(10);
  expect(accepted).toBeGreaterThan(0);
});

test('several faces, killed at random, lose nothing and send nothing twice', {
  timeout: 120_000,
}, async () => {
  const random = buildRandom(seed);
  const dataDir = makeTestFolder();
  const errands = await openErrands(dataDir);
  const startChild = await bundleChild();
  const start = async () => {
    const child = await startChild({ dataDir, failpoint: null });
    await child.ask({ kind: 'stand' });
    return child;
  };
  let living: Child[] = await Promise.all([start(), start(), start()]);
  const takeovers: number[] = [];
  for (let kill = 0; kill < 8; kill++) {
    for (let step = random.below(6); step >= 0; step--) {
      await errands.step(random.pick(living));
    }
    const victim = living.find((child) => errands.runs(child)) ?? random.pick(living);
    const replacement = start();
    const epoch = errands.epoch();
    const wait = random.below(30);
    const begun = performance.now();
    await until(() => performance.now() - begun >= wait);
    victim.kill();
    const killedAt = performance.now();
    living = living.filter((child) => child !== victim);
    await until(() => errands.epoch() > epoch);
    takeovers.push(Math.round(performance.now() - killedAt));
    living.push(await replacement);
  }
  await errands.rest(() => false);
  expect(errands.violations(true), `CRASH_SEED=${seed}`).toEqual([]);
  expect(Math.max(...takeovers), `took over after ${takeovers.join(', ')} ms`).toBeLessThan(3000);
  expect(errands.counts().sent).toBeGreaterThan(8);
});
