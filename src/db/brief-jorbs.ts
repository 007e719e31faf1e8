import { count, desc, gt } from 'drizzle-orm';
import type { JorbNews } from '../domain/brief.ts';
import type { JorbStatus } from '../domain/jorb.ts';
import { summarizeChanges } from './brief-changes.ts';
import { slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId } from './rows.ts';
import { jorb } from './tables/jorbs.ts';

/** Of those that moved last the most important are told of: a brief costs the same however many moved. */
const mostRanked = 40;
/** Of one jorb, the newest. */
const mostEntries = 100;

const ranks: Record<JorbStatus, number> = {
  paused: 0,
  failed: 0,
  complete: 1,
  cancelled: 1,
  running: 2,
  planning: 2,
};

/** Jorbs in which something happened since an audit entry, and how many there are. Inside the caller's transaction. */
export function buildListMoved(db: Db) {
  const hasNews = gt(jorb.newsSeq, slot('afterSeq'));
  const latest = db
    .select({ id: jorb.id, name: jorb.name, status: jorb.status, pauseCause: jorb.pauseCause })
    .from(jorb)
    .where(hasNews)
    .orderBy(desc(jorb.newsSeq))
    .limit(mostRanked)
    .prepare();
  const counted = db.select({ count: count() }).from(jorb).where(hasNews).prepare();
  const listEntries = buildListEntries(db);
  const sumMoney = buildSumMoney(db);

  return (afterSeq: number, limit: number): { jorbs: JorbNews[]; total: number } => {
    const jorbs = latest
      .all({ afterSeq })
      .sort((a, b) => ranks[a.status] - ranks[b.status])
      .slice(0, limit)
      .map(({ id, ...row }): JorbNews => {
        const entries = listEntries({ jorbRow: id, afterSeq });
        const { outboxRows, ...changes } = summarizeChanges(entries);
        return {
          id: toId('jorb', id),
          ...row,
          ...changes,
          ...sumMoney(outboxRows),
          isCut: entries.length === mostEntries,
        };
      });
    return { jorbs, total: counted.get({ afterSeq })?.count ?? 0 };
  };
}

/** What a line about a jorb needs of an audit entry: the rest of it may be as long as a whole contract. */
export type JorbEntry = {
  what: string;
  subject: string;
  /** Of the jorb before, and of whatever it is about after. */
  was: string | null;
  status: string | null;
  key: string | null;
  phase: string | null;
  outbox: string | null;
  events: number | null;
};

/** The newest first. */
function buildListEntries(db: Db) {
  const select = db.$client.prepare<{ jorbRow: number; afterSeq: number }, JorbEntry>(`
    select what, subject, "before" ->> 'status' as was, "after" ->> 'status' as status,
      "after" ->> 'key' as "key", "after" ->> 'phase' as phase, "after" ->> 'outbox' as outbox,
      json_array_length("after", '$.events') as events
    from audit where jorb_id = @jorbRow and seq > @afterSeq order by seq desc limit ${mostEntries}`);
  return (given: { jorbRow: number; afterSeq: number }) => select.all(given);
}

/** What these messages cost, and what is set aside for them. */
function buildSumMoney(db: Db) {
  const select = db.$client.prepare<[string], { status: string; currency: string; minor: number }>(`
    select ledger.status, ledger.currency, sum(ledger.minor) as minor
    from json_each(?) as message
      join outbox on outbox.id = message.value
      join ledger on ledger.action_id = outbox.action_id
    where ledger.minor > 0 group by ledger.status, ledger.currency`);
  return (outboxRows: readonly number[]): Pick<JorbNews, 'committed' | 'reserved'> => {
    const sums = outboxRows.length > 0 ? select.all(JSON.stringify(outboxRows)) : [];
    const of = (wanted: string) =>
      sums.filter(({ status }) => status === wanted).map(({ minor, currency }) => ({ minor, currency }));
    return { committed: of('settled'), reserved: of('reserved') };
  };
}
