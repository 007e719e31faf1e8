import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { actors } from '../../domain/jorb.ts';
import { instant, isJson, oneOf } from './columns.ts';

/** The one owner of this data folder: stop switch and brief mark. */
export const owner = sqliteTable(
  'owner',
  {
    id: integer('id').primaryKey(),
    stoppedAt: instant('stopped_at'),
    stopReason: text('stop_reason'),
    briefAt: instant('brief_at'),
    /** The last audit entry that a brief has told of. */
    briefSeq: integer('brief_seq').notNull().default(0),
    /** The audit counts at that time, so that a brief need not count. */
    briefCounts: text('brief_counts', { mode: 'json' }).$type<Record<string, number>>().notNull().default({}),
    /** What the marks around third-party words are made from; random, set when the table was. */
    quoteSecret: text('quote_secret'),
  },
  (t) => [check('owner_single', sql`${t.id} = 1`), isJson('owner_brief_counts', t.briefCounts)],
);

/** Private fields of the owner: the gate looks for them in every text. */
export const profileField = sqliteTable('profile_field', {
  field: text('field').primaryKey(),
  value: text('value').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** Who runs. A write of the runtime whose epoch is not this one is refused. */
export const runtime = sqliteTable(
  'runtime',
  {
    id: integer('id').primaryKey(),
    epoch: integer('epoch').notNull(),
    holder: text('holder').notNull(),
    since: instant('since').notNull(),
  },
  (t) => [check('runtime_single', sql`${t.id} = 1`)],
);

/** Who did what, when. Triggers refuse every update and deletion; each entry carries the hash of the one before. */
export const audit = sqliteTable(
  'audit',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    at: instant('at').notNull(),
    actor: text('actor', { enum: actors }).notNull(),
    what: text('what').notNull(),
    jorbId: integer('jorb_id'),
    /** The row it is about, by its public id. */
    subject: text('subject').notNull(),
    before: text('before', { mode: 'json' }).$type<unknown>(),
    after: text('after', { mode: 'json' }).$type<unknown>(),
    hash: text('hash').notNull(),
  },
  (t) => [
    oneOf('audit_actor', t.actor, actors),
    isJson('audit_before', t.before),
    isJson('audit_after', t.after),
    index('audit_by_jorb').on(t.jorbId, t.seq).where(sql`${t.jorbId} is not null`),
    /** For briefs, which ask kind by kind; the kind that comes in bulk is left out. */
    index('audit_news').on(t.what, t.seq).where(sql`${t.what} <> 'message.received'`),
  ],
);

/** How many audit entries there are of each kind; a trigger counts. */
export const auditCount = sqliteTable('audit_count', {
  what: text('what').primaryKey(),
  count: integer('count').notNull(),
});
