import { expect, test } from 'vitest';
import { type Consequence, consequences, treatments } from '../../../src/domain/contract.ts';
import {
  buildContract,
  buildMessage,
  buildPrice,
  judge,
  judgeText,
  listRules,
  nameVerdict,
} from '../../support/gate.ts';

const { treatment } = buildContract();

test.each(consequences)('the label %s never lowers what the words do', (label) => {
  const verdict = judgeText('Please book it.', { label });
  const least = consequences.indexOf('commit');
  expect(consequences.indexOf(verdict.consequence)).toBe(Math.max(least, consequences.indexOf(label)));
  expect(verdict.kind).toBe('ask');
});

test.each(consequences.slice(2))('the label %s alone raises a plain message', (label) => {
  expect(judgeText('Is a room free?', { label })).toMatchObject({ kind: 'ask', consequence: label });
});

test.each(['none', 'message'] as Consequence[])('the label %s raises nothing', (label) => {
  expect(judgeText('Is a room free?', { label })).toMatchObject({ kind: 'allow', consequence: 'message' });
});

test('the strictest treatment of all classes holds, not that of the gravest', () => {
  const contract = buildContract({ treatment: { ...treatment, share_info: 'refuse', commit: 'allow' } });
  expect(nameVerdict(judgeText('Please book it for Calle Mayor 5.', { contract }))).toBe('treatment');
  const asking = buildContract({ treatment: { ...treatment, message: 'ask', commit: 'allow' } });
  const payload = buildMessage('Please book it for $8.', { price: buildPrice(800) });
  expect(judge(payload, { contract: asking }).kind).toBe('ask');
});

test.each(treatments)('a plain message where messages are treated as %s', (message) => {
  const contract = buildContract({ treatment: { ...treatment, message } });
  const kinds = { allow: 'allow', within_limit: 'ask', ask: 'ask', refuse: 'treatment' };
  expect(nameVerdict(judgeText('Is a room free?', { contract }))).toBe(kinds[message]);
});

test.each(treatments)('a new address where those are treated as %s', (new_recipient) => {
  const contract = buildContract({ treatment: { ...treatment, new_recipient } });
  const payload = buildMessage('Is a room free?', { to: { channel: 'loopback', address: 'stranger' } });
  const kinds = { allow: 'allow', within_limit: 'ask', ask: 'ask', refuse: 'recipient' };
  const verdict = judge(payload, { contract });
  expect(nameVerdict(verdict)).toBe(kinds[new_recipient]);
  expect(listRules(verdict)).toEqual(new_recipient === 'refuse' ? [] : ['recipient']);
});

test('an address that only looks like one of the contract is a new one', () => {
  for (const address of ['magic.', 'magic1', 'mag-ic', 'm.agic', 'magic+x']) {
    const verdict = judge(buildMessage('Hello', { to: { channel: 'loopback', address } }));
    expect([address, verdict.kind]).not.toEqual([address, 'allow']);
  }
});

test('an address that opted out is never written to, approved or not, new or not', () => {
  const recipient = { everSent: 0, lastInbound: null, optedOut: true };
  const to = { channel: 'loopback' as const, address: 'stranger' };
  expect(nameVerdict(judge(buildMessage('Hello', { to }), { recipient, approved: true }))).toBe('opt_out');
});

test('a typed price on a message without other signs is a purchase', () => {
  expect(judge(buildMessage('Thank you.', { price: buildPrice(100) }))).toMatchObject({
    kind: 'ask',
    consequence: 'purchase',
  });
});

test('to ask for a monthly price is no commitment', () => {
  expect(judgeText('How much is it per month?').kind).toBe('allow');
});
