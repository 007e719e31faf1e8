import { dayMs } from '../../lib/duration.ts';
import { plainText } from './sentences.ts';

/** What the rules can read from a plan written for people. */
export type PlanReading = {
  /** `purchase`: something is to be bought, booked or accepted. `inquiry`: answers are the whole errand. */
  kind: 'purchase' | 'inquiry';
  /** Whether a price belongs to the answer. */
  isPriced: boolean;
  /** As written: "March 17–21". */
  dates: string | null;
  /** How many of each unit: night, ticket, person, room. */
  counts: ReadonlyMap<string, number>;
  /** The unit that an offer without one is taken to be for: that of the contract's limit, or the plan's own. */
  unit: string | null;
};

const deed = /\b(?:book|reserve|buy|purchase|order|hire|rent|accept|sign up|schedule an? appointment)\w*\b/gi;
const negation =
  /\b(?:do not|don't|never|without|no need to|not to|rather than|instead of)\s(?:\w+\s){0,2}$/i;
/** "Do not book without asking me" still wants a booking. */
const condition = /^[^.!?\n]{0,40}\b(?:without|before|until|unless|yet)\b/i;
const pricedWords =
  /[$€£¥]|\b(?:prices?|costs?|rates?|budget|cheap\w*|tickets?|hotels?|rooms?|flights?|buy|purchase|rent|hire|quotes?|fares?|fees?|order)\b/i;

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const month = String.raw`(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?`;
const day = String.raw`(\d{1,2})(?:st|nd|rd|th)?`;
const to = String.raw`\s*(?:-|–|—|to|through|until|till)\s*`;
const year = String.raw`(?:,?\s(20\d\d))?`;
const monthFirst = new RegExp(String.raw`\b${month}\s${day}${to}(?:${month}\s)?${day}${year}(?!\w)`, 'i');
const dayFirst = new RegExp(String.raw`\b${day}(?:\s${month})?${to}${day}\s${month}${year}(?!\w)`, 'i');
const isoRange = /\b(20\d\d-\d\d-\d\d)\s*(?:-|–|—|to|through|until|\/)\s*(20\d\d-\d\d-\d\d)\b/i;
const singleDate = new RegExp(
  String.raw`\b${month}\s\d{1,2}(?:st|nd|rd|th)?(?:,?\s20\d\d)?(?!\w)|\b\d{1,2}(?:st|nd|rd|th)?\s${month}(?:\s20\d\d)?(?!\w)|\b20\d\d-\d\d-\d\d\b|\b(?:(?:this|next|on)\s)?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b(?:\s(?:at|from)\s\d{1,2}(?::\d\d)?\s?(?:am|pm)?)?|\b(?:tomorrow|tonight)\b`,
  'i',
);

const numbers = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const count = new RegExp(
  String.raw`(?<![$€£¥\d.,-])\b(\d{1,4}|${numbers.join('|')})\s(nights?|tickets?|guests?|people|persons?|adults?|rooms?|seats?|hours?|days?|weeks?|months?|items?|units?|pieces?)\b`,
  'gi',
);
const partySize = new RegExp(
  String.raw`\b(?:table|dinner|lunch|room|party)\s(?:for|of)\s(\d{1,2}|${numbers.join('|')})(?![\w:])`,
  'i',
);
const countedUnits = ['night', 'ticket', 'seat'];
const lodging = /\b(?:hotels?|rooms?|nights?|stay|hostels?|inns?|apartments?|accommodation|lodging|suite)\b/i;

/** `limitPer`: the unit of the contract's limit for an offer, if there is one. `now` tells which year is meant. */
export function readPlan(
  plan: string,
  { limitPer, now }: { limitPer: string | null; now: number },
): PlanReading {
  const text = plainText(plan);
  const range = readRange(text, now);
  const kind = limitPer !== null || wantsDeed(text) ? 'purchase' : 'inquiry';
  const counts = readCounts(
    text,
    lodging.test(text) || limitPer === 'night' ? (range?.nights ?? null) : null,
  );
  return {
    kind,
    isPriced: limitPer !== null || pricedWords.test(text),
    dates: range?.label ?? singleDate.exec(text)?.[0] ?? null,
    counts,
    unit: limitPer ?? (kind === 'purchase' ? (countedUnits.find((unit) => counts.has(unit)) ?? null) : null),
  };
}

/** How many of a unit are needed, or undefined when the plan does not say. */
export function countUnits({ counts }: PlanReading, unit: string | null): number | undefined {
  if (unit === null) return 1;
  if (unit === 'night') {
    const nights = counts.get('night');
    return nights === undefined ? undefined : nights * (counts.get('room') ?? 1);
  }
  if (unit === 'ticket' || unit === 'seat') {
    return counts.get('ticket') ?? counts.get('seat') ?? counts.get('person');
  }
  return counts.get(unit);
}

function wantsDeed(text: string): boolean {
  for (const match of text.matchAll(deed)) {
    const isNegated = negation.test(text.slice(Math.max(0, match.index - 40), match.index));
    if (!isNegated || condition.test(text.slice(match.index + match[0].length))) return true;
  }
  return false;
}

function readCounts(text: string, nightsOfRange: number | null): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [, figure = '', word = ''] of text.matchAll(count)) {
    const unit = singular(word.toLowerCase());
    const value = readNumber(figure);
    if (value >= 1 && !counts.has(unit)) counts.set(unit, value);
  }
  const party = partySize.exec(text)?.[1];
  if (party && !counts.has('person')) counts.set('person', readNumber(party));
  if (nightsOfRange !== null && !counts.has('night')) counts.set('night', nightsOfRange);
  return counts;
}

