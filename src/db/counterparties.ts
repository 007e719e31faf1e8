import { eq } from 'drizzle-orm';
import type { Counterparty } from '../domain/contact.ts';
import { slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId } from './rows.ts';
import { address, counterparty } from './tables/jorbs.ts';

/** The counterparties of a jorb in the order the owner named them. */
export function buildListCounterparties(db: Db): (jorbRow: number) => Counterparty[] {
  const select = db
    .select({
      id: address.id,
      channel: address.channel,
      address: address.address,
      name: counterparty.name,
      ask: counterparty.ask,
      optedOutAt: address.optedOutAt,
    })
    .from(counterparty)
    .innerJoin(address, eq(address.id, counterparty.addressId))
    .where(eq(counterparty.jorbId, slot('jorbRow')))
    .orderBy(counterparty.position)
    .prepare();
  return (jorbRow) =>
    select.all({ jorbRow }).map(({ id, optedOutAt, ...rest }) => ({
      ...rest,
      id: toId('address', id),
      optedOut: optedOutAt !== null,
    }));
}
