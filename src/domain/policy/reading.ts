import { cleanText } from '../../lib/text.ts';

/** One word, folded. `opens` marks the first of a clause; `spelled` one that was written letter by letter. */
export type Word = { text: string; opens: boolean; spelled: boolean };

/** `text` keeps case and figures for prices; `words` are folded for what the sentence says. */
export type Sentence = { text: string; words: Word[]; isQuestion: boolean };

/** How the tripwires read a text: look-alike letters, accents and other scripts' digits made plain. */
export function readSentences(text: string): Sentence[] {
  return plainGlyphs(text)
    .split(/(?<=[.!?])\s+|[\n;]/u)
    .filter((sentence) => /[\p{L}\p{N}\p{S}]/u.test(sentence))
    .map((sentence) => ({
      text: sentence,
      words: readWords(sentence),
      isQuestion: /\?[!?"')\]\s]{0,20}$/.test(sentence),
    }));
}

/** Accents, marks and case made equal: `ÄRGER` and `arger`, `Straße` and `STRASSE`. Scripts are kept apart. */
export function foldCase(text: string): string {
  return foldPlain(stripMarks(text));
}

/** Like `foldCase`, and letters that look Latin are Latin. */
export function foldGlyphs(text: string): string {
  return foldPlain(plainGlyphs(text));
}

/** Runs of letters and digits, apostrophes dropped. */
export function splitTokens(folded: string): string[] {
  return folded.replace(/['’`´]/g, '').match(/[\p{L}\p{N}]+/gu) ?? [];
}

function readWords(sentence: string): Word[] {
  const words: Word[] = [];
  const folded = foldPlain(sentence).replace(/[’`´]/g, "'");
  let end = 0;
  for (const match of folded.matchAll(spelledOrWord)) {
    const [found, letters] = match;
    const opens = words.length === 0 || /[^\s%$€£]/u.test(folded.slice(end, match.index));
    words.push({ text: letters?.replace(/\P{L}/gu, '') ?? found, opens, spelled: letters !== undefined });
    end = match.index + found.length;
  }
  return words;
}

/** Single letters with one sign between, three or more: `b o o k`, `b.o.o.k`. */
const spelledOrWord =
  /((?<![\p{L}\p{N}])\p{L}(?:[ .\-_*·|/]\p{L}){2,}(?![\p{L}\p{N}]))|[\p{L}\p{N}]+(?:'\p{L}+)*/gu;

function foldPlain(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}

function stripMarks(text: string): string {
  return cleanText(text)
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/(?![0-9])\p{Nd}/gu, plainDigit);
}

function plainGlyphs(text: string): string {
  return stripMarks(text).replace(/[^\0-\x7f]/gu, (character) => lookAlikes.get(character) ?? character);
}

/** Unicode lays the digits of a script out in tens, from zero. */
function plainDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}

const lookAlikes = new Map(
  Object.entries({
    ...pair('АВЕЅІЈКМНОРСТУХЬԌԚԜӀҺ', 'ABESIJKMHOPCTYXbGQWIH'),
    ...pair('авеѕіјкмнорстухьԁԛԝһӏгпиѵ', 'abesijkmhopctyxbdqwhlrnuv'),
    ...pair('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'),
    ...pair('αεηικνορτυχγω', 'aenikvoptuxyw'),
    ...pair('ıɑɡɩʏᴀᴄᴇᴏᴜᴠᴡᴢ', 'iagiyaceouvwz'),
    '’': "'",
  }),
);

function pair(from: string, to: string): Record<string, string> {
  const plain = [...to];
  return Object.fromEntries([...from].map((character, index) => [character, plain[index] ?? character]));
}
