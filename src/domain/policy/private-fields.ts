import type { ProfileField } from '../gate.ts';
import { spellDates } from './date-spellings.ts';
import { foldCase, foldGlyphs, splitTokens } from './reading.ts';

/** Below this, a value counts only where it stands as words of its own: "Li" is no part of "available". */
const shortest = 6;
const shortestDigits = 7;

/** A text as profile values are looked for in it: once as it is, once with look-alike letters made Latin. */
type Haystack = { tokens: string[]; joined: string };
export type SearchedText = { plain: Haystack; latin: Haystack; mail: string; digits: string };

export function openForSearch(text: string): SearchedText {
  const latin = splitTokens(foldGlyphs(text));
  return {
    plain: stack(splitTokens(foldCase(text))),
    latin: stack(latin),
    mail: latin.filter((token) => !/^(?:at|dot|punto|arroba|punkt|point)$/.test(token)).join(''),
    digits: latin.map(readDigits).join(''),
  };
}

/**
 * Whether the text tells the value, or a telling part of it, whatever its spacing, punctuation, case and
 * look-alike letters. A single letter is too little to look for.
 */
export function holdsField(text: SearchedText, { field, value }: ProfileField): boolean {
  return [value, ...spellDates(value), ...listParts(field, value)].some(
    (part) =>
      holds(text.plain, splitTokens(foldCase(part)).join('')) ||
      holds(text.latin, splitTokens(foldGlyphs(part)).join('')) ||
      holdsMail(text, part) ||
      holdsDigits(text, part),
  );
}

function stack(tokens: string[]): Haystack {
  return { tokens, joined: tokens.join('') };
}

function holds({ tokens, joined }: Haystack, needle: string): boolean {
  if (needle.length < 2 || !joined.includes(needle)) return false;
  if (needle.length >= shortest || /[^\p{Script=Latin}\p{N}]/u.test(needle)) return true;
  return tokens.some((_, start) => isSpelledFrom(tokens, start, needle));
}

/** Whether some words from `start` on, run together, are exactly the needle. */
function isSpelledFrom(tokens: string[], start: number, needle: string): boolean {
  let rest = needle;
  for (let index = start; rest !== ''; index += 1) {
    const token = tokens[index];
    if (token === undefined || !rest.startsWith(token)) return false;
    rest = rest.slice(token.length);
  }
  return true;
}

/** `ana at example dot com`. */
function holdsMail({ mail }: SearchedText, value: string): boolean {
  return /^\S+@\S+\.\S+$/.test(value) && mail.includes(splitTokens(foldGlyphs(value)).join(''));
}

/** A phone or document number, also without country and area code and with words for digits. */
function holdsDigits({ digits }: SearchedText, value: string): boolean {
  const wanted = value.replace(/\D/g, '');
  const letters = value.replace(/[^\p{L}]/gu, '').length;
  if (wanted.length < shortestDigits || letters > 3) return false;
  return digits.includes(wanted.slice(-shortestDigits));
}

/** The lines of an address and the names of a person: parts that tell something alone. */
function listParts(field: string, value: string): string[] {
  if (field.includes('name')) return value.split(/\s+/).filter((part) => part.length > 2);
  const [first = '', ...others] = value.split(/[,;\n]+/).map((part) => part.trim());
  if (others.length === 0) return [];
  const isTelling = (part: string, least: number) => splitTokens(part).join('').length >= least;
  return [first, ...others.filter((part) => /\d/.test(part))].filter((part, index) =>
    isTelling(part, index === 0 ? shortest : 5),
  );
}

const digitWords = new Map(
  'zero one two three four five six seven eight nine'.split(' ').map((word, digit) => [word, String(digit)]),
).set('oh', '0');

function readDigits(token: string): string {
  return digitWords.get(token) ?? token.replace(/\D/g, '');
}
