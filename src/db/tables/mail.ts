import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { mailKinds } from '../../domain/mail.ts';
import { outboxStatuses } from '../../domain/message.ts';
import { noticeKinds, noticeStatuses } from '../../domain/notice.ts';
import { instant, isJson, oneOf, rowId } from './columns.ts';
import { jorb } from './jorbs.ts';

/** The owner's part of the outbox. It has no address: the mailer knows one, and a jorb can name none. */
export const mail = sqliteTable(
  'mail',
  {
    id: rowId(),
    kind: text('kind', { enum: mailKinds }).notNull(),
    /** The left part of its Message-ID: the same for every attempt, never again for another mail. */
    key: text('key').notNull().unique(),
    subject: text('subject').notNull(),
    text: text('text').notNull(),
    html: text('html').notNull(),
    status: text('status', { enum: outboxStatuses }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    queuedAt: instant('queued_at').notNull(),
    availableAt: instant('available_at').notNull(),
    /** The epoch of the runtime that is sending it. */
    leasedBy: integer('leased_by'),
    sentAt: instant('sent_at'),
    receipt: text('receipt'),
    error: text('error'),
  },
  (t) => [
    oneOf('mail_kind', t.kind, mailKinds),
    oneOf('mail_status', t.status, outboxStatuses),
    check('mail_sending_is_leased', sql`(${t.status} = 'sending') = (${t.leasedBy} is not null)`),
    check(
      'mail_sent_has_receipt',
      sql`(${t.status} = 'sent') = (${t.receipt} is not null and ${t.sentAt} is not null)`,
    ),
    index('mail_due').on(t.availableAt).where(sql`${t.status} = 'queued'`),
    index('mail_sending').on(t.leasedBy).where(sql`${t.status} = 'sending'`),
    index('mail_problem').on(t.id).where(sql`${t.status} in ('unknown', 'failed')`),
    index('mail_by_kind').on(t.kind, t.queuedAt),
  ],
);

/** One a day, by the owner's calendar. What it told ends at `seq`, where the next begins. */
export const digest = sqliteTable(
  'digest',
  {
    /** `2026-11-20`. */
    date: text('date').primaryKey(),
    mailId: integer('mail_id')
      .notNull()
      .unique()
      .references(() => mail.id),
    /** Null: from the beginning. */
    since: instant('since'),
    until: instant('until').notNull(),
    /** The last audit entry it tells of, and how many there were of each kind. */
    seq: integer('seq').notNull(),
    counts: text('counts', { mode: 'json' }).$type<Record<string, number>>().notNull(),
    /** How many things in it need the owner. */
    needs: integer('needs').notNull(),
  },
  (t) => [isJson('digest_counts', t.counts), check('digest_date', sql`${t.date} glob '????-??-??'`)],
);

/** A fact that the owner may want to hear of at once. A trigger writes it with its audit entry. */
export const notice = sqliteTable(
  'notice',
  {
    /** Of the audit entry. */
    seq: integer('seq').primaryKey(),
    kind: text('kind', { enum: noticeKinds }).notNull(),
    jorbId: integer('jorb_id').references(() => jorb.id),
    /** The public id of the row it is about. */
    subject: text('subject').notNull(),
    at: instant('at').notNull(),
    status: text('status', { enum: noticeStatuses }).notNull(),
    mailId: integer('mail_id').references(() => mail.id),
  },
  (t) => [
    oneOf('notice_kind', t.kind, noticeKinds),
    oneOf('notice_status', t.status, noticeStatuses),
    check('notice_mailed_has_mail', sql`(${t.status} = 'mailed') = (${t.mailId} is not null)`),
    index('notice_open').on(t.at).where(sql`${t.status} = 'open'`),
    index('notice_by_mail').on(t.mailId).where(sql`${t.mailId} is not null`),
    index('notice_by_jorb').on(t.jorbId, t.kind),
  ],
);
