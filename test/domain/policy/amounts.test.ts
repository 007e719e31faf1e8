import { expect, test } from 'vitest';
import { findAmounts, findGreatestFigure, isAmountOf } from '../../../src/domain/policy/amounts.ts';
import { readSentences } from '../../../src/domain/policy/reading.ts';
import { judgeText, listRules } from '../../support/gate.ts';

function amountsIn(text: string) {
  return readSentences(text).flatMap(findAmounts);
}

test.each([
  ['$289', 28_900, 'USD'],
  ['289 USD', 28_900, 'USD'],
  ['USD 1,156.00', 115_600, 'USD'],
  ['USD289', 28_900, 'USD'],
  ['US$ 289', 28_900, 'USD'],
  ['$ 289 (per night)', 28_900, 'USD'],
  ['289 dollars', 28_900, 'USD'],
  ['289 bucks', 28_900, 'USD'],
  ['＄２８９', 28_900, 'USD'],
  ['٢٨٩ USD', 28_900, 'USD'],
  ['the rate is 289', 28_900, 'USD'],
  ['289/night', 28_900, 'USD'],
  ['289 per night', 28_900, 'USD'],
  ['$289 CAD', 28_900, 'CAD'],
  ['R$ 500', 50_000, 'BRL'],
  ['€80', 8_000, 'EUR'],
  ['80 €', 8_000, 'EUR'],
  ['80 euros', 8_000, 'EUR'],
  ['1.156,00 EUR', 115_600, 'EUR'],
  ['1 156,00 €', 115_600, 'EUR'],
  ['1.000 EUR', 100_000, 'EUR'],
  ['£80.50', 8_050, 'GBP'],
  ['80 quid', 8_000, 'GBP'],
  ["1'156.50 CHF", 115_650, 'CHF'],
  ['¥5,000', 5_000, 'JPY'],
  ['5000 yen', 5_000, 'JPY'],
  ['March 17–21, 2027 USD 289', 28_900, 'USD'],
  ['17.03.2027 at 10:30 $80', 8_000, 'USD'],
])('%s is one amount', (text, minor, currency) => {
  const amounts = amountsIn(text);
  expect(amounts).toHaveLength(1);
  expect(amounts.map((amount) => isAmountOf(amount, { minor, currency }))).toEqual([true]);
});

test.each(['two hundred dollars', '5k USD', '$5k', '5 thousand euros', '0.5 BTC', '$1,156.0000', '50 cents'])(
  '%s is a price that equals no typed one',
  (text) => {
    const [amount, ...others] = amountsIn(text);
    expect(others).toEqual([]);
    expect(amount && isAmountOf(amount, { minor: 500_000, currency: 'USD' })).toBe(false);
  },
);

test.each([
  'We arrive on March 17–21, 2027 at 10:30',
  '2026-11-20T09:00 or 12/05/2027',
  'room 412 for 2 adults and 4 nights',
  'all 3 nights, or try 2 rooms',
  'the price for 4 nights and the fee: 10:30 is when',
  'half of it, 50%, or 20°',
  'call +1 415 555 0101',
])('no price is in: %s', (text) => {
  expect(amountsIn(text)).toEqual([]);
});

test('figures on both sides of a currency are both amounts', () => {
  expect(amountsIn('500 USD 100').map(({ value }) => value)).toEqual(['100', '500']);
  expect(amountsIn('80€ 20').map(({ value }) => value)).toEqual(['20', '80']);
});

test('a price per unit is told from a total', () => {
  expect(amountsIn('$289 per night, $1,156 in all').map(({ isUnitPrice }) => isUnitPrice)).toEqual([
    true,
    false,
  ]);
});

test('the greatest figure is infinite where one cannot be read', () => {
  expect(readSentences('500 and 17').map(findGreatestFigure)).toEqual([500]);
  expect(readSentences('five hundred').map(findGreatestFigure)).toEqual([Infinity]);
});

test.each([
  ['Our limit is $350 a night.', ['price_in_text']],
  ['We can do 289 per night.', ['price_in_text']],
  ['It is two hundred dollars then.', ['price_in_text']],
  ['Is it $350 a night?', []],
  ['Would that be 289 USD in all, with taxes?', []],
  ['It is $350. Is that so?', ['price_in_text']],
])('a price raises in a statement, not in a question: %s', (text, rules) => {
  expect(listRules(judgeText(text)).filter((rule) => rule !== 'price')).toEqual(rules);
});
