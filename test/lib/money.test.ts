import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currencyDigits, formatMoney, mostMinor, parseAmount } from '../../src/lib/money.ts';

test.each([
  ['350', 'USD', 35_000],
  ['350.00', 'USD', 35_000],
  ['350.5', 'USD', 35_050],
  ['0', 'USD', 0],
  ['0.01', 'EUR', 1],
  ['5000', 'JPY', 5_000],
  ['1.234', 'KWD', 1_234],
  ['10000000000', 'USD', mostMinor],
])('%s in %s is %i', (text, currency, minor) => {
  expect(parseAmount(text, currency)).toEqual({ ok: true, value: { minor, currency } });
});

const unreadable: [string, string][] = [
  ...[
    '-5',
    '+5',
    '1e3',
    '0x10',
    'NaN',
    'Infinity',
    '',
    ' ',
    '5.',
    '.5',
    '00',
    '01',
    '1,000',
    '1 000',
    '$5',
    '5 USD',
    '٥',
    '５',
    '1.234',
    '10000000000.01',
    '99999999999999',
  ].map((text): [string, string] => [text, 'USD']),
  ['5.5', 'JPY'],
  ['5', 'BTC'],
  ['5', 'usd'],
  ['5', ''],
  ['5', '__proto__'],
];

test.each(unreadable)('%j in %j is no amount', (text, currency) => {
  expect(parseAmount(text, currency).ok).toBe(false);
});

test('an amount that is read is written as it was', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: mostMinor }),
      fc.constantFrom('USD', 'JPY', 'KWD'),
      (minor, currency) => {
        const digits = currencyDigits(currency) ?? 0;
        const padded = String(minor).padStart(digits + 1, '0');
        const text = digits === 0 ? padded : `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
        expect(parseAmount(text, currency)).toEqual({ ok: true, value: { minor, currency } });
      },
    ),
  );
});

test('any text is a whole number of minor units in range, or none', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.double().map(String), fc.stringMatching(/^[-+0-9.,eEx]{0,16}$/)),
      (text) => {
        const amount = parseAmount(text, 'USD');
        if (!amount.ok) return;
        expect(Number.isSafeInteger(amount.value.minor)).toBe(true);
        expect(amount.value.minor).toBeGreaterThanOrEqual(0);
        expect(amount.value.minor).toBeLessThanOrEqual(mostMinor);
        expect(amount.value.minor / 100).toBeCloseTo(Number(text), 4);
      },
    ),
  );
});

test.each([
  [115_600, 'USD', '$1,156.00'],
  [8_000, 'EUR', '€80.00'],
  [5_000, 'JPY', '¥5,000'],
  [0, 'USD', '$0.00'],
])('%i %s is shown as %s', (minor, currency, text) => {
  expect(formatMoney({ minor, currency })).toBe(text);
});
