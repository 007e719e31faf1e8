import { expect, test } from 'vitest';
import {
  buildContract,
  buildMessage,
  buildPrice,
  buildSpendingContract,
  judge,
  listRules,
} from '../../support/gate.ts';

const plain = buildMessage('Do you have a room?');

test.each([
  [1, 'allow'],
  [0.85, 'allow'],
  [0.8499, 'ask'],
  [0.5, 'ask'],
  [0.4999, 'ask'],
  [0, 'ask'],
  [-1, 'ask'],
  [Number.NaN, 'ask'],
])('an agent that is %d sure: %s', (confidence, kind) => {
  expect(judge(plain, { confidence }).kind).toBe(kind);
});

test('the owner reads how sure it is, never rounded up', () => {
  expect(judge(plain, { confidence: 0.8499 }).findings).toEqual([
    {
      rule: 'confidence',
      consequence: 'none',
      because: 'the agent is only 84 % sure that you would want this',
    },
  ]);
  expect(judge(plain, { confidence: Number.NaN }).findings[0]?.because).toContain('only 0 %');
});

test('it does not change what the message is', () => {
  expect(judge(plain, { confidence: 0 }).consequence).toBe('message');
  const booking = buildMessage('Please book it for $80.', { price: buildPrice(8000) });
  const contract = buildSpendingContract();
  expect(judge(booking, { contract }).kind).toBe('allow');
  const unsure = judge(booking, { contract, confidence: 0.6 });
  expect(unsure).toMatchObject({ kind: 'ask', consequence: judge(booking, { contract }).consequence });
  expect(listRules(unsure)).toContain('confidence');
});

test('no confidence takes what the contract forbids or asks about', () => {
  const { treatment } = buildContract();
  const refusing = buildContract({ treatment: { ...treatment, message: 'refuse' } });
  expect(judge(plain, { contract: refusing, confidence: 1 }).kind).toBe('refuse');
  const asking = buildContract({ treatment: { ...treatment, message: 'ask' } });
  expect(judge(plain, { contract: asking, confidence: 1 }).kind).toBe('ask');
});

test('a question to the owner needs no confidence', () => {
  const verdict = judge({ kind: 'ask_owner', question: 'King or twin?' }, { confidence: 0 });
  expect(listRules(verdict)).toEqual(['question']);
});
