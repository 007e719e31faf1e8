import type { Digest } from '../domain/digest.ts';
import type { News } from './brief-news.ts';
import type { JorbRow } from './jorb-moves.ts';

/** Where a digest begins: all that the one before told of. `decision` is the row of the last one. */
export type DigestMark = {
  since: number | null;
  seq: number;
  counts: Record<string, number>;
  decision: number;
};

/** What the parts of a digest are gathered from, inside the caller's transaction. */
export type DigestScene = {
  news: News;
  mark: DigestMark;
  /** The jorbs in which something happened, the latest first, as many as are told one by one. */
  moved: JorbRow[];
};

/** A list that ends somewhere, and how many more there are. */
export type Told<T> = { items: T[]; more: number };

export type Gather<Part extends keyof Digest> = (
  scene: DigestScene,
) => Told<Digest[Part] extends (infer T)[] ? T : never>;

export function countAll({ items, more }: Told<unknown>): number {
  return items.length + more;
}

/** The lists by their names, and how many more there are of each by the same names. */
export function splitTold<Lists extends Record<string, Told<unknown>>>(told: Lists) {
  const each = Object.entries(told);
  return {
    items: Object.fromEntries(each.map(([name, { items }]) => [name, items])) as {
      [Name in keyof Lists]: Lists[Name]['items'];
    },
    more: Object.fromEntries(each.map(([name, { more }]) => [name, more])) as Record<keyof Lists, number>,
  };
}
