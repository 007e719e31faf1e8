import { foldGlyphs, type Sentence } from './reading.ts';

/** Folded words, separated by single spaces in the source. */
export function readWordSet(words: string): ReadonlySet<string> {
  return new Set(foldGlyphs(words).split(/\s+/).filter(Boolean));
}

/** Phrases by their first word. In the source, one to a comma. */
export type Phrases = ReadonlyMap<string, readonly (readonly string[])[]>;

export function readPhrases(list: string): Phrases {
  const phrases = foldGlyphs(list)
    .split(',')
    .map((phrase) => phrase.trim().split(/\s+/));
  return Map.groupBy(phrases, ([first = '']) => first);
}

/** The first of the phrases that a sentence holds, word for word and not negated (`please do not`). */
export function findPhrase({ words }: Sentence, phrases: Phrases): string | undefined {
  for (const [index, { text }] of words.entries()) {
    const match = phrases
      .get(text)
      ?.find(
        (phrase) =>
          phrase.every((word, offset) => words[index + offset]?.text === word) &&
          words[index + phrase.length]?.text !== 'not',
      );
    if (match) return match.join(' ');
  }
  return undefined;
}
