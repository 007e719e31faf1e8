/** Control, format (bidi, zero-width, tag), private-use and unassigned characters, but for tab and line feed. */
const invisible = /(?![\t\n])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]|[\u{FE00}-\u{FE0F}]/u;
const invisibles = new RegExp(invisible.source, 'gu');

/** True when the text holds a character that a reader cannot see, or that changes how others read. */
export function hasInvisible(text: string): boolean {
  return invisible.test(text);
}

/** NFKC, line ends as `\n`, without invisible characters: what is shown and compared. The raw text is kept elsewhere. */
export function cleanText(text: string): string {
  return text.normalize('NFKC').replace(/\r\n?/g, '\n').replace(invisibles, '');
}

/** Letters and digits only, lower case: equal for every spacing, punctuation and case of the same words. */
export function squeeze(text: string): string {
  return cleanText(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** At most `length` characters, the middle cut out: the ends of a message carry its sense. */
export function shorten(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const head = Math.ceil((length - 1) * 0.7);
  const tail = length - 1 - head;
  return `${characters.slice(0, head).join('')}…${tail > 0 ? characters.slice(-tail).join('') : ''}`;
}
