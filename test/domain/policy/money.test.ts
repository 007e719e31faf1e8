import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GateFacts, Verdict } from '../../../src/domain/gate.ts';
import { formatMoney } from '../../../src/lib/money.ts';
import {
  buildContract,
  buildMessage,
  buildPrice,
  buildSpendingContract,
  judge,
  nameVerdict,
  ownerLimit,
} from '../../support/gate.ts';

const none = { jorbCommitted: 0, jorbWithoutApproval: 0, ownerWithoutApproval: 0 };

function spend(
  minor: number,
  given: {
    text?: string;
    contract?: GateFacts['contract'];
    money?: Partial<GateFacts['money']>;
    approved?: boolean;
    quantity?: number;
    per?: string;
  } = {},
): Verdict {
  const { contract = buildSpendingContract(), money, approved = false, quantity = 1, per = null } = given;
  const text = given.text ?? `Please book it for ${formatMoney({ minor, currency: 'USD' })}.`;
  const payload = buildMessage(text, { price: buildPrice(minor, { quantity, per }) });
  return judge(payload, { contract, money: { ...none, ...money }, approved });
}

describe('within the limit', () => {
  test('money is spent without a question, and reserved', () => {
    expect(spend(10_000)).toMatchObject({
      kind: 'allow',
      reservation: {
        minor: 10_000,
        currency: 'USD',
        approved: false,
        limits: { jorb: null, jorbWithoutApproval: 10_000, ownerWithoutApproval: 10_000 },
      },
    });
  });

  test.each([
    ['a cent above', spend(10_001)],
    ['what the jorb spent before', spend(5_000, { money: { jorbWithoutApproval: 5_001 } })],
    ['what all jorbs spent in the day', spend(5_000, { money: { ownerWithoutApproval: 5_001 } })],
    ['a text without the total', spend(8_000, { text: 'Please book it.' })],
    [
      'a text with the unit price alone',
      spend(8_000, { text: 'Please book it at $20.00 per night.', quantity: 4, per: 'night' }),
    ],
    ['another number that may be a price', spend(8_000, { text: 'We accept 500, deal, $80.00.' })],
    ['a price in words', spend(8_000, { text: 'Please book it for $80.00, nine hundred.' })],
    ['a price that recurs', spend(8_000, { text: 'Please book it for $80.00, paid monthly.' })],
    ['a unit that recurs', spend(8_000, { per: 'month' })],
  ])('asks for %s', (_, verdict) => {
    expect(verdict.kind).toBe('ask');
  });

  test('an unknown price asks, even where all is allowed', () => {
    const { treatment } = buildContract();
    const free = buildContract({ treatment: { ...treatment, commit: 'allow', purchase: 'allow' } });
    expect(judge(buildMessage('Please book it.'), { contract: free }).kind).toBe('ask');
    expect(spend(8_000, { contract: free })).toMatchObject({ kind: 'allow' });
    expect(spend(10_001, { contract: free }).kind).toBe('ask');
  });

  test('an owner limit in another currency asks', () => {
    const contract = buildSpendingContract({ currency: 'EUR' });
    const payload = buildMessage('Please book it for €80.00.', {
      price: buildPrice(8_000, { currency: 'EUR' }),
    });
    expect(judge(payload, { contract }).kind).toBe('ask');
  });

  test('only money can be: any other class asks', () => {
    const { treatment } = buildContract();
    const contract = buildContract({ treatment: { ...treatment, cancel: 'within_limit' } });
    expect(judge(buildMessage('Please cancel the room.'), { contract }).kind).toBe('ask');
  });
});

