import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import type { Fence } from '../domain/fence.ts';
import { Refusal } from '../domain/refusal.ts';
import { explainFailure } from './failures.ts';

export type Db = BetterSQLite3Database<Record<string, never>> & { $client: Database.Database };

/** How long one statement may block the event loop for a lock; the rest is waited for asynchronously. */
const busyTimeoutMs = 20;
const busyGiveUpMs = 10_000;

/**
 * Opens one connection with every guarantee switched on: the driver's defaults would lose acknowledged rows.
 * `check` may throw before anything in the file is changed.
 */
export function connect(file: string, check: (client: Database.Database) => void = () => {}): Db {
  const client = new Database(file, { timeout: busyTimeoutMs });
  try {
    check(client);
    client.pragma('journal_mode = WAL');
    client.pragma('synchronous = FULL');
    client.pragma('foreign_keys = ON');
    client.pragma('trusted_schema = OFF');
  } catch (error) {
    client.close();
    throw error;
  }
  return drizzle(client);
}

/** SQLITE_PROTOCOL is what a connection gets that meets others in the middle of opening the same fresh file. */
export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(BUSY|PROTOCOL)/.test(error.code);
}

/**
 * Runs `work` as one IMMEDIATE transaction, again from its start while another process holds the lock.
 * `work` is synchronous and has no effect but its statements.
 */
export async function write<T>(db: Db, work: () => T): Promise<T> {
  return retryBusy(db.$client.name, () => db.transaction(work, { behavior: 'immediate' }));
}

/** Like `write`, for one of many small works that come together: see `buildGroupedWrite`. */
export type GroupedWrite = <T>(work: () => T) => Promise<T>;

/** The most works of one transaction, so that others get the lock in between. */
const largestGroup = 64;

/**
 * Works that arrive within one pass of the event loop share one transaction and so one wait for the
 * disk. One that throws an error of its own is rolled back alone; an error of the database fails all.
 * None resolves before all are durable.
 */
export function buildGroupedWrite(db: Db): GroupedWrite {
  const waiting: { run: () => () => void; fail: (error: unknown) => void }[] = [];

  async function flush(): Promise<void> {
    const group = waiting.splice(0, largestGroup);
    if (waiting.length > 0) setImmediate(flush);
    try {
      const tell = await write(db, () => group.map(({ run }) => run()));
      for (const told of tell) told();
    } catch (error) {
      for (const { fail } of group) fail(error);
    }
  }

  return (work) =>
    new Promise((resolve, reject) => {
      const run = () => {
        try {
          const value = db.transaction(work);
          return () => resolve(value);
        } catch (error) {
          if (error instanceof Database.SqliteError) throw error;
          return () => reject(error);
        }
      };
      waiting.push({ run, fail: reject });
      if (waiting.length === 1) setImmediate(flush);
    });
}

/** Runs `work` over one consistent snapshot. */
export async function read<T>(db: Db, work: () => T): Promise<T> {
  return retryBusy(db.$client.name, () => db.transaction(work, { behavior: 'deferred' }));
}

/** Like `write`, but first checks that the runtime that asks is still the runtime. */
export type FencedWrite = <T>(fence: Fence, work: () => T) => Promise<T>;

/** Tries again while another process holds the lock; what the disk or the file refuses becomes a `Refusal`. */
export async function retryBusy<T>(file: string, attempt: () => T): Promise<T> {
  const giveUpAt = performance.now() + busyGiveUpMs;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw explainFailure(error, file) ?? error;
      if (performance.now() > giveUpAt) {
        throw new Refusal('unavailable', 'the data folder stayed locked by another program; try again');
      }
    }
    await delay(5 + Math.random() * 15);
  }
}
