import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { BriefMessage, Highlight } from '../domain/brief.ts';
import type { AuditWhat } from './audit.ts';
import type { News, NewsRow } from './brief-news.ts';
import { slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { rowOfSubject, toId, toIdOrNull } from './rows.ts';
import { run } from './tables/calendar.ts';
import { mail } from './tables/mail.ts';
import { buildTranscript } from './transcript.ts';

/** Kinds that say that something went wrong and that no other list of a brief shows. */
const failing = [
  'turn.failed',
  'approval.expired',
  'mail.unknown',
  'mail.failed',
  'schedule.failed',
  'handoff.failed',
  'brain.down',
] as const satisfies AuditWhat[];
type Kind = (typeof failing)[number];

const afterSchema = z
  .object({ error: z.string().nullable(), reason: z.string().nullable(), note: z.string().nullable() })
  .partial()
  .catch({});

/** The newest first, inside the caller's transaction. With `isDown` the newest outage is told elsewhere. */
export function buildListFailures(db: Db) {
  const say = buildSentences(db);
  return (news: News, { limit, isDown }: { limit: number; isDown: boolean }) => {
    const isOwn = isDown && news.count('brain.down') > 0;
    const list = (kind: Kind) =>
      kind === 'brain.down' && isOwn ? news.list(kind, limit + 1).slice(1) : news.list(kind, limit);
    const failures = failing
      .flatMap((kind) => list(kind).map((row) => ({ kind, row })))
      .sort((a, b) => b.row.seq - a.row.seq)
      .slice(0, limit)
      .map(
        ({ kind, row }): Highlight => ({
          at: row.at,
          jorbId: toIdOrNull('jorb', row.jorbId),
          text: say[kind](row),
          evidence: row.subject,
        }),
      );
    const total = failing.reduce((sum, kind) => sum + news.count(kind), isOwn ? -1 : 0);
    return { failures, total };
  };
}

function because(row: NewsRow): string {
  const { error, reason, note } = afterSchema.parse(row.after ?? {});
  const why = error ?? reason ?? note;
  return why ? `: ${why}` : '';
}

function buildSentences(db: Db): Record<Kind, (row: NewsRow) => string> {
  const findMail = db
    .select({ subject: mail.subject, error: mail.error })
    .from(mail)
    .where(eq(mail.id, slot('id')))
    .prepare();
  const findRun = db
    .select({ name: run.schedule, slot: run.slot, note: run.note })
    .from(run)
    .where(eq(run.id, slot('id')))
    .prepare();
  const nameMail = (row: NewsRow) => {
    const found = findMail.get({ id: rowOfSubject(row.subject) });
    return found ? `the mail “${found.subject}”` : 'a mail to you';
  };
  return {
    'turn.failed': (row) => `a turn failed${because(row)}`,
    'approval.expired': (row) => `your answer was not had in time${because(row)}`,
    'mail.unknown': (row) => `${nameMail(row)} may or may not have been sent${because(row)}`,
    'mail.failed': (row) => `${nameMail(row)} was not sent${because(row)}`,
    'schedule.failed': (row) => {
      const found = findRun.get({ id: rowOfSubject(row.subject) });
      const name = found
        ? `the ${found.name} of ${found.slot.replace('T', ' ')}`
        : `the schedule ${row.subject}`;
      return `${name} failed${because(row) || (found?.note ? `: ${found.note}` : '')}`;
    },
    'handoff.failed': (row) => `no handoff was to be had${because(row)}`,
    'brain.down': (row) => `the model stopped answering${because(row)}`,
  };
}

const eventsSchema = z.object({ events: z.array(z.string()) }).catch({ events: [] });

/** Replies that came when their jorb was over, the newest first, inside the caller's transaction. */
export function buildListLateReplies(db: Db): (news: News, limit: number) => BriefMessage[] {
  const transcript = buildTranscript(db);
  return (news, limit) =>
    news
      .list('message.late', limit)
      .flatMap(({ jorbId, subject, after }) => {
        const { events } = eventsSchema.parse(after);
        const ids = events.length > 0 ? events.toReversed() : [subject];
        return jorbId === null ? [] : ids.map((id) => ({ id, jorbId: toId('jorb', jorbId) }));
      })
      // Cut before any is read: a stranger decides how many come at once.
      .slice(0, limit)
      .flatMap(({ id, jorbId }): BriefMessage[] => {
        const entry = transcript.findIn(rowOfSubject(id));
        return entry ? [{ ...entry, jorbId }] : [];
      });
}
