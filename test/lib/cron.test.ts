import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findLastRun, findNextRun, formatSlot, parseCron } from '../../src/lib/cron.ts';
import { dayMs, hourMs } from '../../src/lib/duration.ts';

describe('parseCron', () => {
  test.each([
    ['0 8 * * *', '0 8 * * *'],
    ['  0   8 *\t* * ', '0 8 * * *'],
    ['08 08 * * *', '08 08 * * *'],
    ['30 7 1,15 * *', '30 7 1,15 * *'],
    ['30 7 */2 * *', '30 7 */2 * *'],
    ['30 7 1-9/2 1-6 *', '30 7 1-9/2 1-6 *'],
    ['0 8 * JAN,jul *', '0 8 * JAN,jul *'],
    ['0 8 * * MON-FRI', '0 8 * * MON-FRI'],
    ['0 8 * * 7', '0 8 * * 7'],
    ['0 8 29 2 *', '0 8 29 2 *'],
    // One of the two is enough.
    ['0 8 30 2 1', '0 8 30 2 1'],
  ])('reads "%s"', (text, cron) => {
    expect(parseCron(text)).toEqual({ ok: true, value: cron });
  });

  const minute = 'its minute must be one number from 0 to 59';
  const hour = 'its hour must be one number from 0 to 23';
  const day = 'its day of the month must be * or days from 1 to 31 such as 1,15';
  const month = 'its month must be * or months from 1 to 12 such as 1-6';
  const weekday = 'its day of the week must be * or days from 0 (Sunday) to 6 such as 1-5';

  test.each([
    ['', 'it has one field'],
    ['@daily', 'it has one field'],
    ['8', 'it has one field'],
    ['0 8 * *', 'it has 4 fields'],
    ['0 0 8 * * *', 'it has 6 fields'],
    ['0 8 * * * 2027', 'it has 6 fields'],
    ['0 0 8 * * * 2027', 'it has 7 fields'],
    ['60 8 * * *', minute],
    ['* 8 * * *', minute],
    ['*/5 8 * * *', minute],
    ['0,30 8 * * *', minute],
    ['+0 8 * * *', minute],
    ['a b c d e', minute],
    ['0 24 * * *', hour],
    ['0 8am * * *', hour],
    ['0 * * * *', hour],
    ['0 8,20 * * *', hour],
    ['0 8-8 * * *', hour],
    ['0 */24 * * *', hour],
    ['0 8 0 * *', day],
    ['0 8 32 * *', day],
    ['0 8 0-31 * *', day],
    ['0 8 5-1 * *', day],
    ['0 8 */0 * *', day],
    ['0 8 */40 * *', day],
    ['0 8 , * *', day],
    ['0 8 1, * *', day],
    ['0 8 -1 * *', day],
    ['0 8 1.5 * *', day],
    ['0 8 5/2 * *', day],
    ['0 8 ? * *', day],
    ['0 8 L * *', day],
    ['0 8 15W * *', day],
    ['0 8 MON * *', day],
    ['0 8 * 0 *', month],
    ['0 8 * 13 *', month],
    ['0 8 * FOO *', month],
    ['0 8 * * 8', weekday],
    ['0 8 * * 5#2', weekday],
    ['0 8 * * 5L', weekday],
    ['0 8 * * MON-', weekday],
    ['0 8 30 2 *', 'there is no such day'],
    ['0 8 31 4,6,9,11 *', 'there is no such day'],
  ])('refuses "%s"', (text, error) => {
    expect(parseCron(text)).toEqual({ ok: false, error });
  });

  test('never throws, whatever it is given', () => {
    const field = fc.oneof(fc.string({ maxLength: 6 }), fc.stringMatching(/^[\d*,/LW#?A-Z-]{1,6}$/));
    const text = fc.oneof(
      fc.string(),
      fc.array(field, { minLength: 4, maxLength: 7 }).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(text, (given) => {
        const read = parseCron(given);
        if (read.ok) expect(parseCron(read.value)).toEqual(read);
        else expect(read.error).toMatch(/^(it has|its|there is no)/);
      }),
      { numRuns: 2000 },
    );
  });
});

/** The next runs after an instant, in UTC. */
function listRuns(cron: string, timeZone: string, after: string, count: number): string[] {
  const runs: string[] = [];
  for (let at = Date.parse(after); runs.length < count; ) {
    const next = findNextRun(cron, timeZone, at);
    if (next === null) break;
    runs.push(new Date(next).toISOString().slice(0, 16));
    at = next;
  }
  return runs;
}

describe('the next run', () => {
  test.each([
    ['2026-11-20T07:59:59.999Z', '2026-11-20T08:00'],
    ['2026-11-20T08:00:00.000Z', '2026-11-21T08:00'],
    ['2026-11-20T08:00:00.001Z', '2026-11-21T08:00'],
  ])('after %s is %s', (after, next) => {
    expect(listRuns('0 8 * * *', 'UTC', after, 1)).toEqual([next]);
  });

  test('of 29 February is in a leap year', () => {
    expect(listRuns('0 8 29 2 *', 'UTC', '2026-11-20T00:00Z', 2)).toEqual([
      '2028-02-29T08:00',
      '2032-02-29T08:00',
    ]);
  });

  test('of the 31st leaves the short months out', () => {
    expect(listRuns('0 8 31 * *', 'UTC', '2026-01-31T09:00Z', 3)).toEqual([
      '2026-03-31T08:00',
      '2026-05-31T08:00',
      '2026-07-31T08:00',
    ]);
  });

  // What is skipped runs right after the gap; what comes twice runs the first time.
  test.each<[string, string, string, string, string[]]>([
    [
      'New York forward',
      '30 2 * * *',
      'America/New_York',
      '2026-03-07T00:00Z',
      ['03-07T07:30', '03-08T07:00', '03-09T06:30'],
    ],
    [
      'New York back',
      '30 1 * * *',
      'America/New_York',
      '2026-10-31T00:00Z',
      ['10-31T05:30', '11-01T05:30', '11-02T06:30'],
    ],
    [
      'New York, in the morning',
      '0 8 * * *',
      'America/New_York',
      '2026-03-07T00:00Z',
      ['03-07T13:00', '03-08T12:00', '03-09T12:00'],
    ],
    [
      'Berlin forward',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T00:00Z',
      ['03-28T01:30', '03-29T01:00', '03-30T00:30'],
    ],
    [
      'Berlin back',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T00:00Z',
      ['10-24T00:30', '10-25T00:30', '10-26T01:30'],
    ],
    [
      'Sydney forward',
      '30 2 * * *',
      'Australia/Sydney',
      '2026-10-02T12:00Z',
      ['10-02T16:30', '10-03T16:00', '10-04T15:30'],
    ],
    [
      'Sydney back',
      '30 2 * * *',
      'Australia/Sydney',
      '2026-04-03T12:00Z',
      ['04-03T15:30', '04-04T15:30', '04-05T16:30'],
    ],
    [
      'Santiago, where midnight is skipped',
      '0 0 * * *',
      'America/Santiago',
      '2026-09-04T12:00Z',
      ['09-05T04:00', '09-06T04:00', '09-07T03:00'],
    ],
    [
      'Santiago, before midnight twice',
      '30 23 * * *',
      'America/Santiago',
      '2026-04-03T12:00Z',
      ['04-04T02:30', '04-05T02:30', '04-06T03:30'],
    ],
    [
      'Auckland forward',
      '30 2 * * *',
      'Pacific/Auckland',
      '2026-09-25T12:00Z',
      ['09-25T14:30', '09-26T14:00', '09-27T13:30'],
    ],
    [
      'Lord Howe, half an hour forward',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-02T12:00Z',
      ['10-02T15:45', '10-03T15:30', '10-04T15:15'],
    ],
    [
      'Lord Howe, half an hour back',
      '45 1 * * *',
      'Australia/Lord_Howe',
      '2026-04-03T12:00Z',
      ['04-03T14:45', '04-04T14:45', '04-05T15:15'],
    ],
    [
      'midnight in Kolkata',
      '0 0 * * *',
      'Asia/Kolkata',
      '2026-11-20T00:00Z',
      ['11-20T18:30', '11-21T18:30', '11-22T18:30'],
    ],
  ])('where clocks are set: %s', (_, cron, timeZone, after, expected) => {
    expect(listRuns(cron, timeZone, after, 3)).toEqual(expected.map((at) => `2026-${at}`));
  });
});

const zones = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
];
const hours = fc.integer({ min: Date.UTC(2024, 0) / hourMs, max: Date.UTC(2030, 0) / hourMs });
const time = fc.tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 23 }));

