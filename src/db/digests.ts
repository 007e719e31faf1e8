import { desc, eq, gt, max, type SQL } from 'drizzle-orm';
import type { DigestStore, KeptDigest } from '../domain/digest.ts';
import { lazy } from '../lib/lazy.ts';
import { slot } from './clauses.ts';
import { type Db, read } from './connection.ts';
import { buildGatherDigest } from './digest-gather.ts';
import { buildQueueMail } from './mail-queue.ts';
import type { StoreParts } from './parts.ts';
import { toId } from './rows.ts';
import { digest, mail } from './tables/mail.ts';
import { decision } from './tables/turns.ts';

/** Prepared when first called: most processes only read. */
export function buildDigestStore(db: Db, parts: StoreParts): DigestStore {
  const compose = lazy(() => buildComposeDigest(db, parts));
  const kept = lazy(() => buildReadDigests(db));
  return {
    composeDigest: (...given) => compose()(...given),
    readDigest: (date) => read(db, () => kept().find(date)),
    listDigests: (limit) => read(db, () => kept().list(limit)),
  };
}

/** Where the first one begins. */
const beginning: { seq: number; until: number | null; counts: Record<string, number> } = {
  seq: 0,
  until: null,
  counts: {},
};

/** In the counts of a mark: the last decision. */
const decisionKey = 'decision';

/**
 * For the newest by the row of their mails: a clock that was set back gives a later digest an earlier date, and
 * what it told must not be told again. Every digest has a mail; said in a statement, SQLite uses the index.
 */
function hasMail(): SQL {
  return gt(digest.mailId, 0);
}

function buildComposeDigest(db: Db, { audit, fenced }: StoreParts): DigestStore['composeDigest'] {
  const gather = buildGatherDigest(db, audit);
  const queueMail = buildQueueMail(db);
  const findDate = db
    .select({ needs: digest.needs })
    .from(digest)
    .where(eq(digest.date, slot('date')))
    .prepare();
  const findLast = db
    .select({ seq: digest.seq, until: digest.until, counts: digest.counts })
    .from(digest)
    .where(hasMail())
    .orderBy(desc(digest.mailId))
    .limit(1)
    .prepare();
  const lastDecision = db
    .select({ id: max(decision.id) })
    .from(decision)
    .prepare();
  const insert = db
    .insert(digest)
    .values({
      date: slot('date'),
      mailId: slot('mailId'),
      since: slot('since'),
      until: slot('until'),
      seq: slot('seq'),
      counts: slot('counts'),
      needs: slot('needs'),
    })
    .prepare();

  return (fence, { date, render, sendsEmpty }, now) =>
    fenced(fence, () => {
      const known = findDate.get({ date });
      if (known) return { kind: 'known' as const, needs: known.needs };
      const { seq, until: since, counts } = findLast.get() ?? beginning;
      const mark = { since, seq, counts, decision: counts[decisionKey] ?? 0 };
      const { digest: told, isEmpty, next } = gather(date, mark, now);
      if (isEmpty && !sendsEmpty) return { kind: 'empty' as const };
      const mailId = queueMail({ kind: 'digest', name: `digest-${date}`, ...render(told) }, now);
      const nextCounts = { ...next.counts, [decisionKey]: lastDecision.get()?.id ?? 0 };
      const { needs } = told;
      insert.run({ date, mailId, since, until: now, seq: next.seq, counts: nextCounts, needs });
      return { kind: 'queued' as const, needs };
    });
}

function buildReadDigests(db: Db) {
  const columns = {
    date: digest.date,
    since: digest.since,
    until: digest.until,
    needs: digest.needs,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    mail: {
      id: mail.id,
      status: mail.status,
      attempts: mail.attempts,
      queuedAt: mail.queuedAt,
      sentAt: mail.sentAt,
      error: mail.error,
      receipt: mail.receipt,
    },
  };
  const select = () => db.select(columns).from(digest).innerJoin(mail, eq(mail.id, digest.mailId)).$dynamic();
  const ofDate = select()
    .where(eq(digest.date, slot('date')))
    .prepare();
  const newest = select().where(hasMail()).orderBy(desc(digest.mailId)).limit(1).prepare();
  const list = db
    .select({ date: digest.date, needs: digest.needs })
    .from(digest)
    .where(hasMail())
    .orderBy(desc(digest.mailId))
    .limit(slot('limit'))
    .prepare();
  return {
    find(date: string | null): KeptDigest | undefined {
      const row = date === null ? newest.get() : ofDate.get({ date });
      return row && { ...row, mail: { ...row.mail, id: toId('mail', row.mail.id) } };
    },
    list: (limit: number) => list.all({ limit }),
  };
}
