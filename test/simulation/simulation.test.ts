import { expect, test } from 'vitest';
import { runWorld } from './run-world.ts';

/** Another seed explores other worlds: `SIM_SEED=7 npm test`. */
const baseSeed = Number(process.env.SIM_SEED ?? 20_261_120);
const worlds = 5;
const operations = 120;

test('whatever happens in whatever order, the wire and the rows agree', { timeout: 120_000 }, async () => {
  const totals = { crashes: 0, sent: 0, approved: 0 };
  for (let index = 0; index < worlds; index++) {
    const seed = baseSeed + index;
    const { violations, trace, crashes, sent, approved } = await runWorld(seed, { operations });
    expect(violations, `SIM_SEED=${seed}\n${trace.join('\n')}`).toEqual([]);
    totals.crashes += crashes;
    totals.sent += sent;
    totals.approved += approved;
  }
  expect(totals.crashes).toBeGreaterThanOrEqual(2000);
  // A world in which nothing happens proves nothing.
  expect(totals.sent).toBeGreaterThan(worlds);
  expect(totals.approved).toBeGreaterThan(worlds);
});
