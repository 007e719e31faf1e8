/**
 * Control, format (bidi, zero-width, tag), blank, private-use and unassigned characters, lone surrogates
 * and variation selectors, but for tab and line feed.
 */
const invisible =
  /(?![\t\n])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
const invisibles = new RegExp(invisible.source, 'gu');

/** True when the text holds a character that a reader cannot see, or that changes how others read. */
export function hasInvisible(text: string): boolean {
  return invisible.test(text);
}

/** NFKC, line ends as `\n`, without invisible characters: what is shown and compared. The raw text is kept elsewhere. */
export function cleanText(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(invisibles, '');
}

/** Pictures and keycaps with what joins and varies them. `\p{RGI_Emoji}` says it shorter and takes 30 µs for each. */
const picture = /\p{Extended_Pictographic}\p{Emoji_Modifier}?\uFE0F?/u.source;
/** England, Scotland and Wales: the only flags spelled in tag characters, which hide words anywhere else. */
const flag =
  /\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}/u
    .source;
const emoji = new RegExp(`${flag}|${picture}(?:\\u200D${picture})*|[#*0-9]\\uFE0F\\u20E3`, 'u');
const emojiOrInvisible = new RegExp(`${emoji.source}|${invisible.source}`, 'gu');

/** Every character that a reader cannot see as `⟨U+202E⟩`; whole emoji stay as they are. */
export function escapeInvisible(text: string): string {
  return text.replace(emojiOrInvisible, (found) => (emoji.test(found) ? found : `⟨${nameCodePoint(found)}⟩`));
}

/** The first character that a reader cannot see, as `U+202E`. Whole emoji may hold such characters. */
export function findInvisible(text: string): string | undefined {
  if (!hasInvisible(text)) return undefined;
  const found = text.matchAll(emojiOrInvisible).find(([match]) => !emoji.test(match));
  return found && nameCodePoint(found[0]);
}

function nameCodePoint(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
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

/** At most `length` characters of prose: its beginning, up to the end of a word. */
export function cutEnd(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const head = characters.slice(0, Math.max(0, length - 1)).join('');
  const words = head.replace(/\s+\S*$/, '');
  // One word as long as the room is cut within.
  return `${(words.length > head.length / 2 ? words : head).replace(/[\s,;:–(-]+$/, '')}…`;
}

/** The noun after a number: `message` after 1, `messages` after any other. */
export function plural(number: number, one: string, many = `${one}s`): string {
  return number === 1 ? one : many;
}

/** In UTF-8. */
export function countBytes(text: string): number {
  return Buffer.byteLength(text);
}
