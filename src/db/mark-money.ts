import type { Money } from '../lib/money.ts';
import type { Mark } from './brief-news.ts';

/** In the counts of a mark: the last call of a model. */
export const modelCallKey = 'model call';

/** In the counts of a mark: all that had been settled in a currency. */
function settledKey(currency: string): string {
  return `settled ${currency}`;
}

/** What was settled since a mark with these counts, of all that ever was. */
export function settledSince(counts: Mark['counts'], settled: readonly Money[]): Money[] {
  return settled
    .map(({ minor, currency }) => ({ minor: minor - (counts[settledKey(currency)] ?? 0), currency }))
    .filter(({ minor }) => minor > 0);
}

/** What the next mark knows of it. */
export function countSettled(settled: readonly Money[]): Mark['counts'] {
  return Object.fromEntries(settled.map(({ minor, currency }) => [settledKey(currency), minor]));
}
