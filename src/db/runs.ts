import { and, eq, gt, lt, lte, sql } from 'drizzle-orm';
import type { Run } from '../domain/schedule.ts';
import { dayMs } from '../lib/duration.ts';
import type { AppendAudit } from './audit.ts';
import { given, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId } from './rows.ts';
import { run } from './tables/calendar.ts';

type RunRow = typeof run.$inferSelect;

/** As often a run is begun before it fails for never coming to its end. */
const mostAttempts = 3;
/** No retry waits as long. */
const longestWaitMs = dayMs;

export type Runs = {
  /** Does nothing for a slot that has its run. */
  open(given: Pick<RunRow, 'schedule' | 'slot' | 'slotAt'>, now: number): void;
  take(epoch: number, now: number): Run | undefined;
  finish(id: number, epoch: number, note: string, now: number): void;
  /** Null: it is not tried again. */
  fail(id: number, epoch: number, failure: { error: string; retryAt: number | null }, now: number): void;
  /** What waits further ahead than any retry does was put there by another clock. */
  hasten(now: number): void;
};

/** All of it runs inside the caller's transaction. */
export function buildRuns(db: Db, audit: AppendAudit): Runs {
  const statements = buildStatements(db);

  function end(row: RunRow, error: string, now: number): void {
    statements.end.run({ id: row.id, status: 'failed', note: error, now });
    const { schedule, slot } = row;
    const entry = { at: now, actor: 'runtime', what: 'schedule.failed', jorbRow: null } as const;
    audit({ ...entry, subject: toId('run', row.id), after: { schedule, slot, error } });
  }

  return {
    open: (slot, now) => void statements.open.run({ ...slot, now }),
    take(epoch, now) {
      for (;;) {
        const row = statements.findLeft.get({ epoch }) ?? statements.findDue.get({ now });
        if (!row) return undefined;
        if (row.attempts < mostAttempts) return toRun(statements.begin.get({ id: row.id, epoch, now }));
        end(row, `it was begun ${row.attempts} times, and each time jorbs ended before it was done`, now);
      }
    },
    finish(id, epoch, note, now) {
      if (statements.findHeld.get({ id, epoch })) statements.end.run({ id, status: 'done', note, now });
    },
    fail(id, epoch, { error, retryAt }, now) {
      const row = statements.findHeld.get({ id, epoch });
      if (row && retryAt === null) end(row, error, now);
      else if (row) statements.postpone.run({ id, error, retryAt });
    },
    hasten: (now) => void statements.hasten.run({ now, latest: now + longestWaitMs }),
  };
}

function toRun({ id, schedule, slot, slotAt, attempts, startedAt }: RunRow): Run {
  if (startedAt === null) throw new Error(`run ${id} was not begun`);
  return { id: toId('run', id), schedule, slot, slotAt, attempts, startedAt };
}

function buildStatements(db: Db) {
  return {
    open: db
      .insert(run)
      .values({
        schedule: slot('schedule'),
        slot: slot('slot'),
        slotAt: slot('slotAt'),
        status: 'due',
        availableAt: slot('now'),
      })
      .onConflictDoNothing({ target: [run.schedule, run.slot] })
      .prepare(),
    findLeft: db
      .select()
      .from(run)
      .where(and(isWord(run.status, 'running'), lt(run.leasedBy, slot('epoch'))))
      .orderBy(sql`+${run.id}`)
      .limit(1)
      .prepare(),
    findDue: db
      .select()
      .from(run)
      .where(and(isWord(run.status, 'due'), lte(run.availableAt, slot('now'))))
      .orderBy(run.availableAt, run.id)
      .limit(1)
      .prepare(),
    findHeld: db
      .select()
      .from(run)
      .where(and(eq(run.id, slot('id')), isWord(run.status, 'running'), eq(run.leasedBy, slot('epoch'))))
      .prepare(),
    begin: db
      .update(run)
      .set({
        status: 'running',
        attempts: sql`${run.attempts} + 1`,
        leasedBy: given('epoch'),
        startedAt: sql`coalesce(${run.startedAt}, ${given('now')})`,
      })
      .where(eq(run.id, slot('id')))
      .returning()
      .prepare(),
    postpone: db
      .update(run)
      .set({ status: 'due', leasedBy: null, availableAt: given('retryAt'), note: given('error') })
      .where(eq(run.id, slot('id')))
      .prepare(),
    end: db
      .update(run)
      .set({ status: given('status'), leasedBy: null, finishedAt: given('now'), note: given('note') })
      .where(eq(run.id, slot('id')))
      .prepare(),
    hasten: db
      .update(run)
      .set({ availableAt: given('now') })
      .where(and(isWord(run.status, 'due'), gt(run.availableAt, slot('latest'))))
      .prepare(),
  };
}
