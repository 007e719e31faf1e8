import type { Highlight } from '../domain/brief.ts';
import type { Digest } from '../domain/digest.ts';
import { fullRoom } from '../domain/digest-room.ts';
import { buildListPending } from './approval-views.ts';
import type { AppendAudit, AuditWhat } from './audit.ts';
import { buildListFailures } from './brief-failures.ts';
import { buildReadNews, type News } from './brief-news.ts';
import type { Db } from './connection.ts';
import { buildContracts } from './contracts.ts';
import {
  buildGatherApprovals,
  buildGatherLateReplies,
  buildGatherProblems,
  buildGatherUnmatched,
} from './digest-attention.ts';
import { buildGatherCosts } from './digest-costs.ts';
import { buildGatherHighlights } from './digest-highlights.ts';
import { buildGatherActive, buildGatherEnded, buildListMoved, buildListNeeding } from './digest-jorbs.ts';
import { countAll, type DigestMark, splitTold, type Told } from './digest-parts.ts';
import { buildGatherStories } from './digest-stories.ts';
import { buildJorbViews } from './jorb-views.ts';
import { buildFindOutage } from './outage.ts';
import { readStopped } from './stop.ts';
import { owner } from './tables/owner.ts';

export type GatheredDigest = {
  digest: Digest;
  /** Nothing happened, and nothing waits for the owner. */
  isEmpty: boolean;
  /** Where the next one begins. */
  next: Pick<DigestMark, 'seq' | 'counts'>;
};

/** Everything that a digest tells, inside the caller's transaction. What it costs is bounded, however much happened. */
export function buildGatherDigest(db: Db, audit: AppendAudit) {
  const views = buildJorbViews(db, buildContracts(db, audit));
  const readNews = buildReadNews(db);
  const listMoved = buildListMoved(db);
  const listNeeding = buildListNeeding(db);
  const findOutage = buildFindOutage(db);
  const gatherApprovals = buildGatherApprovals(db, buildListPending(db));
  const gatherUnmatched = buildGatherUnmatched(db);
  const gatherProblems = buildGatherProblems(db);
  const gatherLateReplies = buildGatherLateReplies(db, views);
  const gatherFailures = buildGatherFailures(db);
  const gatherActive = buildGatherActive(db, views);
  const gatherEnded = buildGatherEnded(db, views);
  const gatherHighlights = buildGatherHighlights(db);
  const gatherStories = buildGatherStories(db);
  const gatherCosts = buildGatherCosts(db);
  const selectOwner = db.select().from(owner).prepare();

  return (date: string, mark: DigestMark, now: number): GatheredDigest => {
    const news = readNews(mark);
    const { rows: moved, total: allMoved } = listMoved(mark.seq);
    const scene = { news, mark, moved };
    const needing = listNeeding();
    const outage = findOutage() ?? null;
    const told = {
      approvals: gatherApprovals(),
      unmatched: gatherUnmatched(scene),
      problems: gatherProblems(scene),
      lateReplies: gatherLateReplies(scene),
      failures: gatherFailures(news, outage !== null),
      active: gatherActive(scene, needing.rows),
      ended: gatherEnded(scene),
      highlights: gatherHighlights(scene),
    };
    const { costs, counts } = gatherCosts(scene, mark.counts);
    const waiting = countAll(told.approvals) + needing.total;
    const { items, more } = splitTold(told);
    const digest: Digest = {
      ...{ date, since: mark.since, until: now },
      stopped: readStopped(selectOwner.get()),
      outage,
      needs: waiting + countAll(told.unmatched) + news.count('message.unknown'),
      activity: news.activity(),
      open: views.countByStatus(),
      ...items,
      stories: gatherStories(scene),
      costs,
      more: { ...more, stories: allMoved - moved.length, costs: allMoved - moved.length },
    };
    const isEmpty = waiting === 0 && !hasHappened(news);
    return { digest, isEmpty, next: { seq: news.next.seq, counts: { ...news.next.counts, ...counts } } };
  };
}

/** What went wrong and is told of nowhere else. With `isDown` the newest outage is. */
function buildGatherFailures(db: Db): (news: News, isDown: boolean) => Told<Highlight> {
  const listFailures = buildListFailures(db);
  return (news, isDown) => {
    const { failures: items, total } = listFailures(news, { limit: fullRoom.items, isDown });
    return { items, more: total - items.length };
  };
}

/** What our own works do by themselves, day after day: no reason to write to anybody. */
const quiet = /^(runtime|clock|mail|profile)\./;

function hasHappened({ next, count }: News): boolean {
  return Object.keys(next.counts).some((what) => !quiet.test(what) && count(what as AuditWhat) > 0);
}
