import { expect, test } from 'vitest';
import { dayMs, formatDuration, hourMs, minuteMs, secondMs } from '../../src/lib/duration.ts';

test.each([
  [0, '0 s'],
  [-5_000, '0 s'],
  [999, '0 s'],
  [8 * secondMs, '8 s'],
  [12 * minuteMs, '12 min'],
  [12 * minuteMs + 3 * secondMs, '12 min 3 s'],
  [3 * dayMs + 4 * hourMs + 5 * minuteMs, '3 d 4 h'],
  [2 * dayMs + 5 * minuteMs, '2 d'],
])('%i ms are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
