import { shorten } from '../lib/text.ts';

/** Both ends of a text; `length` is how many characters there are in all. */
export type Excerpt = { text: string; length: number };

/** How much of everything a digest may hold. */
export type DigestRoom = {
  approvals: number;
  items: number;
  stories: number;
  /** Of one jorb. */
  messages: number;
  decisions: number;
  /** Of a text that is to be approved, and of any other. */
  asked: number;
  characters: number;
  /** Of a text that stands in a line of ours. */
  line: number;
};

/** The most that is read for one. */
export const fullRoom: DigestRoom = {
  approvals: 20,
  items: 40,
  stories: 40,
  messages: 60,
  decisions: 4,
  asked: 4000,
  characters: 2000,
  line: 600,
};

/** As many messages are read in all: few jorbs get room for many each. */
export const mostDigestMessages = 400;

export function excerpt(text: string, most: number): Excerpt {
  const { length } = text;
  // To count the characters of ten megabytes takes longer than all the rest.
  const ends = length > most * 8 ? `${text.slice(0, most * 4)}…${text.slice(-most * 4)}` : text;
  return { text: shorten(ends, most), length };
}

/** The same with less room. */
export function shortenExcerpt({ text, length }: Excerpt, most: number): Excerpt {
  return { text: shorten(text, most), length };
}
