import { and, count, desc, eq, gt, ne, sql } from 'drizzle-orm';
import type { Address } from '../domain/contact.ts';
import type { Contract } from '../domain/contract.ts';
import type { GateFacts } from '../domain/gate.ts';
import { dayMs } from '../lib/duration.ts';
import { lazy } from '../lib/lazy.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildListCounterparties } from './counterparties.ts';
import { buildFindNewestEvent } from './events.ts';
import type { LedgerStatements } from './ledger.ts';
import { buildHoldsPrivate } from './private-data.ts';
import { buildIsStopped } from './stop.ts';
import { approval, outbox } from './tables/gate.ts';
import { event } from './tables/inbox.ts';
import { address, contract, jorb } from './tables/jorbs.ts';
import { profileField } from './tables/owner.ts';

/** What stands in texts for an owner who has given no name. */
const namelessOwner = 'the owner';

export type GateReader = {
  /** All that the gate judges one proposal by. `to` is where it wants to go, or null. */
  readFacts(jorbRow: number, to: Address | null, now: number): GateFacts;
  readGround(jorbRow: number): Ground;
  readContract(jorbRow: number, version: number): Contract;
  readOwner(): { name: string; profile: GateFacts['profile'] };
  isStopped(): boolean;
};

/** What both the gate and the departure of a message stand on. */
export type Ground = Pick<GateFacts, 'stopped' | 'jorb' | 'contract' | 'counterparties'> & {
  contractVersion: number;
  progressAt: number;
};

export function buildGateReader(db: Db, ledger: LedgerStatements): GateReader {
  const ground = buildGround(db);
  const readOwner = buildReadOwner(db);
  const readRecipient = buildReadRecipient(db);
  const holdsPrivate = lazy(() => buildHoldsPrivate(db));
  const sentAt = sql<number>`coalesce(${outbox.sentAt}, ${outbox.availableAt})`;
  const findSends = db
    .select({ channel: address.channel, address: address.address, text: outbox.text, at: sentAt })
    .from(outbox)
    .innerJoin(address, eq(address.id, outbox.addressId))
    .where(and(eq(outbox.jorbId, slot('jorbRow')), gt(sentAt, slot('since'))))
    .orderBy(desc(outbox.id))
    .prepare();
  const countPending = db
    .select({
      jorb: sql<number>`coalesce(sum(${approval.jorbId} = ${slot('jorbRow')}), 0)`,
      owner: count(),
    })
    .from(approval)
    .where(isWord(approval.status, 'pending'))
    .prepare();

  return {
    ...ground,
    readOwner,
    readFacts(jorbRow, to, now) {
      const { contractVersion: _, progressAt, ...standing } = ground.readGround(jorbRow);
      const { name, profile } = readOwner();
      return {
        ...standing,
        now,
        ownerName: name,
        profile,
        // A message that failed counts as well: one that fails again and again is a loop like any other.
        recentSends: findSends.all({ jorbRow, since: now - dayMs }),
        lastProgressAt: progressAt,
        recipient: to ? readRecipient(jorbRow, to) : { everSent: 0, lastInbound: null, optedOut: false },
        money: ledger.readSpent(jorbRow, standing.contract.money.currency, now),
        pendingApprovals: countPending.get({ jorbRow }) ?? { jorb: 0, owner: 0 },
        holdsPrivate:
          to?.channel === 'web' &&
          holdsPrivate()(jorbRow, { profile, counterparties: standing.counterparties }),
      };
    },
  };
}

function buildGround(db: Db): Pick<GateReader, 'readGround' | 'readContract' | 'isStopped'> {
  const isStopped = buildIsStopped(db);
  const findJorb = db
    .select({
      status: jorb.status,
      pauseCause: jorb.pauseCause,
      contractVersion: jorb.contractVersion,
      progressAt: jorb.progressAt,
    })
    .from(jorb)
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();
  const findContract = db
    .select({ body: contract.body })
    .from(contract)
    .where(and(eq(contract.jorbId, slot('jorbRow')), eq(contract.version, slot('version'))))
    .prepare();
  const listCounterparties = buildListCounterparties(db);

  function readContract(jorbRow: number, version: number): Contract {
    const found = findContract.get({ jorbRow, version });
    if (!found) throw new Error(`jorb ${jorbRow} has no contract ${version}`);
    return found.body;
  }

  function readGround(jorbRow: number): Ground {
    const found = findJorb.get({ jorbRow });
    if (!found) throw new Error(`there is no jorb ${jorbRow}`);
    const { status, pauseCause, contractVersion, progressAt } = found;
    return {
      stopped: isStopped(),
      jorb: { status, pauseCause },
      contract: readContract(jorbRow, contractVersion),
      counterparties: listCounterparties(jorbRow),
      contractVersion,
      progressAt,
    };
  }

  return { readGround, readContract, isStopped };
}

function buildReadOwner(db: Db): GateReader['readOwner'] {
  const findProfile = db
    .select({ field: profileField.field, value: profileField.value })
    .from(profileField)
    .orderBy(profileField.field)
    .prepare();
  return () => {
    const profile = findProfile.all();
    const name = profile.find(({ field }) => field === 'name')?.value ?? namelessOwner;
    return { name, profile };
  };
}

function buildReadRecipient(db: Db) {
  const countSent = db
    .select({ everSent: count() })
    .from(outbox)
    .innerJoin(address, eq(address.id, outbox.addressId))
    .where(
      and(
        eq(outbox.jorbId, slot('jorbRow')),
        eq(address.channel, slot('channel')),
        eq(address.address, slot('address')),
        ne(outbox.status, sql`'failed'`),
      ),
    )
    .prepare();
  const findNewestEvent = buildFindNewestEvent(db);
  const findTexts = db
    .select({ text: event.text })
    .from(event)
    .where(eq(event.batchId, slot('batchRow')))
    .orderBy(event.id)
    .prepare();

  const findOptOut = db
    .select({ optedOutAt: address.optedOutAt })
    .from(address)
    .where(and(eq(address.channel, slot('channel')), eq(address.address, slot('address'))))
    .prepare();

  return (jorbRow: number, { channel, address: at }: Address): GateFacts['recipient'] => {
    const key = { jorbRow, channel, address: at };
    const last = findNewestEvent(jorbRow, { channel, address: at });
    // People write one thought in several messages: the words that came back are all that were read together.
    const texts = last ? findTexts.all({ batchRow: last.batchRow }).map(({ text }) => text) : [];
    return {
      everSent: countSent.get(key)?.everSent ?? 0,
      lastInbound: texts.length > 0 ? texts.join('\n') : null,
      optedOut: (findOptOut.get(key)?.optedOutAt ?? null) !== null,
    };
  };
}
