import { count, desc, gt } from 'drizzle-orm';
import type { Approval } from '../domain/approval.ts';
import type { Brief } from '../domain/brief.ts';
import type { OwnerStore } from '../domain/store.ts';
import type { Money } from '../lib/money.ts';
import { buildListPaused, buildListProblems, buildReadMoney } from './brief-attention.ts';
import { buildListHighlights } from './brief-highlights.ts';
import { buildListMessages } from './brief-messages.ts';
import { buildReadNews, type Mark, type News } from './brief-news.ts';
import { given, isWord, slot } from './clauses.ts';
import { type Db, read, write } from './connection.ts';
import { buildReadInbox } from './inbox-owner.ts';
import type { JorbRow } from './jorb-moves.ts';
import { type JorbViews, toJorb } from './jorb-views.ts';
import { buildReadModelNews } from './model-calls.ts';
import { buildFindOutage } from './outage.ts';
import { readStopped } from './stop.ts';
import { approval } from './tables/gate.ts';
import { jorb } from './tables/jorbs.ts';
import { owner } from './tables/owner.ts';

const most = { approvals: 20, items: 10, highlights: 5 };

export type BriefParts = {
  views: JorbViews;
  /** The oldest pending approvals, in the caller's transaction. */
  listPending: (limit: number) => Approval[];
};

/**
 * Reads a brief and moves the mark in one transaction, so that two briefs at once tell a thing once and
 * nothing that commits between two briefs falls through. Each part costs as much as what it shows.
 */
export function buildTakeBrief(db: Db, parts: BriefParts): OwnerStore['takeBrief'] {
  const readNews = buildReadNews(db);
  const readMoney = buildReadMoney(db);
  const readModelNews = buildReadModelNews(db);
  const findOutage = buildFindOutage(db);
  const compose = buildCompose(db, parts);
  const select = db.select().from(owner).prepare();
  const setMark = db
    .update(owner)
    .set({ briefAt: given('now'), briefSeq: given('seq'), briefCounts: given('counts') })
    .prepare();

  function take(now: number): { brief: Brief; next: Mark } {
    const row = select.get();
    if (!row) throw new Error('the owner has no row');
    const news = readNews({ seq: row.briefSeq, counts: row.briefCounts });
    const { settled, reserved } = readMoney();
    const { costMicros, lastRow } = readModelNews(row.briefCounts[modelCallKey] ?? 0);
    const told = (currency: string) => row.briefCounts[settledKey(currency)] ?? 0;
    const committed = settled
      .map(({ minor, currency }): Money => ({ minor: minor - told(currency), currency }))
      .filter(({ minor }) => minor > 0);
    const brief: Brief = {
      since: row.briefAt,
      now,
      stopped: readStopped(row),
      money: { committed, reserved },
      models: { costMicros, outage: findOutage() ?? null },
      ...compose(news, row.briefSeq),
    };
    const totals = settled.map(({ minor, currency }) => [settledKey(currency), minor]);
    const counts = { ...news.next.counts, ...Object.fromEntries(totals), [modelCallKey]: lastRow };
    return { brief, next: { seq: news.next.seq, counts } };
  }

  return (peek, now) =>
    peek
      ? read(db, () => take(now).brief)
      : write(db, () => {
          const { brief, next } = take(now);
          setMark.run({ now, seq: next.seq, counts: JSON.stringify(next.counts) });
          return brief;
        });
}

/** In the counts of a mark: all that had been settled in a currency. */
function settledKey(currency: string): string {
  return `settled ${currency}`;
}

/** In the counts of a mark: the last call of a model. */
const modelCallKey = 'model call';

type Told = Omit<Brief, 'since' | 'now' | 'stopped' | 'money' | 'models'>;

function buildCompose(db: Db, { views, listPending }: BriefParts): (news: News, afterSeq: number) => Told {
  const readInbox = buildReadInbox(db);
  const listPaused = buildListPaused(db);
  const listProblems = buildListProblems(db);
  const listHighlights = buildListHighlights(db);
  const listMessages = buildListMessages(db);
  const listMoved = buildListMoved(db);
  const pending = db
    .select({ count: count() })
    .from(approval)
    .where(isWord(approval.status, 'pending'))
    .prepare();

  return (news, afterSeq) => {
    const approvals = listPending(most.approvals);
    const { paused, total: allPaused } = listPaused(most.items);
    const { items: unmatched, total: allUnmatched } = readInbox({ limit: most.items, offset: 0 });
    const problems = listProblems(news, most.items);
    const failed = listJorbs(news, 'jorb.failed');
    const completed = listJorbs(news, 'jorb.completed');
    const moved = listMoved(afterSeq);
    return {
      approvals,
      paused,
      failed: failed.map(({ id, name, reason }) => ({ id, name, reason })),
      problems,
      unmatched,
      activity: news.activity(),
      jorbs: moved.rows.map(views.summarize),
      highlights: listHighlights(news, most.highlights),
      messages: listMessages(news, most.items),
      completed: completed.map(({ id, name, reason, evidence }) => ({ id, name, outcome: reason, evidence })),
      open: views.countByStatus(),
      more: {
        approvals: (pending.get()?.count ?? 0) - approvals.length,
        paused: allPaused - paused.length,
        failed: news.count('jorb.failed') - failed.length,
        problems: news.count('message.unknown') + news.count('message.failed') - problems.length,
        unmatched: allUnmatched - unmatched.length,
        jorbs: moved.total - moved.rows.length,
      },
    };
  };

  function listJorbs(news: News, what: 'jorb.failed' | 'jorb.completed') {
    return news.list(what, most.items).flatMap(({ jorbId }) => {
      const row = jorbId === null ? undefined : views.findRow(jorbId);
      return row ? [toJorb(row)] : [];
    });
  }
}

function buildListMoved(db: Db): (afterSeq: number) => { rows: JorbRow[]; total: number } {
  const hasNews = gt(jorb.newsSeq, slot('afterSeq'));
  const latest = db
    .select()
    .from(jorb)
    .where(hasNews)
    .orderBy(desc(jorb.newsSeq))
    .limit(slot('limit'))
    .prepare();
  const counted = db.select({ count: count() }).from(jorb).where(hasNews).prepare();
  return (afterSeq) => ({
    rows: latest.all({ afterSeq, limit: most.items }),
    total: counted.get({ afterSeq })?.count ?? 0,
  });
}
