import { and, eq, sql } from 'drizzle-orm';
import { type Address, addressKey, type NewCounterparty } from '../domain/contact.ts';
import type { Contract } from '../domain/contract.ts';
import type { Json } from '../lib/canonical.ts';
import { lazy } from '../lib/lazy.ts';
import { buildFindOrCreateAddress } from './addresses.ts';
import type { AppendAudit } from './audit.ts';
import { given, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildAskExtension, buildFindExtension } from './extension-asking.ts';
import { buildVoiding } from './jorb-voiding.ts';
import { toId } from './rows.ts';
import { address, contract, counterparty, jorb } from './tables/jorbs.ts';

export type Contracts = {
  getContract(jorbRow: number, version: number): Contract;
  /**
   * Puts the next version in force: the jorb's deadline and its counterparties follow it, and questions
   * asked under the one before expire; whether the jorb may go on is asked again, in the same breath: a
   * change of something else is no answer to it. An approval that brought it about is answered before. A
   * null `counterparties` leaves the names as they are. Returns the version.
   */
  putContract(
    jorbRow: number,
    next: { contract: Contract; counterparties: NewCounterparty[] | null },
    now: number,
  ): number;
  /** Other names or asks for the addresses of the contract in force. */
  renameCounterparties(jorbRow: number, contract: Contract, counterparties: NewCounterparty[]): void;
};

/** All of it runs inside the caller's transaction. */
export function buildContracts(db: Db, audit: AppendAudit): Contracts {
  const voiding = buildVoiding(db, audit);
  const findExtension = buildFindExtension(db);
  const askExtension = lazy(() => buildAskExtension(db, audit));
  const writeCounterparties = buildWriteCounterparties(db);
  const select = db
    .select({ body: contract.body })
    .from(contract)
    .where(and(eq(contract.jorbId, slot('jorbRow')), eq(contract.version, slot('version'))))
    .prepare();
  const newest = db
    .select({ version: sql<number>`coalesce(max(${contract.version}), 0)` })
    .from(contract)
    .where(eq(contract.jorbId, slot('jorbRow')))
    .prepare();
  const insert = db
    .insert(contract)
    .values({
      jorbId: slot('jorbRow'),
      version: slot('version'),
      body: slot('body'),
      by: 'owner',
      createdAt: slot('now'),
    })
    .prepare();
  const setVersion = db
    .update(jorb)
    .set({ contractVersion: given('version') })
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();
  const setDeadline = db
    .update(jorb)
    .set({ deadlineAt: given('deadlineAt') })
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();
  const find = (jorbRow: number, version: number) => select.get({ jorbRow, version })?.body;

  return {
    getContract(jorbRow, version) {
      const body = find(jorbRow, version);
      if (!body) throw new Error(`jorb ${jorbRow} has no contract ${version}`);
      return body;
    },
    putContract(jorbRow, next, now) {
      const current = newest.get({ jorbRow })?.version ?? 0;
      const before = find(jorbRow, current);
      const version = current + 1;
      const { deadlineAt } = next.contract;
      insert.run({ jorbRow, version, body: next.contract, now });
      setVersion.run({ jorbRow, version });
      // A deadline that has come stays cleared as long as it is the same one.
      if (deadlineAt !== (before?.deadlineAt ?? null)) setDeadline.run({ jorbRow, deadlineAt });
      writeCounterparties(jorbRow, next.contract, next.counterparties ?? []);
      audit({
        at: now,
        actor: 'owner',
        what: 'contract.versioned',
        jorbRow,
        subject: toId('jorb', jorbRow),
        before: before ? { version: current, contract: before as Json } : null,
        after: { version, contract: next.contract as Json },
      });
      const isAskedToGoOn = findExtension(jorbRow) !== undefined;
      voiding.expireApprovals(jorbRow, `the contract changed to version ${version}`, now);
      if (isAskedToGoOn) askExtension()({ jorbRow, contractVersion: version, contract: next.contract }, now);
      return version;
    },
    renameCounterparties: writeCounterparties,
  };
}

type Named = Address & Pick<NewCounterparty, 'name' | 'ask'>;

/** The rows are those of the contract; names come from `named`, else from the rows before. */
function buildWriteCounterparties(db: Db) {
  const findOrCreateAddress = buildFindOrCreateAddress(db);
  const known = db
    .select({
      channel: address.channel,
      address: address.address,
      name: counterparty.name,
      ask: counterparty.ask,
    })
    .from(counterparty)
    .innerJoin(address, eq(address.id, counterparty.addressId))
    .where(eq(counterparty.jorbId, slot('jorbRow')))
    .prepare();
  const clear = db
    .delete(counterparty)
    .where(eq(counterparty.jorbId, slot('jorbRow')))
    .prepare();
  const insert = db
    .insert(counterparty)
    .values({
      jorbId: slot('jorbRow'),
      addressId: slot('addressId'),
      name: slot('name'),
      ask: slot('ask'),
      position: slot('position'),
    })
    .prepare();

  return (jorbRow: number, { counterparties }: Contract, named: Named[]): void => {
    const names = new Map<string, Named>();
    for (const each of [...known.all({ jorbRow }), ...named]) names.set(addressKey(each), each);
    clear.run({ jorbRow });
    for (const [position, { channel, address: to }] of counterparties.entries()) {
      const addressId = findOrCreateAddress({ channel, address: to });
      const name = names.get(addressKey({ channel, address: to }));
      insert.run({ jorbRow, addressId, name: name?.name ?? to, ask: name?.ask ?? null, position });
    }
  };
}
