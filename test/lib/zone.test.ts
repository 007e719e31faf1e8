import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findInstant, findTimeZone, readWallTime } from '../../src/lib/zone.ts';

test.each([
  ['UTC', 'UTC'],
  ['america/los_angeles', 'America/Los_Angeles'],
  ['Mars/Base', undefined],
  ['+05:30', undefined],
  ['', undefined],
  ['x'.repeat(100_000), undefined],
])('the zone %s is %s', (name, zone) => {
  expect(findTimeZone(name)).toBe(zone);
});

test('an instant and what the wall shows lead to each other, but for the hour that comes twice', () => {
  const zones = [
    'UTC',
    'America/Los_Angeles',
    'Europe/Berlin',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Pacific/Apia',
  ];
  const minute = fc.integer({ min: Date.UTC(2024, 0) / 60_000, max: Date.UTC(2030, 0) / 60_000 });
  fc.assert(
    fc.property(minute, fc.constantFrom(...zones), (at, zone) => {
      const wall = readWallTime(at * 60_000, zone);
      const back = findInstant(wall, zone);
      expect(readWallTime(back, zone)).toEqual(wall);
      expect([0, 30 * 60_000, 60 * 60_000]).toContain(back - at * 60_000);
    }),
    { numRuns: 300 },
  );
});

test('minutes and days past their range count on', () => {
  const wall = { year: 2026, month: 12, day: 32, minutes: 24 * 60 + 5 };
  expect(new Date(findInstant(wall, 'UTC')).toISOString()).toBe('2027-01-02T00:05:00.000Z');
});
