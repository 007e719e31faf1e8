import { and, count, desc, eq, sql } from 'drizzle-orm';
import type { Brief, DeliveryProblem } from '../domain/brief.ts';
import { nameAddress } from '../domain/contact.ts';
import { type PauseCause, pauseCauses } from '../domain/jorb.ts';
import type { News } from './brief-news.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { rowOfSubject, toId } from './rows.ts';
import { ledger, outbox } from './tables/gate.ts';
import { address, counterparty, jorb } from './tables/jorbs.ts';

/** A jorb that is paused for one of these is shown by its approval. */
const shownByApproval: PauseCause[] = ['approval', 'question'];
const otherCauses = pauseCauses.filter((cause) => !shownByApproval.includes(cause));

/** Paused jorbs, the latest first, and how many there are. Inside the caller's transaction. */
export function buildListPaused(db: Db): (limit: number) => { paused: Brief['paused']; total: number } {
  const isPausedFor = and(isWord(jorb.status, 'paused'), eq(jorb.pauseCause, slot('cause')));
  const latest = db
    .select({
      id: jorb.id,
      name: jorb.name,
      pauseCause: jorb.pauseCause,
      reason: jorb.reason,
      at: jorb.lastActivityAt,
    })
    .from(jorb)
    .where(isPausedFor)
    .orderBy(desc(jorb.lastActivityAt))
    .limit(slot('limit'))
    .prepare();
  const counted = db.select({ count: count() }).from(jorb).where(isPausedFor).prepare();
  return (limit) => ({
    // One cause at a time, so that an index gives the order.
    paused: otherCauses
      .flatMap((cause) => latest.all({ cause, limit }))
      .sort((a, b) => b.at - a.at || b.id - a.id)
      .slice(0, limit)
      .map(({ id, name, pauseCause, reason }) => ({ id: toId('jorb', id), name, pauseCause, reason })),
    total: otherCauses.reduce((sum, cause) => sum + (counted.get({ cause })?.count ?? 0), 0),
  });
}

/** Messages that may not have arrived, the newest first, inside the caller's transaction. */
export function buildListProblems(db: Db): (news: News, limit: number) => DeliveryProblem[] {
  const find = db
    .select({
      channel: address.channel,
      address: address.address,
      name: counterparty.name,
      text: outbox.text,
      error: outbox.error,
    })
    .from(outbox)
    .innerJoin(address, eq(address.id, outbox.addressId))
    .leftJoin(
      counterparty,
      and(eq(counterparty.jorbId, outbox.jorbId), eq(counterparty.addressId, address.id)),
    )
    .where(eq(outbox.id, slot('id')))
    .prepare();
  return (news, limit) =>
    [
      ...news.list('message.unknown', limit).map((row) => ({ kind: 'unknown' as const, row })),
      ...news.list('message.failed', limit).map((row) => ({ kind: 'failed' as const, row })),
    ]
      .sort((a, b) => b.row.seq - a.row.seq)
      .slice(0, limit)
      .flatMap(({ kind, row: { at, jorbId, subject } }) => {
        const found = find.get({ id: rowOfSubject(subject) });
        if (!found || jorbId === null) return [];
        const { name, text, error } = found;
        const to = nameAddress(found, name);
        return [{ id: subject, jorbId: toId('jorb', jorbId), kind, to, text, error, at }];
      });
}

/** What is reserved now, and all that was ever settled, by currency. Inside the caller's transaction. */
export function buildReadMoney(db: Db) {
  const sums = db
    .select({
      status: ledger.status,
      currency: ledger.currency,
      minor: sql<number>`sum(${ledger.minor})`,
    })
    .from(ledger)
    .groupBy(ledger.status, ledger.currency)
    .prepare();
  return () => {
    const rows = sums.all();
    const of = (wanted: string) =>
      rows.filter(({ status }) => status === wanted).map(({ minor, currency }) => ({ minor, currency }));
    return { settled: of('settled'), reserved: of('reserved').filter(({ minor }) => minor > 0) };
  };
}
