import { and, desc, eq, isNotNull, lt, lte, min } from 'drizzle-orm';
import type { Calendar, ScheduleDefinition, ScheduleState, ScheduleStore } from '../domain/schedule.ts';
import { lazy } from '../lib/lazy.ts';
import { given, isWord, slot } from './clauses.ts';
import { type Db, read } from './connection.ts';
import type { StoreParts } from './parts.ts';
import { toRow } from './rows.ts';
import { buildRuns, type Runs } from './runs.ts';
import { run, schedule } from './tables/calendar.ts';

type ScheduleRow = typeof schedule.$inferSelect;

/** What the column of the expression holds of a schedule that is switched off. */
const off = 'off';
const never = Number.POSITIVE_INFINITY;

/** Only the one process that runs prepares what only it does. */
export function buildScheduleStore(db: Db, { audit, fenced }: StoreParts): ScheduleStore {
  const runs = lazy(() => buildRuns(db, audit));
  const keeping = lazy(() => buildKeeping(db, runs()));
  const list = lazy(() => buildListSchedules(db));
  return {
    keepSchedules: (fence, definitions, calendar, now) =>
      fenced(fence, () => {
        for (const definition of definitions) keeping().keep(definition, calendar, now);
        runs().hasten(now);
      }),
    claimRun: (fence, calendar, now) =>
      fenced(fence, () => {
        keeping().advance(calendar, now);
        return runs().take(fence.epoch, now);
      }),
    finishRun: (fence, id, note, now) =>
      fenced(fence, () => runs().finish(toRow(id), fence.epoch, note, now)),
    failRun: (fence, id, error, retryAt, now) =>
      fenced(fence, () => runs().fail(toRow(id), fence.epoch, { error, retryAt }, now)),
    listSchedules: () => read(db, list()),
  };
}

/** Taken even while everything is stopped: what goes out is held elsewhere. */
export function buildScheduleDue(db: Db) {
  return [
    db
      .select({ at: min(schedule.nextAt) })
      .from(schedule)
      .where(isNotNull(schedule.nextAt))
      .prepare(),
    db
      .select({ at: min(run.availableAt) })
      .from(run)
      .where(isWord(run.status, 'due'))
      .prepare(),
    // One that an earlier runtime left is taken up at once.
    db
      .select({ at: run.slotAt })
      .from(run)
      .where(and(isWord(run.status, 'running'), lt(run.leasedBy, slot('epoch'))))
      .limit(1)
      .prepare(),
  ];
}

function buildKeeping(db: Db, runs: Runs) {
  const find = db
    .select()
    .from(schedule)
    .where(eq(schedule.name, slot('name')))
    .prepare();
  const listDue = db
    .select()
    .from(schedule)
    .where(and(isNotNull(schedule.nextAt), lte(schedule.nextAt, slot('now'))))
    .prepare();
  const set = db
    .insert(schedule)
    .values({
      name: slot('name'),
      cron: slot('cron'),
      timeZone: slot('timeZone'),
      nextAt: slot('nextAt'),
    })
    .onConflictDoUpdate({
      target: schedule.name,
      set: { cron: given('cron'), timeZone: given('timeZone'), nextAt: given('nextAt') },
    })
    .prepare();

  /** The newest slot that has come becomes a run. */
  function open(row: ScheduleRow, calendar: Calendar, now: number): void {
    const { name, cron, timeZone, nextAt } = row;
    if (nextAt === null || nextAt > now) return;
    // A zone whose rules were changed meanwhile may have no slot there any more.
    const slotAt = calendar.findLast(cron, timeZone, nextAt - 1, now) ?? nextAt;
    runs.open({ schedule: name, slot: calendar.formatSlot(slotAt, timeZone), slotAt }, now);
  }

  return {
    keep({ name, cron, timeZone }: ScheduleDefinition, calendar: Calendar, now: number): void {
      const row = find.get({ name });
      const nextAt = cron === null ? null : calendar.findNext(cron, timeZone, now);
      const kept = { name, cron: cron ?? off, timeZone, nextAt };
      if (row?.cron === kept.cron && row.timeZone === timeZone) {
        // One that has come is left to be claimed; one too far ahead was computed by another clock.
        if ((row.nextAt ?? never) > (nextAt ?? never)) set.run(kept);
        return;
      }
      if (row && cron !== null) open(row, calendar, now);
      set.run(kept);
    },
    advance(calendar: Calendar, now: number): void {
      for (const row of listDue.all({ now })) {
        open(row, calendar, now);
        set.run({ ...row, nextAt: calendar.findNext(row.cron, row.timeZone, now) });
      }
    },
  };
}

function buildListSchedules(db: Db): () => ScheduleState[] {
  const list = db.select().from(schedule).orderBy(schedule.name).prepare();
  const findLast = db
    .select()
    .from(run)
    .where(eq(run.schedule, slot('name')))
    .orderBy(desc(run.id))
    .limit(1)
    .prepare();
  return () =>
    list.all().map((row) => {
      const last = findLast.get({ name: row.name });
      if (!last) return { ...row, last: null };
      const { slot, status, note, finishedAt, startedAt, availableAt } = last;
      return { ...row, last: { slot, status, note, at: finishedAt ?? startedAt ?? availableAt } };
    });
}
