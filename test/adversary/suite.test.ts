import { describe, expect, test } from 'vitest';
import { play } from './case.ts';
import { allCases } from './cases/all.ts';
import { record } from './report.ts';
import { listSeeds } from './seeds.ts';

describe.each(allCases.map((each) => [each.ids.join(' '), each.holds, each] as const))(
  '%s: %s',
  (_, __, given) => {
    test.each(listSeeds())('ADVERSARY_SEED=%i', async (seed) => {
      const { violations } = await play(given, seed);
      record('cases', violations.length);
      expect(violations).toEqual([]);
    });
  },
);

test('no two cases claim to hold the same', () => {
  const said = allCases.map(({ holds }) => holds);
  expect(said.filter((each, index) => said.indexOf(each) !== index)).toEqual([]);
});
