import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { Refusal } from '../domain/refusal.ts';
import type { Fence } from '../domain/store.ts';

export type Db = BetterSQLite3Database<Record<string, never>> & { $client: Database.Database };

/** How long one statement may block the event loop for a lock; the rest is waited for asynchronously. */
const busyTimeoutMs = 20;
const busyGiveUpMs = 10_000;

/** Opens one connection with every guarantee switched on: the driver's defaults would lose acknowledged rows. */
export function connect(file: string): Db {
  const client = new Database(file, { timeout: busyTimeoutMs });
  client.pragma('journal_mode = WAL');
  client.pragma('synchronous = FULL');
  client.pragma('foreign_keys = ON');
  client.pragma('trusted_schema = OFF');
  return drizzle(client);
}

export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/**
 * Runs `work` as one IMMEDIATE transaction, again from its start while another process holds the lock.
 * `work` is synchronous and has no effect but its statements.
 */
export async function write<T>(db: Db, work: () => T): Promise<T> {
  return retryBusy(() => db.transaction(work, { behavior: 'immediate' }));
}

/** Runs `work` over one consistent snapshot. */
export async function read<T>(db: Db, work: () => T): Promise<T> {
  return retryBusy(() => db.transaction(work, { behavior: 'deferred' }));
}

/** Like `write`, but first checks that the runtime that asks is still the runtime. */
export type FencedWrite = <T>(fence: Fence, work: () => T) => Promise<T>;

async function retryBusy<T>(attempt: () => T): Promise<T> {
  const giveUpAt = performance.now() + busyGiveUpMs;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > giveUpAt) {
        throw new Refusal('unavailable', 'the data folder stayed locked by another program; try again');
      }
    }
    await delay(5 + Math.random() * 15);
  }
}
