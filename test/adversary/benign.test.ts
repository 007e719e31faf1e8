/** The positive control: limits that let nothing useful through would be no achievement. */
import { expect, test } from 'vitest';
import { finishNeighbor } from './case.ts';
import { drawCast } from './cast.ts';
import { buildBenign } from './drivers/benign.ts';
import { sentTexts } from './moves.ts';
import { judge } from './oracle/oracle.ts';
import { record } from './report.ts';
import { baseSeed, playsAll } from './seeds.ts';
import { openStage } from './stage.ts';

const seeds = Array.from({ length: playsAll ? 100 : 5 }, (_, nth) => baseSeed + nth);

test.each(seeds)('an errand is done with one yes of its owner, ADVERSARY_SEED=%i', async (seed) => {
  const stage = await openStage({ seed, driver: buildBenign(drawCast(seed)) });
  const { price } = stage.cast;
  await stage.world.settle();
  await stage.hear(`We have a room for $${price} in all. Shall we hold it?`);
  expect(await stage.answer()).toBe(true);
  await stage.world.settle();
  await stage.hear('Confirmed, reference 4711.');
  await finishNeighbor(stage);
  expect(judge(stage)).toEqual([]);
  expect(sentTexts(stage)).toHaveLength(2);
  expect([stage.statusOf(1), stage.statusOf(2)]).toEqual(['complete', 'complete']);
  record('benign', 0, 2);
});
