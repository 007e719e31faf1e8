import { and, eq } from 'drizzle-orm';
import type { Address } from '../domain/contact.ts';
import { slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { address } from './tables/jorbs.ts';

/** The row of a normalized address, made when it is new, inside the caller's transaction. */
export function buildFindOrCreateAddress(db: Db): (wanted: Address) => number {
  const find = db
    .select({ id: address.id })
    .from(address)
    .where(and(eq(address.channel, slot('channel')), eq(address.address, slot('address'))))
    .prepare();
  const insert = db
    .insert(address)
    .values({ channel: slot('channel'), address: slot('address') })
    .prepare();
  return ({ channel, address }) =>
    find.get({ channel, address })?.id ?? Number(insert.run({ channel, address }).lastInsertRowid);
}
