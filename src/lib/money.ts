import { lazy } from './lazy.ts';
import { memoize } from './memoize.ts';
import { err, ok, type Result } from './result.ts';

/** An amount in the minor unit of its currency (cents for USD, yen for JPY). Never a fraction. */
export type Money = { minor: number; currency: string };

/** The most an amount may be: far above any errand, far below what doubles hold exactly. */
export const mostMinor = 1_000_000_000_000;

const listCurrencies = lazy(() => new Set(Intl.supportedValuesOf('currency')));

/** To build one takes longer than a whole answer to the owner. */
const openFormat = memoize((currency) => new Intl.NumberFormat('en-US', { style: 'currency', currency }));

/** Digits after the point of an ISO 4217 currency, or undefined when there is no such currency. */
export function currencyDigits(currency: string): number | undefined {
  return listCurrencies().has(currency)
    ? openFormat(currency).resolvedOptions().maximumFractionDigits
    : undefined;
}

/**
 * Reads a plain decimal such as `350` or `350.00`. No sign, exponent, grouping or spaces: those have
 * more than one reading. The error says what would be right.
 */
export function parseAmount(text: string, currency: string): Result<Money, string> {
  const digits = currencyDigits(currency);
  if (digits === undefined) return err(`"${currency}" is not an ISO 4217 currency such as USD or EUR`);
  const match = /^(0|[1-9]\d{0,12})(?:\.(\d+))?$/.exec(text);
  if (!match) return err(`"${text}" is not a plain amount such as 350 or 350.00`);
  const [, whole = '0', fraction = ''] = match;
  if (fraction.length > digits) return err(`${currency} has ${digits} decimal places, "${text}" has more`);
  const minor = Number(whole + fraction.padEnd(digits, '0'));
  if (minor > mostMinor) return err(`"${text}" is more than an errand may hold`);
  return ok({ minor, currency });
}

/** "$1,156.00", "€80.00", "JPY 5,000" in a form a person reads and no locale changes. */
export function formatMoney({ minor, currency }: Money): string {
  return openFormat(currency).format(minor / 10 ** (currencyDigits(currency) ?? 2));
}
