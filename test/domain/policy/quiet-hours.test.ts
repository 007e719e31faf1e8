import { expect, test } from 'vitest';
import { computeAvailableAt } from '../../../src/domain/policy/quiet-hours.ts';

const at = (text: string) => Date.parse(text);
const night = { from: '22:00', to: '08:00', timeZone: 'America/Los_Angeles' };
const noon = { from: '12:00', to: '13:00', timeZone: 'Asia/Kolkata' };

test.each([
  ['before them', night, '2026-11-20T21:59:00-08:00', '2026-11-20T21:59:00-08:00'],
  ['at their first minute', night, '2026-11-20T22:00:00-08:00', '2026-11-21T08:00:00-08:00'],
  ['after midnight', night, '2026-11-21T03:30:15-08:00', '2026-11-21T08:00:00-08:00'],
  ['at their end', night, '2026-11-21T08:00:00-08:00', '2026-11-21T08:00:00-08:00'],
  ['over the end of a month', night, '2026-11-30T23:00:00-08:00', '2026-12-01T08:00:00-08:00'],
  ['over the end of a year', night, '2026-12-31T23:00:00-08:00', '2027-01-01T08:00:00-08:00'],
  ['over the night when clocks go forward', night, '2027-03-13T23:00:00-08:00', '2027-03-14T08:00:00-07:00'],
  ['over the night when clocks go back', night, '2026-10-31T23:00:00-07:00', '2026-11-01T08:00:00-08:00'],
  ['within a day, half an hour off', noon, '2026-11-20T12:15:00+05:30', '2026-11-20T13:00:00+05:30'],
  ['outside of it', noon, '2026-11-20T13:00:00+05:30', '2026-11-20T13:00:00+05:30'],
])('%s', (_, quietHours, ready, expected) => {
  expect(new Date(computeAvailableAt(quietHours, at(ready))).toISOString()).toBe(
    new Date(at(expected)).toISOString(),
  );
});

test('an end that the clock skips comes after the gap', () => {
  const quietHours = { ...night, to: '02:30' };
  const end = computeAvailableAt(quietHours, at('2027-03-14T01:00:00-08:00'));
  expect(new Date(end).toISOString()).toBe(new Date(at('2027-03-14T03:30:00-07:00')).toISOString());
});

test('an end that comes twice is the second one', () => {
  const quietHours = { ...night, to: '01:30' };
  const end = computeAvailableAt(quietHours, at('2026-11-01T00:30:00-07:00'));
  expect(new Date(end).toISOString()).toBe(new Date(at('2026-11-01T01:30:00-08:00')).toISOString());
});

test('what it answers is never quiet itself, over two years of half hours', () => {
  const start = at('2026-01-01T00:00:00Z');
  for (let step = 0; step < 2 * 365 * 48; step += 53) {
    const end = computeAvailableAt(night, start + step * 1_800_000);
    expect(computeAvailableAt(night, end)).toBe(end);
  }
});

test('without quiet hours, or with equal ends, it is at once', () => {
  expect(computeAvailableAt(null, 5)).toBe(5);
  expect(computeAvailableAt({ ...night, to: '22:00' }, at('2026-11-20T22:00:00-08:00'))).toBe(
    at('2026-11-20T22:00:00-08:00'),
  );
});
