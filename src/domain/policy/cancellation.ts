import { findPhrase, readPhrases, readWordSet } from './phrases.ts';
import type { Sentence } from './reading.ts';
import { readVerbRole } from './verb-role.ts';

const verbs = readWordSet('cancel annul void terminate withdraw rescind revoke release unsubscribe');
const gerunds = readWordSet('cancelling canceling withdrawing terminating');

const phrases = readPhrases(`
  no longer need, no longer want, no longer require, no longer interested, call it off, calling it off, call off, not coming,
  won't be coming, wont be coming, don't need the, don't need it, don't want it, back out, backing out, pull out, pulling out,
  have to cancel, need to cancel, want to cancel
`);

/** First persons, imperatives and infinitives of other languages. */
const foreign = readWordSet(`
  cancelo cancelamos cancele cancelen cancelar anule anular annulez annule annulons annuler storniere stornieren storno
  absagen annullo annulli annullare disdico disdire annuleer annuleren
`);

/** The words by which a text calls off what was agreed, or undefined. To ask about the terms is no cancellation. */
export function findCancellation(sentences: readonly Sentence[]): string | undefined {
  for (const sentence of sentences) {
    const found =
      findPhrase(sentence, phrases) ??
      sentence.words.find((word, index) => {
        if (word.spelled && word.text.includes('cancel')) return true;
        if (!sentence.isQuestion && foreign.has(word.text)) return true;
        if (gerunds.has(word.text)) return isProgressive(sentence, index);
        if (!verbs.has(word.text)) return false;
        const role = readVerbRole(sentence, index);
        return role === 'does' || role === 'wishes' || (role === 'may' && !sentence.isQuestion);
      })?.text;
    if (found !== undefined) return found;
  }
  return undefined;
}

function isProgressive({ words }: Sentence, index: number): boolean {
  return /^(?:am|are|i'm|im|we're)$/.test(words[index - 1]?.text ?? '');
}
