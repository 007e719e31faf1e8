import { type Address, addressKey } from '../contact.ts';
import type { Fact } from '../jorb.ts';
import type { Grade } from '../message.ts';
import type { PastMessage } from '../turn.ts';
import { formatInstant } from './instant.ts';
import { prefixLines } from './quote.ts';
import { cleanLine, cleanWords, cutRaw, indentWithin, ownLine, prefixWithin } from './words.ts';

export type QuotedMessage = Address & { eventId: string; grade: Grade | null; at: number; text: string };

const longestCutNote = 60;
/** No address is longer than its channel's name and a host name. */
const longestKey = 260;
const longestFactKey = 120;

/** The most that quoting a message takes besides its words. */
export function computeOverhead(message: Omit<QuotedMessage, 'text'>, mark: string): number {
  return quoteMessage({ ...message, text: '' }, mark, 0).length + longestCutNote;
}

/**
 * A message of somebody else between two lines that nobody else can write. The first says which event it
 * is, from whom, and how sure that is.
 */
export function quoteMessage(message: QuotedMessage, mark: string, most: number): string {
  const { eventId, grade, at, text } = message;
  const raw = cutRaw(text, most);
  const words = cleanWords(raw, mark);
  const lines = prefixWithin(words, '> ', most);
  const isCut = raw !== text || lines !== prefixLines(words, '> ');
  const length = isCut ? `, ${text.length} characters, the middle left out` : '';
  const head = `[${eventId}] from ${renderKey(message)} (grade ${grade ?? 'none'}) ${formatInstant(at)}${length}`;
  return between({ head, name: eventId, lines, mark });
}

/** Short things of others, one to a line. */
export function quoteLines(name: string, lines: readonly string[], mark: string): string {
  return between({ head: `[${name}]`, name, lines: lines.map((line) => `> ${line}`).join('\n'), mark });
}

/** A message of the past: quoted, or our own words, which need no quote. One without a status was sent. */
export function renderPastMessage(entry: PastMessage, mark: string, most: number): string {
  if (entry.direction === 'in') return quoteMessage({ ...entry, eventId: entry.id }, mark, most);
  const status = entry.status === 'sent' ? '' : ` (${entry.status})`;
  return `[${entry.id}] to ${renderKey(entry)} ${formatInstant(entry.at)}${status}\n${indentWithin(entry.text, most)}`;
}

/** For a line of a quote: what facts say comes from third parties. */
export function renderFact({ id, key, value, sourceEventId }: Fact, mark: string, most: number): string {
  const source = sourceEventId === null ? 'your own note' : `from ${sourceEventId}`;
  return `[${id}] ${cleanLine(key, mark, longestFactKey)} (${source}): ${cleanLine(value, mark, most)}`;
}

/** `loopback:magic`, as the contract has it. */
export function renderKey(address: Address): string {
  return ownLine(addressKey(address), longestKey);
}

function between({ head, name, lines, mark }: Record<'head' | 'name' | 'lines' | 'mark', string>): string {
  return `${head} [quote ${mark}]\n${lines}\n[end of ${name} ${mark}]`;
}
