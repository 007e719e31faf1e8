import * as words from './acceptance-words.ts';
import { findAmounts } from './amounts.ts';
import { findPhrase } from './phrases.ts';
import { readSentences, type Sentence, type Word } from './reading.ts';
import { readVerbRole } from './verb-role.ts';

/** How much of a counterparty's words is looked at, from either end. */
const quoteLength = 4000;

/**
 * The words by which a text takes up an offer or places an order, or undefined. `lastInbound` is what the
 * counterparty said last: a bare yes binds only as an answer to an offer.
 */
export function findAcceptance(
  sentences: readonly Sentence[],
  lastInbound: string | null,
): string | undefined {
  const hasReply = lastInbound !== null && lastInbound.trim() !== '';
  for (const sentence of sentences) {
    const found =
      findPhrase(sentence, words.bindingPhrases) ??
      findWord(sentence, (word, index) => binds(sentence, index, hasReply) && word.text) ??
      findCloser(sentence);
    if (found !== undefined) return found;
  }
  return hasReply && isSealable(lastInbound) ? findYes(sentences) : undefined;
}

function binds(sentence: Sentence, index: number, hasReply: boolean): boolean {
  const word = sentence.words[index];
  if (!word || isSpared(sentence.words, index)) return false;
  if (words.bindingWords.has(word.text) || (hasReply && words.bindingAfterReply.has(word.text))) return true;
  if (word.spelled)
    return [...words.strongVerbs, 'confirm'].some((verb) => verb.length > 3 && word.text.includes(verb));
  if (words.gerunds.has(word.text)) return isProgressive(sentence, index);
  const isStrong = words.strongVerbs.has(word.text);
  if (!isStrong && !words.weakVerbs.has(word.text) && word.text !== 'confirm') return false;
  const role = readVerbRole(sentence, index);
  if (word.text === 'confirm') return role !== 'mentions' && confirmsBooking(sentence.words, index);
  return role === 'does' || (hasReply && (role === 'wishes' || (isStrong && role === 'may')));
}

function isSpared(all: Word[], index: number): boolean {
  const text = all[index]?.text ?? '';
  const next = all[index + 1]?.text ?? '';
  const needed = words.neededFollowers.get(text);
  if (needed && !needed.has(next)) return true;
  if (words.sparedFollowers.get(text)?.has(next)) return true;
  return /^an?$/.test(next) && words.sparedObjects.has(all[index + 2]?.text ?? '');
}

function isProgressive(sentence: Sentence, index: number): boolean {
  const previous = sentence.words[index - 1]?.text ?? '';
  return /^(?:am|are|i'm|im|we're)$/.test(previous) && readVerbRole(sentence, index) === 'does';
}

/** `confirm the booking`, `I confirm.`, `confirm it`; not `confirm the price` and not `I'll confirm with Ana`. */
function confirmsBooking(all: Word[], index: number): boolean {
  const following = all.slice(index + 1, index + 5).map(({ text }) => text);
  if (following.some((text) => words.bookingNouns.has(text))) return true;
  const [object = '', after = ''] = following;
  if (/^(?:it|this|that|them|us|me)$/.test(object))
    return !/^(?:is|are|was|has|can|will|would|you|we|the|i|with)$/.test(after);
  return object === '' && all.slice(0, index).some(({ text }) => /^(?:i|we|i'll|we'll|hereby)$/.test(text));
}

function findCloser({ words: all, isQuestion }: Sentence): string | undefined {
  if (isQuestion || all.length > 4) return undefined;
  return all.find(({ text, opens }) => opens && words.closers.has(text))?.text;
}

function isSealable(lastInbound: string): boolean {
  const ends =
    lastInbound.length > 2 * quoteLength
      ? [lastInbound.slice(0, quoteLength), lastInbound.slice(-quoteLength)]
      : [lastInbound];
  return ends
    .flatMap(readSentences)
    .some(
      (sentence) =>
        findAmounts(sentence).length > 0 || sentence.words.some(({ text }) => words.sealableWords.has(text)),
    );
}

function findYes(sentences: readonly Sentence[]): string | undefined {
  for (const sentence of sentences) {
    const found =
      findPhrase(sentence, words.yesPhrases) ??
      sentence.words.find(({ text, opens }) => opens && words.yesWords.has(text))?.text ??
      words.nodSigns.exec(sentence.text)?.[0];
    if (found !== undefined) return found;
  }
  const all = sentences.flatMap((sentence) => sentence.words);
  if (all.length === 1 && all[0]?.text === 'please') return 'please';
  return all.length <= 4 ? all.find(({ text }) => words.nods.has(text))?.text : undefined;
}

function findWord(
  sentence: Sentence,
  read: (word: Word, index: number) => string | false,
): string | undefined {
  for (const [index, word] of sentence.words.entries()) {
    const found = read(word, index);
    if (found !== false) return found;
  }
  return undefined;
}
