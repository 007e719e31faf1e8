import { type Address, addressKey } from '../contact.ts';
import type { Grade } from '../message.ts';
import { formatInstant } from './instant.ts';
import { cleanWords, cutRaw, ownLine, prefixLines, prefixWithin } from './words.ts';

export type QuotedMessage = Address & { eventId: string; grade: Grade | null; at: number; text: string };

const longestCutNote = 60;
/** No address is longer than its channel's name and a host name. */
const longestKey = 260;

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

/** `loopback:magic`, as the contract has it. */
export function renderKey(address: Address): string {
  return ownLine(addressKey(address), longestKey);
}

function between({ head, name, lines, mark }: Record<'head' | 'name' | 'lines' | 'mark', string>): string {
  return `${head} [quote ${mark}]\n${lines}\n[end of ${name} ${mark}]`;
}
