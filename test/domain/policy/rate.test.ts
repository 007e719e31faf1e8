import { expect, test } from 'vitest';
import type { GateFacts } from '../../../src/domain/gate.ts';
import { dayMs, hourMs, minuteMs } from '../../../src/lib/duration.ts';
import { testEpoch } from '../../support/clock.ts';
import { buildContract, judgeText, nameVerdict } from '../../support/gate.ts';

type Send = GateFacts['recentSends'][number];
const send = (at: number, overrides: Partial<Send> = {}): Send => ({
  channel: 'loopback',
  address: 'magic',
  text: `message at ${at}`,
  at: testEpoch + at,
  ...overrides,
});
const many = (count: number, at: (index: number) => number, overrides: Partial<Send> = {}) =>
  Array.from({ length: count }, (_, index) => send(at(index), overrides));
const elsewhere = { address: 'zetta' };
const outcome = (recentSends: Send[], facts: Partial<GateFacts> = {}) =>
  nameVerdict(judgeText('Is a room free?', { recentSends, ...facts }));

test.each([
  ['19 in the hour', many(19, (i) => -i * minuteMs, elsewhere), 'allow'],
  ['20 in the hour', many(20, (i) => -i * minuteMs, elsewhere), 'hourly_rate'],
  ['20, the first an hour ago', many(20, (i) => (i === 19 ? -hourMs : -i * minuteMs), elsewhere), 'allow'],
  ['20 in the hour, by a clock that was set back', many(20, (i) => i * minuteMs, elsewhere), 'hourly_rate'],
  ['49 in the day', many(49, (i) => -i * 25 * minuteMs, elsewhere), 'allow'],
  ['50 in the day', many(50, (i) => -i * 25 * minuteMs, elsewhere), 'daily_rate'],
  ['9 to the recipient', many(9, (i) => -i * 2 * hourMs), 'allow'],
  ['10 to the recipient', many(10, (i) => -i * 2 * hourMs), 'recipient_rate'],
  ['5 within ten minutes', many(5, (i) => -i * minuteMs), 'allow'],
  ['6 within ten minutes', many(6, (i) => -i * minuteMs), 'bot_loop'],
  ['6, the first ten minutes ago', many(6, (i) => -i * 2 * minuteMs), 'allow'],
])('%s', (_, sends, expected) => {
  expect(outcome(sends)).toBe(expected);
});

test('eight messages without progress are the most, and progress begins the count anew', () => {
  const sends = many(8, (i) => -i * hourMs);
  expect(outcome(sends, { lastProgressAt: testEpoch - dayMs })).toBe('no_progress');
  expect(outcome(sends, { lastProgressAt: testEpoch - 7 * hourMs })).toBe('allow');
  expect(
    outcome(
      many(8, (i) => -i * hourMs, elsewhere),
      { lastProgressAt: testEpoch - dayMs },
    ),
  ).toBe('allow');
});

test.each([
  ['IS A ROOM... free', {}, 'repetition'],
  ['Is  a room\nfree?', {}, 'repetition'],
  ['Is a room free now?', {}, 'allow'],
  ['Is a room free?', elsewhere, 'allow'],
])('the same words to the same recipient: %s', (text, overrides, expected) => {
  expect(outcome([send(-hourMs, { text, ...overrides })])).toBe(expected);
});

test('the same words a day later are no repetition', () => {
  expect(outcome([send(-dayMs, { text: 'Is a room free?' })])).toBe('allow');
});

test('the line of a first contact does not hide a repetition', () => {
  const text =
    'Is a room free?\n\n(I am an automated assistant writing for Ana Lima. Nothing here is binding until Ana Lima confirms it.)';
  expect(outcome([send(-hourMs, { text })])).toBe('repetition');
});

test('signs without letters are compared as they are', () => {
  const recentSends = [send(-hourMs, { text: '🙂' })];
  expect(nameVerdict(judgeText('🙂', { recentSends }))).toBe('repetition');
  expect(nameVerdict(judgeText('🎉', { recentSends }))).toBe('allow');
});

test('a limit of nothing lets nothing through', () => {
  const messages = { perHour: 0, perDay: 50, perRecipientDay: 10 };
  expect(outcome([], { contract: buildContract({ messages }) })).toBe('hourly_rate');
});

test('quiet hours delay what is allowed', () => {
  const quietHours = { from: '08:00', to: '10:30', timeZone: 'UTC' };
  expect(judgeText('Is a room free?', { contract: buildContract({ quietHours }) })).toMatchObject({
    kind: 'allow',
    availableAt: testEpoch + 90 * minuteMs,
  });
});
