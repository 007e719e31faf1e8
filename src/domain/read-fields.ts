import { type Money, parseAmount } from '../lib/money.ts';
import { cleanText, findInvisible, shorten } from '../lib/text.ts';
import { Refusal } from './refusal.ts';

/** The refusal of one field: the sentence begins with its path. */
export function refuseField(field: string, complaint: string): Refusal {
  return new Refusal('invalid', `${field} ${complaint}`, field);
}

/** What was given, short and harmless enough to be repeated. */
export function quote(text: string): string {
  return `"${shorten(cleanText(text.slice(0, 400)).replace(/\s+/g, ' ').trim(), 40)}"`;
}

/** Text of several lines: trimmed, not empty, at most `longest` characters, nothing invisible. */
export function readText(text: string, field: string, longest: number): string {
  if (text.length > longest * 4)
    throw refuseField(field, `has ${text.length} characters; ${longest} are the most`);
  const trimmed = text.replace(/\r\n?/g, '\n').trim();
  if (trimmed === '') throw refuseField(field, 'is empty; it must say something');
  if (trimmed.length > longest) {
    throw refuseField(field, `has ${trimmed.length} characters; ${longest} are the most`);
  }
  const invisible = findInvisible(trimmed);
  if (invisible !== undefined)
    throw refuseField(field, `holds the invisible character ${invisible}; leave it out`);
  return trimmed;
}

/** A name or title: text of a single line. */
export function readLine(text: string, field: string, longest: number): string {
  const line = readText(text, field, longest);
  if (/[\n\t]/.test(line)) throw refuseField(field, 'must be a single line without tabs');
  return line;
}

export function readList<In, Out>(
  items: readonly In[],
  limits: { field: string; least: number; most: number; noun: string },
  read: (item: In, field: string) => Out,
): Out[] {
  const { field, least, most, noun } = limits;
  if (items.length < least) throw refuseField(field, `is empty; name at least ${least} ${noun}`);
  if (items.length > most) throw refuseField(field, `has ${items.length} ${noun}s; ${most} are the most`);
  return items.map((item, index) => read(item, `${field}[${index}]`));
}

export function readAmount(text: string, field: string, currency: string): Money {
  const amount = parseAmount(text, currency);
  if (amount.ok) return amount.value;
  const reason = text.length > 40 ? 'it is too long for an amount' : amount.error;
  throw refuseField(field, `must be an amount such as "350.00": ${reason}`);
}

export function readWhole(value: number, field: string, most: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw refuseField(field, `must be a whole number from 0 to ${most}, not ${value}`);
}
