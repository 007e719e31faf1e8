import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';
import { Refusal } from '../domain/refusal.ts';
import { isBusy } from './connection.ts';

/** The exclusive right to a file, held until `release` or until the process ends, however it ends. */
export type Lock = { release(): void };

/**
 * Takes the lock on a small SQLite file of its own, or returns undefined when another connection holds
 * it. It never waits. The kernel keeps the lock, so that no crash leaves one behind and no clock can
 * end one. Nothing else may open the file: closing any descriptor of it would drop the lock.
 */
export function tryLock(file: string): Lock | undefined {
  let client: Database.Database | undefined;
  try {
    client = new Database(file, { timeout: 0 });
    client.exec('BEGIN EXCLUSIVE');
    chmodSync(file, 0o600);
  } catch (error) {
    client?.close();
    if (isBusy(error)) return undefined;
    throw unusable(file, error);
  }
  const held = client;
  return { release: () => void held.close() };
}

/** Whether another connection holds it now. Whoever tries at that very instant finds it taken. */
export function isLocked(file: string): boolean {
  const lock = tryLock(file);
  lock?.release();
  return lock === undefined;
}

function unusable(file: string, error: unknown): Refusal {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const sentence =
    code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT'
      ? `${file} is not the lock file it should be; move it away`
      : `${file} cannot be locked (${code}); make the data folder writable for the user who runs jorbs`;
  return new Refusal('unavailable', sentence);
}
