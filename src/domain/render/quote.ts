import { escapeInvisible, shorten } from '../../lib/text.ts';

/** Text of anyone on one line: white space runs become one space, the middle is cut out at `length` characters. */
export function renderLine(text: string, length = 200): string {
  return escapeInvisible(shorten(text.replace(/\s+/g, ' ').trim(), length));
}

const quotationMarks = /[“”„‟]/g;

/** Text of anyone on one line between quotation marks, which only we write: nothing in it can end them. */
export function renderQuoted(text: string, length = 200): string {
  return `“${renderLine(straightenQuotes(text), length)}”`;
}

export function straightenQuotes(text: string): string {
  return text.replace(quotationMarks, '"');
}

/**
 * A third party's words as a marked quotation: every line begins with `> `, so that nothing in it can
 * pass for a line of ours.
 */
export function renderQuote(text: string, length = Number.POSITIVE_INFINITY): string {
  return prefixLines(escapeInvisible(shorten(text.replace(/\r\n?/g, '\n'), length)), '> ');
}

/** Text that is or will be on the wire, whole: every line is indented by four spaces. */
export function renderExact(text: string): string {
  return prefixLines(escapeInvisible(text), '    ');
}

export function prefixLines(text: string, prefix: string): string {
  return prefix + text.replaceAll('\n', `\n${prefix}`);
}
