import { expect, test } from 'vitest';
import { hashAction } from '../../src/domain/action.ts';
import { computeRemindAt } from '../../src/domain/approval.ts';
import { contractSchema, defaultContract } from '../../src/domain/contract.ts';
import { computeReleaseAt } from '../../src/domain/debounce.ts';
import { parseId } from '../../src/domain/ids.ts';
import { dayMs, hourMs } from '../../src/lib/duration.ts';
import { buildContract, buildMessage, ownerLimit } from '../support/gate.ts';

test('each message moves the release of its batch, up to five silences after the first', () => {
  expect(computeReleaseAt(0, 0, 30)).toBe(30);
  expect(computeReleaseAt(0, 100, 30)).toBe(130);
  expect(computeReleaseAt(0, 140, 30)).toBe(150);
  expect(computeReleaseAt(7, 7, 0)).toBe(7);
});

test('an owner is reminded three times, then left alone', () => {
  expect([0, 1, 2, 3].map((reminders) => computeRemindAt(0, reminders))).toEqual([
    4 * hourMs,
    dayMs,
    3 * dayMs,
    null,
  ]);
});

test.each([
  'jorb_0',
  'jorb_01',
  'jorb_-1',
  'jorb_1 ',
  'jorb_1\n',
  'Jorb_1',
  'event_1',
  'jorb_',
  '1',
  'jorb_1e3',
  'jorb_12345678901234567',
])('%j is no id of a jorb', (text) => {
  expect(parseId('jorb', text)).toBeUndefined();
});

test('an id is read as it is', () => {
  expect(parseId('jorb', 'jorb_47')).toBe('jorb_47');
});

test('the hash of an action tells jorb, contract version and every byte of the payload', () => {
  const payload = buildMessage('Hello');
  const hashes = [
    hashAction('jorb_1', 1, payload),
    hashAction('jorb_2', 1, payload),
    hashAction('jorb_1', 2, payload),
    hashAction('jorb_1', 1, buildMessage('Hello ')),
    hashAction('jorb_1', 1, buildMessage('Hello', { to: { channel: 'loopback', address: 'zetta' } })),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(hashAction('jorb_1', 1, { ...payload })).toBe(hashes[0]);
});

test('the defaults of a contract spend nothing without a question and ask before every consequence', () => {
  const contract = { ...defaultContract(ownerLimit), counterparties: [], quietHours: null, deadlineAt: null };
  expect(contractSchema.safeParse(contract).success).toBe(true);
  const { message, ...others } = contract.treatment;
  expect([message, new Set(Object.values(others))]).toEqual(['allow', new Set(['ask'])]);
});

test('a contract with a word that is none does not pass', () => {
  expect(contractSchema.safeParse({ ...buildContract(), budgett: 5 }).success).toBe(false);
});