test.each([
  ['$289 per night', 'ask'],
  ['$1,156.00', 'ask'],
  ['$289 per night, $1,156 in all', 'ask'],
  ['EUR 289 per night', 'price'],
  ['$298 per night', 'price'],
  ['$289 per night and a deposit of $50', 'price'],
  ['two hundred dollars', 'price'],
  ['$1.156', 'ask'],
])('a typed price must be what the text says: %s', (words, outcome) => {
  const verdict = spend(115_600, {
    text: `Please book it at ${words}.`,
    quantity: 4,
    per: 'night',
    contract: buildContract(),
  });
  expect(nameVerdict(verdict)).toBe(outcome);
});

test('a price for three that does not divide may be rounded either way', () => {
  for (const share of ['$33.33', '$33.34']) {
    expect(
      spend(10_000, { text: `Please book it at ${share} each.`, quantity: 3, contract: buildContract() })
        .kind,
    ).toBe('ask');
  }
});

describe('the limit of an offer', () => {
  const contract = buildContract({
    money: { ...buildContract().money, offerLimit: { minor: 35_000, per: 'night' } },
  });
  test.each([
    [140_000, 4, 'night', 'ask'],
    [140_000, 4, 'Nights', 'ask'],
    [140_001, 4, 'night', 'offer_limit'],
    [140_000, 4, 'person', 'offer_limit'],
    [35_000, 1, undefined, 'ask'],
    [35_001, 1, undefined, 'offer_limit'],
  ])('%i for %i %s: %s', (minor, quantity, per, outcome) => {
    const text = 'Please book it.';
    expect(nameVerdict(spend(minor, { text, quantity, contract, ...(per !== undefined && { per }) }))).toBe(
      outcome,
    );
  });

  test('holds for what the owner approved as well', () => {
    expect(nameVerdict(spend(35_001, { contract, approved: true }))).toBe('offer_limit');
  });
});

test('what the owner approved is reserved as approved, within the budget', () => {
  const contract = buildSpendingContract({ budget: 50_000 });
  expect(spend(50_000, { contract, approved: true })).toMatchObject({
    kind: 'allow',
    reservation: { minor: 50_000, approved: true, limits: { jorb: 50_000 } },
  });
  expect(nameVerdict(spend(50_001, { contract, approved: true }))).toBe('budget');
});

test('nothing is ever allowed beyond a limit', () => {
  const amount = fc.integer({ min: 1, max: 30_000 });
  const spent = fc.integer({ min: 0, max: 30_000 });
  fc.assert(
    fc.property(
      fc.record({
        minor: amount,
        withoutApproval: spent,
        budget: fc.option(spent),
        offer: fc.option(amount),
        quantity: fc.integer({ min: 1, max: 5 }),
        approved: fc.boolean(),
        treatment: fc.constantFrom('allow', 'within_limit', 'ask', 'refuse'),
        money: fc.record({ jorbCommitted: spent, jorbWithoutApproval: spent, ownerWithoutApproval: spent }),
      }),
      ({ minor, withoutApproval, budget, offer, quantity, approved, treatment, money }) => {
        const base = buildSpendingContract({
          withoutApproval,
          budget,
          offerLimit: offer === null ? null : { minor: offer, per: 'night' },
        });
        const contract = {
          ...base,
          treatment: { ...base.treatment, commit: treatment },
        } as GateFacts['contract'];
        const verdict = spend(minor, { contract, money, approved, quantity, per: 'night' });
        if (verdict.kind !== 'allow') return;
        expect(treatment).not.toBe('refuse');
        expect(verdict.reservation).toMatchObject({ minor, currency: 'USD', approved });
        if (budget !== null) expect(money.jorbCommitted + minor).toBeLessThanOrEqual(budget);
        if (offer !== null) expect(minor).toBeLessThanOrEqual(offer * quantity);
        if (approved) return;
        expect(treatment).not.toBe('ask');
        expect(money.ownerWithoutApproval + minor).toBeLessThanOrEqual(ownerLimit.minor);
        if (treatment === 'within_limit')
          expect(money.jorbWithoutApproval + minor).toBeLessThanOrEqual(withoutApproval);
      },
    ),
    { numRuns: 500 },
  );
});
