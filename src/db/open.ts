import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../domain/store.ts';
import { connect, type Db, retryBusy } from './connection.ts';
import { explainFailure } from './failures.ts';
import { prepareLate } from './late-statements.ts';
import { checkDatabase, countMigrations, migrate } from './migrate.ts';
import { buildStore } from './store.ts';

/**
 * Opens the data folder, creating it (0700) and its database (0600) when they are not there. Several
 * processes may do so at once. Rejects with `Refusal` (`unavailable`) for a folder or file that cannot
 * be used; nothing of it is changed then.
 */
export async function openStore(options: { dataDir: string; migrationsDir: string }): Promise<Store> {
  return buildStore(prepareLate(await openDatabase(options)));
}

/** The connection under the store, migrated. */
export async function openDatabase(options: { dataDir: string; migrationsDir: string }): Promise<Db> {
  const file = join(options.dataDir, 'jorbs.db');
  const known = countMigrations(options.migrationsDir);
  try {
    mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
    createPrivateFile(file);
  } catch (error) {
    throw explainFailure(error, file) ?? error;
  }
  const db = await retryBusy(file, () =>
    connect(file, (client) => {
      checkDatabase(client, known);
      takeRightsOfOthers(file);
    }),
  );
  try {
    await migrate(db, options.migrationsDir);
  } catch (error) {
    db.$client.close();
    throw error;
  }
  return db;
}

/** A file that exists is never opened here: closing any descriptor of it would drop the locks SQLite holds. */
function createPrivateFile(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })) return;
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    // Another process created it in between.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** SQLite gives its other files the mode of the first. */
function takeRightsOfOthers(file: string): void {
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
}
