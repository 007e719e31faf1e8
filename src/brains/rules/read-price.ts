import { currencyDigits, type Money, mostMinor } from '../../lib/money.ts';

/** A price as someone wrote it. `isTotal`: it covers the whole errand, not one unit. */
export type ReadPrice = Money & { per: string | null; isTotal: boolean; index: number };

export type PriceHints = {
  /** The contract's: what a bare `$` or a bare number means. */
  currency: string;
  /** The unit the plan counts in, for a price that names none. */
  unit: string | null;
};

const symbols: Record<string, string> = {
  us$: 'USD',
  ca$: 'CAD',
  a$: 'AUD',
  '€': 'EUR',
  '£': 'GBP',
  '¥': 'JPY',
};
const words: Record<string, string> = {
  euro: 'EUR',
  euros: 'EUR',
  pound: 'GBP',
  pounds: 'GBP',
  quid: 'GBP',
  yen: 'JPY',
  francs: 'CHF',
};
const dollarCurrencies = new Set(['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN']);
const codes = 'USD|EUR|GBP|CHF|JPY|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|SGD|HKD|INR|CNY|MXN|BRL';
const number = String.raw`\d{1,3}(?:[,.]\d{3})+(?:[.,]\d{1,2})?|\d{1,7}(?:[.,]\d{1,2})?`;
const amount = new RegExp(
  String.raw`(?<![\w.,#])(?:(US\$|CA\$|A\$|[$€£¥]|(?:${codes})(?=[\s\d]))\s?)?(${number})(?!\d|[.,]\d)(k(?!\w))?(?:\s?(${codes}|dollars?|euros?|pounds?|bucks|quid|yen|francs|[$€£¥])(?!\w))?`,
  'gi',
);

const units: Record<string, string> = {
  nt: 'night',
  nite: 'night',
  n: 'night',
  guest: 'person',
  adult: 'person',
  head: 'person',
  hr: 'hour',
  mo: 'month',
  yr: 'year',
};
const unitAfter =
  /^\s*(?:(?:\+|plus|before|excl\.?|incl\.?|including|excluding)\s*tax(?:es)?\s*,?\s*)?(?:\/\s*|per\s+|an?\s+|each\s+|for\s+(?:one|each)\s+)(?:room\s*(?:\/|per|a)\s*)?(nights?|nt|nite|n|person|guest|adult|head|tickets?|seats?|hours?|hr|days?|weeks?|months?|mo|years?|yr|rooms?|units?|items?|pieces?)\b/i;
const shortUnitAfter = /^\s*(pn|ppn|nightly|pp|p\.p\.|each)(?!\w)/i;
const unitBefore =
  /\b(?:per|a|each)\s(night|person|ticket|seat|hour|day|week|month|year)\b|\b(nightly|weekly|monthly|hourly|daily)\b/i;
const shortUnits: Record<string, string> = {
  pn: 'night',
  ppn: 'night',
  nightly: 'night',
  weekly: 'week',
  monthly: 'month',
  hourly: 'hour',
  daily: 'day',
  pp: 'person',
  'p.p.': 'person',
  each: 'unit',
};
const totalAfter =
  /^\s*(?:in\s+)?(?:total|all[ -]in|altogether|all told|flat)\b|^\s*(?:\w+\s)?for\s+(?:all|both|the (?:whole|entire|full)|your (?:stay|whole)|the stay|(?:the )?(?:\d+|two|three|four|five|six|seven) (?:nights|tickets|people|persons|guests|days|seats))\b/i;
const totalBefore = /\b(?:total|altogether|all in|sum)\b[^\d]{0,24}$/i;
const bareBefore =
  /\b(?:rate|price|cost|costs|quote|fare|tariff)(?:\s(?:is|of|would be|will be|for \w+ is))?\s?:?\s$/i;
/** Money that is not what the thing costs now. */
const asideBefore =
  /\b(?:was|were|normally|usually|regular(?:ly)?|rack rate|instead of|down from|original(?:ly)?|save|saving|deposit(?: of)?|fees?(?: of| is)?|tax(?:es)?(?: of| is| are)?|parking(?: is)?|budget(?: is| of)?|limit(?: is| of)?|max(?:imum)?(?: is| of)?|minimum(?: of)?|penalty(?: of| is)?|plus(?: an?)?|\+)\s(?:a\s)?$/i;
