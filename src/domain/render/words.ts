import { cleanText, escapeInvisible, shorten } from '../../lib/text.ts';
import { prefixLines, renderLine, straightenQuotes } from './quote.ts';

/** What the server of a model may read as its own token, where a conversation or one of its messages begins and ends. */
const templateToken = /<(?=[|/!<]|\p{L})|\[(?=\/?[A-Z][A-Z_]{2,}\])/gu;

/** `<|im_end|>` as `‹|im_end|>`, `[INST]` as `(INST]`: still to be read, and no token. */
export function disarm(text: string): string {
  return text.replace(templateToken, (found) => (found === '<' ? '‹' : '('));
}

/**
 * Words of others as a model may read them: NFKC, nothing invisible, no token of a chat template, and the
 * quote mark nowhere, which they may have learned from a message of ours.
 */
export function cleanWords(text: string, mark: string): string {
  const written = new RegExp(mark.replace(/\W/g, '\\$&'), 'gi');
  return disarm(cleanText(text).replace(written, '(mark)'))
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Words of others on one line. */
export function cleanLine(text: string, mark: string, most: number): string {
  return shorten(cleanWords(cutRaw(text, most), mark).replace(/\s+/g, ' '), most);
}

/** Our own words, or the owner's, on one line. */
export function ownLine(text: string, most: number): string {
  return disarm(renderLine(cutRaw(text, most), most));
}

/** The same between quotation marks, which nothing in it can end. */
export function ownQuote(text: string, most: number): string {
  return `“${ownLine(straightenQuotes(text), most)}”`;
}

/** Our own words, or the owner's, whole where they fit: every line is indented, and none of ours is. */
export function indentWithin(text: string, most: number): string {
  const lines = disarm(escapeInvisible(cutRaw(text, most).replace(/\r\n?/g, '\n')));
  return prefixWithin(lines, '    ', most);
}

/** Its lines with a prefix, its middle cut out where it would take more than `most` characters. */
export function prefixWithin(text: string, prefix: string, most: number): string {
  let lines = prefixLines(text, prefix);
  for (let count = [...text].length; lines.length > most && count > 1; ) {
    count = Math.max(1, Math.min(count - 1, Math.floor((count * most) / lines.length)));
    lines = prefixLines(shorten(text, count), prefix);
  }
  return lines;
}

/** Both ends of a text that is far too long: to clean ten megabytes for two thousand characters takes seconds. */
export function cutRaw(text: string, most: number): string {
  const end = most * 4;
  return text.length > end * 2 ? `${text.slice(0, end)}…${text.slice(-end)}` : text;
}
