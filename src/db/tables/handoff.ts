import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { type Handoff, handoffStatuses, resetReasons } from '../../domain/handoff.ts';
import { run } from './calendar.ts';
import { instant, isJson, oneOf, rowId } from './columns.ts';
import { jorb } from './jorbs.ts';

/** One context reset: the handoffs of all jorbs that it is for, then one entry in the progress log. */
export const reset = sqliteTable(
  'reset',
  {
    id: rowId(),
    reason: text('reason', { enum: resetReasons }).notNull(),
    /** Of an `interval`: how many days. */
    days: integer('days'),
    runId: integer('run_id')
      .unique()
      .references(() => run.id),
    /** The newest audit entry when it began: what came after is activity for the next. */
    seq: integer('seq').notNull(),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    oneOf('reset_reason', t.reason, resetReasons),
    index('reset_open').on(t.id).where(sql`${t.finishedAt} is null`),
    index('reset_by_reason').on(t.reason, t.id),
  ],
);

/** What an agent writes for its own next context. A trigger refuses changes to one that was accepted. */
export const handoff = sqliteTable(
  'handoff',
  {
    id: rowId(),
    resetId: integer('reset_id')
      .notNull()
      .references(() => reset.id),
    jorbId: integer('jorb_id')
      .notNull()
      .references(() => jorb.id),
    status: text('status', { enum: handoffStatuses }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    availableAt: instant('available_at').notNull(),
    /** The epoch of the runtime that is having it written, until then. */
    leasedBy: integer('leased_by'),
    leasedUntil: instant('leased_until'),
    /** The newest audit entry that its writer could know of. */
    seq: integer('seq'),
    /** When its context was read: what came later is not in it. */
    readAt: instant('read_at'),
    /** The brain that wrote it, and the code where it had to be mended. */
    by: text('by'),
    body: text('body', { mode: 'json' }).$type<Handoff>(),
    error: text('error'),
    endedAt: instant('ended_at'),
  },
  (t) => [
    oneOf('handoff_status', t.status, handoffStatuses),
    isJson('handoff_body', t.body),
    check('handoff_writing_is_leased', sql`(${t.status} = 'writing') = (${t.leasedBy} is not null)`),
    check(
      'handoff_accepted_has_body',
      sql`(${t.status} = 'accepted') = (${t.body} is not null and ${t.by} is not null)`,
    ),
    check(
      'handoff_ended_has_time',
      sql`(${t.status} in ('accepted', 'failed')) = (${t.endedAt} is not null)`,
    ),
    uniqueIndex('handoff_once').on(t.resetId, t.jorbId),
    uniqueIndex('handoff_one_open').on(t.jorbId).where(sql`${t.status} in ('due', 'writing')`),
    index('handoff_due').on(t.availableAt).where(sql`${t.status} = 'due'`),
    index('handoff_writing').on(t.leasedBy).where(sql`${t.status} = 'writing'`),
    index('handoff_by_jorb').on(t.jorbId, t.id),
  ],
);

/** What is appended to the progress log, word for word; the file is written after the row. */
export const progressEntry = sqliteTable(
  'progress_entry',
  {
    id: rowId(),
    resetId: integer('reset_id')
      .notNull()
      .unique()
      .references(() => reset.id),
    text: text('text').notNull(),
    /** Null: not in the file yet. */
    writtenAt: instant('written_at'),
    attempts: integer('attempts').notNull().default(0),
    availableAt: instant('available_at').notNull(),
    error: text('error'),
  },
  (t) => [index('progress_entry_due').on(t.id).where(sql`${t.writtenAt} is null`)],
);