const asideAfter =
  /^\s*(?:(?:USD|EUR|\/night|per night|a night|pn)\s)?(?:deposit|(?:\w+\s)?fees?\b|tax\b|taxes\b|discount|off\b|credit|refund|penalty|for (?:parking|breakfast|wifi|cancel)|extra\b|surcharge|more\b|less\b)/i;

/** A sentence with more is a price list; its first lines are enough to ask on. */
const mostPrices = 12;

/** Every amount that reads as a price of the thing itself, in order. Deposits, fees and old prices are left out. */
export function findPrices(sentence: string, hints: PriceHints): ReadPrice[] {
  const prices: ReadPrice[] = [];
  let previousEnd = 0;
  for (const match of sentence.matchAll(amount)) {
    if (prices.length === mostPrices) break;
    const [whole, before = '', digits = '', thousand, after = ''] = match;
    const rest = sentence.slice(match.index + whole.length);
    const lead = sentence.slice(Math.max(0, match.index - 40), match.index);
    const unit = readUnit(lead, rest, hints.unit);
    const isMoney = before !== '' || after !== '' || unit.isNear || bareBefore.test(lead);
    const between = sentence.slice(previousEnd, match.index);
    const isRange =
      /^\s?(?:-|–|—|to)\s?$/.test(between) || (between === ' and ' && /\bbetween\b/i.test(lead));
    previousEnd = match.index + whole.length;
    if (!isMoney || /^\s?%/.test(rest) || asideBefore.test(lead) || asideAfter.test(rest)) continue;
    const money = readMoney(digits, thousand ? 1000 : 1, readCurrency(before || after, hints.currency));
    if (!money || money.minor === 0) continue;
    const isTotal = totalAfter.test(rest) || (totalBefore.test(lead) && !unit.isNear);
    const per = isTotal ? null : (unit.per ?? hints.unit);
    // Of a range the dearer end is what it may cost.
    const last = prices.at(-1);
    if (last && isRange && last.minor <= money.minor) prices.pop();
    prices.push({ ...money, per, isTotal, index: match.index });
  }
  return prices;
}

function readUnit(lead: string, rest: string, usual: string | null): { per: string | null; isNear: boolean } {
  const named = nameUnit(lead, rest);
  // "Each" and "a room" count what the plan counts.
  const isVague = named.per === 'unit' || (named.per === 'room' && usual === 'night');
  return isVague ? { ...named, per: usual ?? named.per } : named;
}

function nameUnit(lead: string, rest: string): { per: string | null; isNear: boolean } {
  const long = unitAfter.exec(rest)?.[1]?.toLowerCase();
  if (long) return { per: units[long] ?? singular(long), isNear: true };
  const short = shortUnitAfter.exec(rest)?.[1]?.toLowerCase();
  if (short) return { per: shortUnits[short] ?? null, isNear: true };
  const earlier = unitBefore.exec(lead);
  const word = (earlier?.[1] ?? earlier?.[2])?.toLowerCase();
  return { per: word ? (shortUnits[word] ?? word) : null, isNear: false };
}

function singular(unit: string): string {
  const word = unit.replace(/s$/, '');
  return units[word] ?? word;
}

function readCurrency(mark: string, fallback: string): string {
  const text = mark.toLowerCase().trim();
  if (text === '$' || text.startsWith('dollar') || text === 'bucks') {
    return dollarCurrencies.has(fallback) ? fallback : 'USD';
  }
  return symbols[text] ?? words[text] ?? (text === '' ? fallback : text.toUpperCase());
}

/** `1,156.00`, `1.156,00`, `289,50` and `1.156` as people mean them: three digits after a mark are thousands. */
function readMoney(digits: string, factor: number, currency: string): Money | undefined {
  const places = currencyDigits(currency);
  if (places === undefined) return undefined;
  const match = /^(\d{1,3}(?:[,.]\d{3})+|\d+)(?:[.,](\d{1,2}))?$/.exec(digits);
  if (!match) return undefined;
  const whole = Number((match[1] ?? '').replace(/[,.]/g, ''));
  const fraction = Number(`0.${match[2] ?? '0'}`);
  const minor = Math.round((whole + fraction) * factor * 10 ** places);
  return minor <= mostMinor ? { minor, currency } : undefined;
}