function readNumber(figure: string): number {
  return numbers.indexOf(figure.toLowerCase()) + 1 || Number(figure);
}

function singular(word: string): string {
  if (['people', 'guests', 'guest', 'adults', 'adult', 'persons'].includes(word)) return 'person';
  return word.replace(/s$/, '');
}

function readRange(text: string, now: number): { label: string; nights: number | null } | undefined {
  const iso = isoRange.exec(text);
  if (iso) {
    const nights = (Date.parse(iso[2] ?? '') - Date.parse(iso[1] ?? '')) / dayMs;
    return { label: iso[0], nights: nights >= 1 ? nights : null };
  }
  const range = matchRange(text);
  return range && { label: range.label, nights: countNights(range, now) };
}

type MonthDay = { month: number; day: number };
type DayRange = { label: string; first: MonthDay; last: MonthDay; inYear: number | undefined };

function matchRange(text: string): DayRange | undefined {
  const a = monthFirst.exec(text);
  if (a) {
    const [label, m1 = '', d1 = '', m2, d2 = '', y] = a;
    return { label, first: at(m1, d1), last: at(m2 ?? m1, d2), inYear: y ? Number(y) : undefined };
  }
  const b = dayFirst.exec(text);
  if (!b) return undefined;
  const [label, d1 = '', m1, d2 = '', m2 = '', y] = b;
  return { label, first: at(m1 ?? m2, d1), last: at(m2, d2), inYear: y ? Number(y) : undefined };
}

function at(name: string, dayText: string): MonthDay {
  return { month: months.indexOf(name.slice(0, 3).toLowerCase()), day: Number(dayText) };
}

function countNights({ first, last, inYear }: DayRange, now: number): number | null {
  const thisYear = new Date(now).getUTCFullYear();
  const start = (y: number) => Date.UTC(y, first.month, first.day);
  const y = inYear ?? (start(thisYear) + dayMs < now ? thisYear + 1 : thisYear);
  const endsNextYear = last.month < first.month ? 1 : 0;
  const nights = (Date.UTC(y + endsNextYear, last.month, last.day) - start(y)) / dayMs;
  return nights >= 1 && nights <= 366 ? nights : null;
}
