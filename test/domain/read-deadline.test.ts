import { describe, expect, test } from 'vitest';
import { readDeadline } from '../../src/domain/read-deadline.ts';

const now = Date.parse('2026-11-20T09:00:00Z');
const read = (text: string, timeZone: string, at = now) =>
  new Date(readDeadline(text, 'contract.deadline', { timeZone, now: at })).toISOString();

describe('a deadline that is a date', () => {
  test.each([
    ['a plain day', 'Europe/Berlin', '2026-11-22', '2026-11-22T23:00:00.000Z'],
    ['the day before clocks go forward', 'America/New_York', '2027-03-13', '2027-03-14T05:00:00.000Z'],
    ['the day they go forward, an hour short', 'America/New_York', '2027-03-14', '2027-03-15T04:00:00.000Z'],
    ['the day they go back, north', 'Europe/Berlin', '2027-10-31', '2027-10-31T23:00:00.000Z'],
    ['the day they go back, south', 'Australia/Sydney', '2027-04-04', '2027-04-04T14:00:00.000Z'],
    ['the day they go forward, south', 'Australia/Sydney', '2027-10-03', '2027-10-03T13:00:00.000Z'],
    ['a midnight that is skipped', 'America/Santiago', '2027-09-04', '2027-09-05T04:00:00.000Z'],
    [
      'a midnight that comes twice, at the second',
      'America/Havana',
      '2027-11-06',
      '2027-11-07T05:00:00.000Z',
    ],
    ['the last of a year', 'Pacific/Auckland', '2026-12-31', '2026-12-31T11:00:00.000Z'],
    ['east of the date line', 'Pacific/Kiritimati', '2026-11-21', '2026-11-21T10:00:00.000Z'],
  ])('ends at its midnight there: %s', (_, timeZone, text, expected) => {
    expect(read(text, timeZone)).toBe(expected);
  });

  test('may be today until midnight there, and is past from then on', () => {
    const midnight = Date.parse('2027-04-04T14:00:00Z');
    expect(read('2027-04-04', 'Australia/Sydney', midnight - 1)).toBe('2027-04-04T14:00:00.000Z');
    expect(() => read('2027-04-04', 'Australia/Sydney', midnight)).toThrow('in the past');
  });

  test.each(['2027-02-29', '2026-13-01', '2026-11-31', '20261122', '2026-11-22T24:00:00Z', 'tomorrow'])(
    'is not %s',
    (text) => {
      expect(() => read(text, 'UTC')).toThrow('must be a date such as 2026-11-22');
    },
  );
});

test('a deadline with an offset is that instant, whatever the zone', () => {
  expect(read('2027-03-14T02:30:00-08:00', 'America/Los_Angeles')).toBe('2027-03-14T10:30:00.000Z');
});
