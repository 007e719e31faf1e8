import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm';
import type { ProgressState, ProgressStore } from '../domain/progress.ts';
import { renderProgressEntry } from '../domain/render/progress.ts';
import { hourMs } from '../lib/duration.ts';
import { randomTokens, type Tokens } from '../lib/ids.ts';
import { lazy } from '../lib/lazy.ts';
import { given, slot, via } from './clauses.ts';
import { type Db, read } from './connection.ts';
import type { StoreParts } from './parts.ts';
import { buildGatherSession } from './progress-session.ts';
import { toId, toRow } from './rows.ts';
import { schedule } from './tables/calendar.ts';
import { progressEntry } from './tables/handoff.ts';

/** Puts a reset that has ended on record, inside the caller's transaction: once for each reset. */
export type QueueProgress = (resetRow: number, now: number) => void;

/** A key must never repeat, even in a data folder that was made anew or restored: hence random. */
export function buildQueueProgress(db: Db, tokens: Tokens = randomTokens): QueueProgress {
  const gather = buildGatherSession(db);
  const findZone = db
    .select({ timeZone: schedule.timeZone })
    .from(schedule)
    .where(eq(schedule.name, slot('name')))
    .prepare();
  const insert = db
    .insert(progressEntry)
    .values({ resetId: slot('resetRow'), text: slot('text'), availableAt: slot('now') })
    .prepare();
  return (resetRow, now) => {
    const session = gather(resetRow, tokens.key());
    const text = renderProgressEntry(session, findZone.get({ name: 'handoff' })?.timeZone);
    insert.run({ resetRow, text, now });
  };
}

/** Longer than any entry is made to wait: one that seems to wait longer was queued before the clock was set back. */
const longestWaitMs = 2 * hourMs;

/** The way from the rows to the file. Only the one process that runs prepares its statements, but for the status. */
export function buildProgressStore(db: Db, parts: StoreParts): ProgressStore {
  const log = lazy(() => buildProgress(db, parts));
  const readState = lazy(() => buildReadProgress(db));
  return {
    claimProgressEntry: (...given) => log().claimProgressEntry(...given),
    finishProgressEntry: (...given) => log().finishProgressEntry(...given),
    postponeProgressEntry: (...given) => log().postponeProgressEntry(...given),
    readProgress: () => read(db, () => readState()()),
  };
}

function buildProgress(db: Db, { fenced }: StoreParts): Omit<ProgressStore, 'readProgress'> {
  const oldest = selectOldest(db);
  const isUnwritten = and(eq(progressEntry.id, slot('id')), isNull(progressEntry.writtenAt));
  const finish = db
    .update(progressEntry)
    .set({ writtenAt: given('now'), error: null })
    .where(isUnwritten)
    .prepare();
  const postpone = db
    .update(progressEntry)
    .set({
      attempts: sql`${progressEntry.attempts} + 1`,
      availableAt: given('retryAt'),
      error: given('error'),
    })
    .where(isUnwritten)
    .prepare();
  return {
    claimProgressEntry: (fence, now) =>
      fenced(fence, () => {
        const row = oldest.get();
        if (!row || (row.availableAt > now && row.availableAt <= now + longestWaitMs)) return undefined;
        const { id, text, attempts } = row;
        return { id: toId('progress', id), text, attempts };
      }),
    finishProgressEntry: (fence, id, now) => fenced(fence, () => void finish.run({ id: toRow(id), now })),
    postponeProgressEntry: (fence, id, error, retryAt) =>
      fenced(fence, () => void postpone.run({ id: toRow(id), error, retryAt })),
  };
}

/** Younger entries wait behind it: the file has them in their order. */
function selectOldest(db: Db) {
  return db
    .select({
      id: sql<number>`${progressEntry.id}`,
      text: sql<string>`${progressEntry.text}`,
      attempts: sql<number>`${progressEntry.attempts}`,
      availableAt: sql<number>`${progressEntry.availableAt}`,
      error: sql<string | null>`${progressEntry.error}`,
    })
    .from(via(progressEntry, 'progress_entry_due'))
    .where(isNull(progressEntry.writtenAt))
    .orderBy(progressEntry.id)
    .limit(1)
    .prepare();
}

/** Whether the file keeps up, inside the caller's transaction. */
function buildReadProgress(db: Db): () => ProgressState {
  const oldest = selectOldest(db);
  const waiting = db
    .select({ count: sql<number>`count(*)` })
    .from(via(progressEntry, 'progress_entry_due'))
    .where(isNull(progressEntry.writtenAt))
    .prepare();
  const last = db
    .select({ writtenAt: progressEntry.writtenAt })
    .from(progressEntry)
    .where(lt(progressEntry.id, slot('before')))
    .orderBy(desc(progressEntry.id))
    .limit(1)
    .prepare();
  return () => {
    const next = oldest.get();
    return {
      lastAt: last.get({ before: next?.id ?? Number.MAX_SAFE_INTEGER })?.writtenAt ?? null,
      waiting: waiting.get()?.count ?? 0,
      error: next?.error ?? null,
    };
  };
}

/** When the oldest entry that waits may be tried. */
export function buildProgressDue(db: Db) {
  return [
    db
      .select({ at: sql<number>`${progressEntry.availableAt}` })
      .from(via(progressEntry, 'progress_entry_due'))
      .where(isNull(progressEntry.writtenAt))
      .orderBy(progressEntry.id)
      .limit(1)
      .prepare(),
  ];
}
