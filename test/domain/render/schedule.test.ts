import { expect, test } from 'vitest';
import { renderSchedule } from '../../../src/domain/render/schedule.ts';
import type { ScheduleState } from '../../../src/domain/schedule.ts';
import { dayMs } from '../../../src/lib/duration.ts';
import { testEpoch } from '../../support/clock.ts';

const timeZone = 'Europe/Berlin';
const state: ScheduleState = {
  name: 'digest',
  cron: '0 10 * * *',
  timeZone,
  nextAt: testEpoch + dayMs,
  last: { slot: '2026-11-20T10:00', status: 'done', at: testEpoch, note: 'sent' },
};
const next = 'Schedule digest: next 2026-11-21 10:00 GMT+1; ';

test.each<[Partial<ScheduleState['last']>, string]>([
  [{}, 'the last, of 2026-11-20 10:00, done: sent'],
  [
    { note: 'late by 9 h: nothing ran when it was due; sent' },
    'the last, of 2026-11-20 10:00, done: late by 9 h: nothing ran when it was due; sent',
  ],
  [{ status: 'failed', note: 'no\nway' }, 'the last, of 2026-11-20 10:00, failed: no way'],
  [{ status: 'due', note: 'busy' }, 'the last, of 2026-11-20 10:00, failed and is tried again: busy'],
  [{ status: 'due', note: null }, 'the last, of 2026-11-20 10:00, is due'],
  [{ status: 'running', note: 'busy' }, 'the last, of 2026-11-20 10:00, is under way'],
])(
  'tells the next time of a schedule in the owner’s zone, and what came of the last: %j',
  (change, expected) => {
    const last = state.last && { ...state.last, ...change };
    expect(renderSchedule({ ...state, last }, timeZone)).toBe(next + expected);
  },
);

test('tells that a schedule has not run yet, or is switched off', () => {
  expect(renderSchedule({ ...state, last: null }, timeZone)).toBe(`${next}it has not run yet`);
  expect(renderSchedule({ ...state, nextAt: null, cron: 'off', last: null }, timeZone)).toBe(
    'Schedule digest: off',
  );
  expect(renderSchedule({ ...state, nextAt: null, cron: 'off' }, timeZone)).toBe(
    'Schedule digest: off; the last, of 2026-11-20 10:00, done: sent',
  );
});
