import { and, desc, eq, gt, sql } from 'drizzle-orm';
import type { SendPayload } from '../domain/action.ts';
import type { DigestCost, DigestCosts, DigestPurchase } from '../domain/digest.ts';
import { type ModelUse, noModelUse } from '../domain/model-money.ts';
import type { Money } from '../lib/money.ts';
import { buildReadMoney } from './brief-attention.ts';
import { isWord, rowIn, slot, via } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildReadModels } from './digest-models.ts';
import type { DigestScene } from './digest-parts.ts';
import type { JorbRow } from './jorb-moves.ts';
import { countSettled, modelCallKey, settledSince } from './mark-money.ts';
import { isNews } from './next-due.ts';
import { toId } from './rows.ts';
import { action, ledger, outbox } from './tables/gate.ts';
import { address } from './tables/jorbs.ts';
import { audit } from './tables/owner.ts';

/** To count what was sent by channel, so many of the newest are looked at. */
const sentLooked = 5000;
const mostPurchases = 10;

export type GatheredCosts = {
  costs: DigestCosts;
  /** Where the next digest begins to count. */
  counts: Record<string, number>;
};

/** What everything cost since the mark, whose counts are given. Inside the caller's transaction. */
export function buildGatherCosts(db: Db) {
  const readModels = buildReadModels(db);
  const readMoney = buildReadMoney(db);
  const countSent = buildCountSent(db);
  const readJorb = buildReadJorb(db);

  return ({ mark, moved }: DigestScene, told: Record<string, number>): GatheredCosts => {
    const { settled, reserved } = readMoney();
    const models = readModels(told[modelCallKey] ?? 0);
    const sent = countSent(mark.seq);
    const jorbs = moved
      .map((row) => readJorb(row, mark.seq, models.ofJorb.get(row.id) ?? noModelUse))
      .filter((cost) => cost.models.calls + cost.received + cost.sent.length + cost.purchases.length > 0);
    return {
      costs: {
        models: models.models,
        modelTotal: models.total,
        routing: models.ofJorb.get(null) ?? noModelUse,
        ...sent,
        settled: settledSince(told, settled),
        reserved,
        jorbs,
      },
      counts: { ...countSettled(settled), [modelCallKey]: models.lastRow },
    };
  };
}

/** The row that an entry about a message of ours names. */
const outboxRow = rowIn(audit.subject, 'outbox');

function buildCountSent(db: Db) {
  const isSent = and(isWord(audit.what, 'message.sent'), isNews());
  const nth = db
    .select({ seq: audit.seq })
    .from(audit)
    .where(and(isSent, gt(audit.seq, slot('after'))))
    .orderBy(desc(audit.seq))
    .limit(1)
    .offset(sentLooked)
    .prepare();
  const counted = db
    .select({ channel: address.channel, count: sql<number>`count(*)` })
    .from(audit)
    .innerJoin(outbox, eq(outbox.id, outboxRow))
    .innerJoin(address, eq(address.id, outbox.addressId))
    .where(and(isSent, gt(audit.seq, slot('after'))))
    .groupBy(address.channel)
    .prepare();
  return (after: number): Pick<DigestCosts, 'sent' | 'sentIsPartial'> => {
    const beyond = nth.get({ after });
    const sent = counted.all({ after: beyond?.seq ?? after });
    return { sent: sent.sort((a, b) => b.count - a.count), sentIsPartial: beyond !== undefined };
  };
}

function buildReadJorb(db: Db) {
  const isEntry = and(eq(audit.jorbId, slot('jorbRow')), gt(audit.seq, slot('after')));
  const sent = db
    .select({ channel: sql<string>`${address.channel}`, count: sql<number>`count(*)` })
    .from(via(audit, 'audit_by_jorb'))
    .innerJoin(outbox, eq(outbox.id, outboxRow))
    .innerJoin(address, eq(address.id, outbox.addressId))
    .where(and(isEntry, isWord(audit.what, 'message.sent')))
    .groupBy(address.channel)
    .prepare();
  const received = db
    .select({
      count: sql<number>`coalesce(sum(json_array_length(${audit.after}, '$.events')), 0)`,
    })
    .from(via(audit, 'audit_by_jorb'))
    .where(and(isEntry, sql`${audit.what} in ('message.routed', 'message.assigned')`))
    .prepare();
  const columns = {
    actionRow: sql<number>`${ledger.actionId}`,
    minor: sql<number>`${ledger.minor}`,
    currency: sql<string>`${ledger.currency}`,
    consequence: action.consequence,
    payload: action.payload,
  };
  // Money is settled in the transaction that tells of the sending, so it is told with it, once.
  const settled = db
    .select({ ...columns, at: sql<number>`${audit.at}` })
    .from(via(audit, 'audit_by_jorb'))
    .innerJoin(outbox, eq(outbox.id, outboxRow))
    .innerJoin(ledger, and(eq(ledger.actionId, outbox.actionId), isWord(ledger.status, 'settled')))
    .innerJoin(action, eq(action.id, ledger.actionId))
    .where(and(isEntry, isWord(audit.what, 'message.sent'), gt(ledger.minor, 0)))
    .orderBy(audit.seq)
    .prepare();
  const reserved = db
    .select({ ...columns, at: sql<number>`${ledger.at}` })
    .from(via(ledger, 'ledger_by_jorb'))
    .innerJoin(action, eq(action.id, ledger.actionId))
    .where(and(eq(ledger.jorbId, slot('jorbRow')), isWord(ledger.status, 'reserved'), gt(ledger.minor, 0)))
    .orderBy(ledger.id)
    .prepare();

  return ({ id: jorbRow, name }: JorbRow, after: number, models: ModelUse): DigestCost => {
    const purchases = [
      ...settled.all({ jorbRow, after }).map((row) => toPurchase('settled', row)),
      ...reserved.all({ jorbRow }).map((row) => toPurchase('reserved', row)),
    ];
    const of = (state: DigestPurchase['state']) => sumUp(purchases.filter((each) => each.state === state));
    return {
      id: toId('jorb', jorbRow),
      name,
      models,
      received: received.get({ jorbRow, after })?.count ?? 0,
      sent: sent.all({ jorbRow, after }),
      purchases: purchases.slice(-mostPurchases),
      morePurchases: Math.max(0, purchases.length - mostPurchases),
      settled: of('settled'),
      reserved: of('reserved'),
    };
  };
}

type PurchaseRow = Money & {
  actionRow: number;
  consequence: DigestPurchase['consequence'];
  payload: unknown;
  at: number;
};

function toPurchase(state: DigestPurchase['state'], row: PurchaseRow): DigestPurchase {
  const { actionRow, minor, currency, consequence, at } = row;
  // Only a message can cost anything.
  const { price, to } = row.payload as SendPayload;
  return {
    actionId: toId('action', actionRow),
    money: { minor, currency },
    price,
    to,
    state,
    at,
    consequence,
  };
}

function sumUp(purchases: readonly DigestPurchase[]): Money[] {
  const byCurrency = Map.groupBy(purchases, ({ money }) => money.currency);
  return Array.from(byCurrency, ([currency, each]) => ({
    minor: each.reduce((sum, { money }) => sum + money.minor, 0),
    currency,
  }));
}
