import { type Money, parseAmount } from '../../lib/money.ts';
import { type CurrencyMark, findCurrencyMarks } from './currency-marks.ts';
import { type Figure, findFigures } from './figures.ts';
import type { Sentence } from './reading.ts';

/** A price that a text names. */
export type Amount = {
  /** A plain decimal, or null when it is a price that cannot be read for certain, such as `two hundred`. */
  value: string | null;
  /** The currencies that may be meant; null when none is named. */
  currencies: readonly string[] | null;
  /** Whether it is the price of one unit: `per night`, `each`. */
  isUnitPrice: boolean;
};

const units = 'night|day|week|month|year|hour|person|head|room|piece|ticket|seat|unit|guest|adult|child';
const unitPrice = new RegExp(
  `^[\\s,(-]*(?:[A-Z]{3} )?(?:for )?(?:/ ?\\p{L}|(?:per|each|apiece|nightly|pp|p\\.p)(?!\\p{L})|an? (?:${units})(?!\\p{L}))`,
  'iu',
);
/** A unit that makes a bare number a price: `289 per night`, `289/night`. */
const pricedUnit = new RegExp(`^ ?(?:/ ?|per |an? |each )(?:${units})(?!\\p{L})`, 'iu');
const pricedWord =
  /(?<!\p{L})(?:price|rate|cost|costs|fee|budget|deposit|pay|charge)(?: (?:is|of|at|for|you|up to))?[ :=]{1,3}$/iu;
const countedThing =
  /^(?: ?[%°:]| (?:nights?|days?|weeks?|hours?|people|persons?|guests?|adults?|rooms?)(?!\p{L}))/iu;

/** Every price a sentence names, in any of the usual spellings. Dates and times are none. */
export function findAmounts({ text }: Sentence): Amount[] {
  const items = [...findFigures(text), ...findCurrencyMarks(text)].sort((a, b) => a.start - b.start);
  const priced = new Map<Figure, { currencies: readonly string[] | null; end: number }>();
  const add = (figure: Figure, mark: CurrencyMark) => {
    const known = priced.get(figure)?.currencies;
    const currencies = known
      ? mark.currencies.filter((currency) => known.includes(currency))
      : mark.currencies;
    priced.set(figure, { currencies, end: Math.max(figure.end, mark.end) });
  };
  items.forEach((item, index) => {
    if (!('isSign' in item)) return;
    const next = items[index + 1];
    const previous = items[index - 1];
    const after = next && 'value' in next && isGap(text, item.end, next.start) ? next : undefined;
    if (after) add(after, item);
    if (!previous || !('value' in previous) || !isGap(text, previous.end, item.start)) return;
    if (!after || isWritten(text, previous, item)) add(previous, item);
  });
  for (const item of items) {
    if ('value' in item && !priced.has(item) && isBarePrice(text, item)) {
      priced.set(item, { currencies: null, end: item.end });
    }
  }
  return Array.from(priced, ([{ value }, { currencies, end }]) => {
    return { value, currencies, isUnitPrice: unitPrice.test(text.slice(end, end + 32)) };
  });
}

/** Whether the text may mean exactly that much money. */
export function isAmountOf({ value, currencies }: Amount, { minor, currency }: Money): boolean {
  if (value === null || (currencies !== null && !currencies.includes(currency))) return false;
  const amount = parseAmount(value, currency);
  return amount.ok && amount.value.minor === minor;
}

/** The greatest number a sentence holds, whatever it stands for; infinite when one cannot be read. */
export function findGreatestFigure({ text }: Sentence): number {
  return Math.max(0, ...findFigures(text).map(({ value }) => (value === null ? Infinity : Number(value))));
}

function isGap(text: string, start: number, end: number): boolean {
  return end - start <= 3 && /^[\s:]*$/.test(text.slice(start, end));
}

/** With figures on both sides of a mark the first one counts too, unless a sign leads the second or it ends a date. */
function isWritten(text: string, before: Figure, mark: CurrencyMark): boolean {
  if (mark.isSign) return before.end === mark.start;
  return !/[-–—]/.test(text.charAt(before.start - 1)) && !/^(?:19|20)\d\d$/.test(before.value ?? '');
}

function isBarePrice(text: string, { start, end, isWord }: Figure): boolean {
  if (isWord) return false;
  const after = text.slice(end, end + 16);
  return (
    pricedUnit.test(after) ||
    (pricedWord.test(text.slice(Math.max(0, start - 32), start)) && !countedThing.test(after))
  );
}