test('no local day has two runs, and none is left out', () => {
  fc.assert(
    fc.property(hours, time, fc.constantFrom(...zones), (start, [minute, hour], zone) => {
      const cron = `${minute} ${hour} * * *`;
      const dates = listRuns(cron, zone, new Date(start * hourMs).toISOString(), 20).map((at) =>
        formatSlot(Date.parse(`${at}Z`), zone).slice(0, 10),
      );
      const [first = ''] = dates;
      const expected = dates.map((_, day) =>
        new Date(Date.parse(first) + day * dayMs).toISOString().slice(0, 10),
      );
      expect(dates).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test('the last run is the newest that going forward finds', () => {
  const cron = fc.constantFrom(
    '0 8 * * *',
    '30 2 * * *',
    '30 1 * * *',
    '0 0 * * *',
    '15 2 1,15 * *',
    '0 8 29 2 *',
  );
  fc.assert(
    fc.property(
      hours,
      fc.integer({ min: 1, max: 40 * 24 }),
      cron,
      fc.constantFrom(...zones),
      (start, length, given, zone) => {
        const after = start * hourMs;
        const until = after + length * hourMs;
        let last: number | null = null;
        for (
          let at = findNextRun(given, zone, after);
          at !== null && at <= until;
          at = findNextRun(given, zone, at)
        ) {
          last = at;
        }
        expect(findLastRun(given, zone, after, until)).toBe(last);
      },
    ),
    { numRuns: 300 },
  );
});

test('the last run of ten years is found at once', () => {
  const until = Date.UTC(2036, 10, 20, 9);
  const startedAt = performance.now();
  expect(findLastRun('0 8 * * *', 'Europe/Berlin', Date.UTC(2026, 0), until)).toBe(Date.UTC(2036, 10, 20, 7));
  expect(performance.now() - startedAt).toBeLessThan(100);
});

test.each([
  ['2026-11-20T07:00Z', 'Europe/Berlin', '2026-11-20T08:00'],
  ['2026-11-20T23:30Z', 'Europe/Berlin', '2026-11-21T00:30'],
  ['2026-12-31T15:00Z', 'Asia/Tokyo', '2027-01-01T00:00'],
  ['2026-03-01T04:59Z', 'America/New_York', '2026-02-28T23:59'],
])('at %s a clock in %s shows %s', (at, zone, slot) => {
  expect(formatSlot(Date.parse(at), zone)).toBe(slot);
});
