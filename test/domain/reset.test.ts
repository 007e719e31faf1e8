import { describe, expect, test } from 'vitest';
import { countDaysLeft, renderResetOutcome } from '../../src/domain/reset.ts';

const berlin = 'Europe/Berlin';
const left = (since: string, now: string, timeZone = berlin) =>
  countDaysLeft({ since: Date.parse(since), days: 3, timeZone }, Date.parse(now));

describe('the days until a reset', () => {
  test.each([
    ['2026-11-20T09:00Z', '2026-11-20T23:30Z', 2],
    ['2026-11-20T09:00Z', '2026-11-20T22:30Z', 3],
    ['2026-11-20T22:59Z', '2026-11-22T23:00Z', 0],
    ['2026-11-20T23:00Z', '2026-11-22T23:00Z', 1],
    ['2026-11-20T09:00Z', '2027-11-20T09:00Z', 0],
    // The clock was set back.
    ['2026-11-20T09:00Z', '2026-11-19T09:00Z', 2],
    ['2026-11-20T09:00Z', '2025-11-20T09:00Z', 0],
  ])('from %s at %s are %i', (since, now, days) => {
    expect(left(since, now)).toBe(days);
  });

  test('are the same over a change of the clocks, in both hemispheres', () => {
    expect(left('2026-03-27T03:30Z', '2026-03-30T02:30Z')).toBe(0);
    expect(left('2026-10-23T02:30Z', '2026-10-26T03:30Z')).toBe(0);
    expect(left('2026-10-02T18:30Z', '2026-10-05T17:30Z', 'Australia/Lord_Howe')).toBe(0);
    expect(left('2026-04-03T17:30Z', '2026-04-06T18:00Z', 'Australia/Lord_Howe')).toBe(0);
  });
});

test('what the daily look came to is said in words', () => {
  expect(renderResetOutcome({ kind: 'begun', handoffs: 1 })).toBe('1 handoff to write');
  expect(renderResetOutcome({ kind: 'begun', handoffs: 4 })).toBe('4 handoffs to write');
  expect(renderResetOutcome({ kind: 'no_activity' })).toBe('no activity since the last handoffs');
  expect(renderResetOutcome({ kind: 'not_due', inDays: 1 })).toBe('not due for another day');
  expect(renderResetOutcome({ kind: 'not_due', inDays: 2 })).toBe('not due for another 2 days');
});
