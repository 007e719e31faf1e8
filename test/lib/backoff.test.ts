import { expect, test } from 'vitest';
import { computeBackoff } from '../../src/lib/backoff.ts';

const wait = { firstMs: 1000, longestMs: 60_000 };

test.each([
  [0, 1000],
  [1, 2000],
  [5, 32_000],
  [6, 60_000],
  [5000, 60_000],
])('after %i earlier failures it is %i ms', (failures, ms) => {
  expect(computeBackoff(failures, wait)).toBe(ms);
});

test('comes up to a quarter of the wait earlier, never later', () => {
  expect(computeBackoff(1, wait, 1)).toBe(1500);
  expect(computeBackoff(1, wait, 0.5)).toBe(1750);
});
