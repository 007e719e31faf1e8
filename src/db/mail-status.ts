import { and, count, desc, eq, isNotNull } from 'drizzle-orm';
import { type MailStatus, mailKinds } from '../domain/mail.ts';
import { isOneOf, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { mail } from './tables/mail.ts';

/** Reads inside the caller's transaction. */
export function buildReadMailStatus(db: Db): () => MailStatus {
  const isProblem = isOneOf(mail.status, ['unknown', 'failed']);
  // One statement each: of a choice of both SQLite would read the whole table.
  const waiting = (['queued', 'sending'] as const).map((status) =>
    db.select({ count: count() }).from(mail).where(isWord(mail.status, status)).prepare(),
  );
  const countProblems = (status: 'unknown' | 'failed') =>
    db
      .select({ count: count() })
      .from(mail)
      .where(and(isProblem, isWord(mail.status, status)))
      .prepare();
  const countUnknown = countProblems('unknown');
  const countFailed = countProblems('failed');
  const findTried = db
    .select({ error: mail.error })
    .from(mail)
    .where(and(isWord(mail.status, 'queued'), isNotNull(mail.error)))
    .orderBy(desc(mail.availableAt))
    .limit(1)
    .prepare();
  const findProblem = db
    .select({ id: mail.id, error: mail.error })
    .from(mail)
    .where(isProblem)
    .orderBy(desc(mail.id))
    .limit(1)
    .prepare();
  const findSent = db
    .select({ id: mail.id, sentAt: mail.sentAt })
    .from(mail)
    .where(and(eq(mail.kind, slot('kind')), isWord(mail.status, 'sent')))
    .orderBy(desc(mail.queuedAt))
    .limit(1)
    .prepare();
  return () => {
    const sent = mailKinds.map((kind) => findSent.get({ kind })).filter((row) => row !== undefined);
    const problem = findProblem.get();
    const isOver = sent.some(({ id }) => problem === undefined || id > problem.id);
    return {
      queued: waiting.reduce((sum, statement) => sum + (statement.get()?.count ?? 0), 0),
      unknown: countUnknown.get()?.count ?? 0,
      failed: countFailed.get()?.count ?? 0,
      lastSentAt: sent.length > 0 ? Math.max(...sent.map(({ sentAt }) => sentAt ?? 0)) : null,
      error: findTried.get()?.error ?? (isOver ? null : (problem?.error ?? null)),
    };
  };
}
