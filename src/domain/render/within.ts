import { countBytes } from '../../lib/text.ts';
import { renderLine, straightenQuotes } from './quote.ts';
import { cutRaw } from './words.ts';

/** Text of anyone on one line that takes at most so many bytes, however it is written: the middle is cut out. */
export function renderLineWithin(text: string, bytes: number): string {
  const raw = cutRaw(text, bytes);
  for (let length = bytes; ; ) {
    const line = renderLine(raw, length);
    const taken = countBytes(line);
    if (taken <= bytes || length <= 1) return line;
    length = Math.max(1, Math.min(length - 1, Math.floor((length * bytes) / taken)));
  }
}

/** The same between quotation marks, which nothing in it can end. */
export function renderQuotedWithin(text: string, bytes: number): string {
  return `“${renderLineWithin(straightenQuotes(text), bytes)}”`;
}
