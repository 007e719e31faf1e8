import type { Fact } from './jorb.ts';
import { quoteLines, renderFact, renderPastMessage } from './render/marked-quote.ts';
import { ownLine } from './render/words.ts';
import type { PastMessage } from './turn.ts';

export const mostHits = 20;
const longestHit = 500;
const mostWords = 8;
const longestWord = 100;

/** What an agent looks for: each of these has to occur, in whatever case and order. */
export function readWords(text: string): string[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return words.slice(0, mostWords).map((word) => word.slice(0, longestWord));
}

/**
 * Each word in the spellings that a database finds it by which knows only ASCII letters in both cases:
 * `münchen`, `mÜnchen`.
 */
export function listSpellings(words: readonly string[]): string[][] {
  return words.map((word) => {
    const cased = [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)];
    return [...new Set(cased.map((each) => each.replace(/[A-Z]/g, (letter) => letter.toLowerCase())))];
  });
}

export function holdsWords(text: string, words: readonly string[]): boolean {
  const plain = text.toLowerCase();
  return words.every((word) => plain.includes(word));
}

export function renderFoundFacts(facts: readonly Fact[], words: string, mark: string): string {
  const lines = facts.map((fact) => renderFact(fact, mark, longestHit));
  return renderFound(lines.length, `facts of this errand hold ${ownLine(words, 200)}`, [
    quoteLines('facts', lines, mark),
  ]);
}

export function renderFoundMessages(messages: readonly PastMessage[], words: string, mark: string): string {
  const hits = messages.map((message) => renderPastMessage(message, mark, longestHit));
  return renderFound(hits.length, `messages of this errand hold ${ownLine(words, 200)}`, hits);
}

function renderFound(hits: number, what: string, parts: readonly string[]): string {
  if (hits === 0) return `no ${what}`;
  const count = hits < mostHits ? `${hits}` : `the newest ${mostHits}`;
  return [`${count} ${what}, newest first.`, ...parts].join('\n\n');
}
