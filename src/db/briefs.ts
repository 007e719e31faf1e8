import { count } from 'drizzle-orm';
import type { Approval } from '../domain/approval.ts';
import type { Brief } from '../domain/brief.ts';
import type { OwnerStore } from '../domain/store.ts';
import { buildListPaused, buildListProblems, buildReadMoney } from './brief-attention.ts';
import { buildListFailures, buildListLateReplies } from './brief-failures.ts';
import { buildListHighlights } from './brief-highlights.ts';
import { buildListMoved } from './brief-jorbs.ts';
import { buildLookBack } from './brief-look-back.ts';
import { buildListMessages } from './brief-messages.ts';
import { buildReadNews, type Mark, type News } from './brief-news.ts';
import { buildListDuePromises, buildListUpcoming } from './brief-promises.ts';
import { given, isWord } from './clauses.ts';
import { type Db, read, write } from './connection.ts';
import { buildReadInbox } from './inbox-owner.ts';
import { type JorbViews, toJorb } from './jorb-views.ts';
import { countSettled, modelCallKey, settledSince } from './mark-money.ts';
import { buildReadModelNews } from './model-calls.ts';
import { buildFindOutage } from './outage.ts';
import { readStopped } from './stop.ts';
import { approval } from './tables/gate.ts';
import { owner } from './tables/owner.ts';

const most = { approvals: 20, items: 10, highlights: 5 };

export type BriefParts = {
  views: JorbViews;
  /** The oldest pending approvals, in the caller's transaction. */
  listPending: (limit: number) => Approval[];
};

/**
 * Reads a brief and moves the mark in one transaction, so that two briefs at once tell a thing once and
 * nothing that commits between two briefs falls through. Each part costs as much as what it shows; one that
 * looks back costs what happened since.
 */
export function buildBriefs(db: Db, parts: BriefParts): Pick<OwnerStore, 'takeBrief' | 'lookBack'> {
  const readNews = buildReadNews(db);
  const readMoney = buildReadMoney(db);
  const readModelNews = buildReadModelNews(db);
  const lookBack = buildLookBack(db);
  const compose = buildCompose(db, parts);
  const select = db.select().from(owner).prepare();
  const setMark = db
    .update(owner)
    .set({ briefAt: given('now'), briefSeq: given('seq'), briefCounts: given('counts') })
    .prepare();

  function readOwner() {
    const row = select.get();
    if (!row) throw new Error('the owner has no row');
    return row;
  }

  function take(now: number): { brief: Brief; next: Mark } {
    const row = readOwner();
    const news = readNews({ seq: row.briefSeq, counts: row.briefCounts });
    const { settled, reserved } = readMoney();
    const { costMicros, lastRow } = readModelNews(row.briefCounts[modelCallKey] ?? 0);
    const brief: Brief = {
      since: row.briefAt,
      looksBack: false,
      now,
      stopped: readStopped(row),
      money: { committed: settledSince(row.briefCounts, settled), reserved },
      ...compose({ news, afterSeq: row.briefSeq, costMicros, now }),
    };
    const counts = { ...news.next.counts, ...countSettled(settled), [modelCallKey]: lastRow };
    return { brief, next: { seq: news.next.seq, counts } };
  }

  return {
    takeBrief: (peek, now) =>
      peek
        ? read(db, () => take(now).brief)
        : write(db, () => {
            const { brief, next } = take(now);
            setMark.run({ now, seq: next.seq, counts: JSON.stringify(next.counts) });
            return brief;
          }),
    lookBack: (since, now) =>
      read(db, () => {
        const mark = lookBack.findMark(since);
        const costMicros = lookBack.sumModelCosts(since);
        return {
          since,
          looksBack: true,
          now,
          stopped: readStopped(readOwner()),
          money: { committed: lookBack.sumCommitted(mark), reserved: readMoney().reserved },
          ...compose({ news: readNews(mark), afterSeq: mark.seq, costMicros, now }),
        };
      }),
  };
}

type Told = Omit<Brief, 'since' | 'looksBack' | 'now' | 'stopped' | 'money'>;
type Window = { news: News; afterSeq: number; costMicros: number; now: number };

function buildCompose(db: Db, { views, listPending }: BriefParts): (window: Window) => Told {
  const readInbox = buildReadInbox(db);
  const findOutage = buildFindOutage(db);
  const listPaused = buildListPaused(db);
  const listProblems = buildListProblems(db);
  const listFailures = buildListFailures(db);
  const listLateReplies = buildListLateReplies(db);
  const listDuePromises = buildListDuePromises(db);
  const listUpcoming = buildListUpcoming(db);
  const listHighlights = buildListHighlights(db);
  const listMessages = buildListMessages(db);
  const listMoved = buildListMoved(db);
  const pending = db
    .select({ count: count() })
    .from(approval)
    .where(isWord(approval.status, 'pending'))
    .prepare();

  return ({ news, afterSeq, costMicros, now }) => {
    const outage = findOutage() ?? null;
    const approvals = listPending(most.approvals);
    const { paused, total: allPaused } = listPaused(most.items);
    const { items: unmatched, total: allUnmatched } = readInbox({ limit: most.items, offset: 0 });
    const problems = listProblems(news, most.items);
    const failed = listJorbs(news, 'jorb.failed');
    const completed = listJorbs(news, 'jorb.completed');
    const { failures, total: allFailures } = listFailures(news, {
      limit: most.items,
      isDown: outage !== null,
    });
    const lateReplies = listLateReplies(news, most.items);
    const { promises, total: allPromises } = listDuePromises(now, most.items);
    const { jorbs, total: allMoved } = listMoved(afterSeq, most.items);
    return {
      approvals,
      paused,
      failed: failed.map(({ id, name, reason }) => ({ id, name, reason })),
      problems,
      unmatched,
      failures,
      lateReplies,
      promises,
      upcoming: listUpcoming(now, most.items),
      activity: news.activity(),
      jorbs,
      highlights: listHighlights(news, most.highlights),
      messages: listMessages(news, most.items),
      completed: completed.map(({ id, name, reason, evidence }) => ({ id, name, outcome: reason, evidence })),
      models: { costMicros, outage },
      open: views.countByStatus(),
      more: {
        approvals: (pending.get()?.count ?? 0) - approvals.length,
        paused: allPaused - paused.length,
        failed: news.count('jorb.failed') - failed.length,
        problems: news.count('message.unknown') + news.count('message.failed') - problems.length,
        unmatched: allUnmatched - unmatched.length,
        failures: allFailures - failures.length,
        lateReplies: Math.max(0, news.count('message.late') - lateReplies.length),
        promises: allPromises - promises.length,
        completed: news.count('jorb.completed') - completed.length,
        jorbs: allMoved - jorbs.length,
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
