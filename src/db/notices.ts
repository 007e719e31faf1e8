import { and, desc, eq, gt, lte, min } from 'drizzle-orm';
import { computeComposeAt, mostMailsPerHour, type NoticeStore, selectFacts } from '../domain/notice.ts';
import { hourMs } from '../lib/duration.ts';
import { lazy } from '../lib/lazy.ts';
import { given, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildQueueMail } from './mail-queue.ts';
import { buildListOpenFacts } from './notice-facts.ts';
import type { StoreParts } from './parts.ts';
import { mail, notice } from './tables/mail.ts';

/** The most that one mail answers; what is beyond goes with the next. */
const mostAtOnce = 500;

export function buildNoticeStore(db: Db, parts: StoreParts): NoticeStore {
  const compose = lazy(() => buildComposeNotices(db, parts));
  return { composeNotices: (...given) => compose()(...given) };
}

/** The mail is queued where its notices are marked: a crash leaves both or neither. */
function buildComposeNotices(db: Db, { fenced }: StoreParts): NoticeStore['composeNotices'] {
  const findDueAt = buildFindNoticesDueAt(db);
  const listOpenFacts = buildListOpenFacts(db);
  const queueMail = buildQueueMail(db);
  const mark = db
    .update(notice)
    .set({ status: given('status'), mailId: given('mailId') })
    .where(and(eq(notice.seq, slot('seq')), isWord(notice.status, 'open')))
    .prepare();

  return (fence, { render }, now) =>
    fenced(fence, () => {
      const dueAt = findDueAt(now);
      if (dueAt === undefined || dueAt > now) return undefined;
      const { facts, unreadable } = listOpenFacts(mostAtOnce);
      const { told, answered } = selectFacts(facts, now);
      const isMailed = render !== null && told.length > 0;
      const mailId = isMailed ? queueMail({ kind: 'notice', ...render(told, now) }, now) : null;
      for (const { seq } of facts) {
        const isAnswered = isMailed && answered.has(seq);
        mark.run(isAnswered ? { seq, status: 'mailed', mailId } : { seq, status: 'dropped', mailId: null });
      }
      for (const seq of unreadable) mark.run({ seq, status: 'dropped', mailId: null });
      const mailed = isMailed ? answered.size : 0;
      return { mailed, dropped: facts.length + unreadable.length - mailed };
    });
}

/** When the open notices go together in one mail, or undefined when none is open. Inside the caller's transaction. */
function buildFindNoticesDueAt(db: Db): (now: number) => number | undefined {
  const oldest = db
    .select({ at: min(notice.at) })
    .from(notice)
    .where(isWord(notice.status, 'open'))
    .prepare();
  const tenthMail = db
    .select({ at: mail.queuedAt })
    .from(mail)
    .where(
      and(isWord(mail.kind, 'notice'), gt(mail.queuedAt, slot('since')), lte(mail.queuedAt, slot('now'))),
    )
    .orderBy(desc(mail.queuedAt))
    .limit(1)
    .offset(mostMailsPerHour - 1)
    .prepare();
  return (now) => {
    const firstAt = oldest.get()?.at ?? null;
    if (firstAt === null) return undefined;
    const tenthMailAt = tenthMail.get({ since: now - hourMs, now })?.at ?? null;
    return computeComposeAt(firstAt, tenthMailAt, now);
  };
}

/** For `buildNextDue`. */
export function buildNoticesDue(db: Db) {
  const findDueAt = buildFindNoticesDueAt(db);
  return [{ get: ({ now }: { epoch: number; now: number }) => ({ at: findDueAt(now) ?? null }) }];
}
