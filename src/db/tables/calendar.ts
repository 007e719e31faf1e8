import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import { runStatuses, scheduleNames } from '../../domain/schedule.ts';
import { instant, oneOf, rowId } from './columns.ts';

/** What happens by the calendar. One that is switched off keeps its row and has no next slot. */
export const schedule = sqliteTable(
  'schedule',
  {
    name: text('name', { enum: scheduleNames }).primaryKey(),
    cron: text('cron').notNull(),
    timeZone: text('time_zone').notNull(),
    /** When its next slot begins. */
    nextAt: instant('next_at'),
  },
  (t) => [
    oneOf('schedule_name', t.name, scheduleNames),
    index('schedule_due').on(t.nextAt).where(sql`${t.nextAt} is not null`),
  ],
);

/** One slot of a schedule, by what the owner's clock shows there: it runs once, whatever becomes of our clock. */
export const run = sqliteTable(
  'run',
  {
    id: rowId(),
    schedule: text('schedule', { enum: scheduleNames })
      .notNull()
      .references(() => schedule.name),
    /** `2026-11-20T08:00`. */
    slot: text('slot').notNull(),
    slotAt: instant('slot_at').notNull(),
    status: text('status', { enum: runStatuses }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    availableAt: instant('available_at').notNull(),
    /** The epoch of the runtime that is at it. */
    leasedBy: integer('leased_by'),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
    /** What came of it, in words for the owner. */
    note: text('note'),
  },
  (t) => [
    unique('run_slot').on(t.schedule, t.slot),
    oneOf('run_status', t.status, runStatuses),
    check('run_running_is_leased', sql`(${t.status} = 'running') = (${t.leasedBy} is not null)`),
    check('run_ended_has_time', sql`(${t.status} in ('done', 'failed')) = (${t.finishedAt} is not null)`),
    check('run_ended_has_note', sql`${t.status} not in ('done', 'failed') or ${t.note} is not null`),
    index('run_due').on(t.availableAt).where(sql`${t.status} = 'due'`),
    index('run_running').on(t.leasedBy).where(sql`${t.status} = 'running'`),
    index('run_by_schedule').on(t.schedule, t.id),
    index('run_failed').on(t.id).where(sql`${t.status} = 'failed'`),
  ],
);
