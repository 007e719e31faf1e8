import { createHmac } from 'node:crypto';
import type { Id } from '../domain/ids.ts';
import type { Db } from './connection.ts';
import { owner } from './tables/owner.ts';

/**
 * The mark around third-party words about one subject, inside the caller's transaction. Made from a secret
 * of this data folder, so that it is the same each time and nobody can guess it.
 */
export type MakeQuoteMark = (subject: Id<string>) => string;

export function buildQuoteMarks(db: Db): MakeQuoteMark {
  const find = db.select({ secret: owner.quoteSecret }).from(owner).prepare();
  return (subject) => {
    const secret = find.get()?.secret;
    if (!secret) throw new Error('the data folder has no quote secret');
    return createHmac('sha256', secret).update(subject).digest('hex').slice(0, 32);
  };
}
