import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../src/db/open.ts';
import { lazy } from '../../src/lib/lazy.ts';
import { findTestRoot } from './test-root.ts';

export const migrationsDir = fileURLToPath(new URL('../../drizzle', import.meta.url));

/** An empty folder for data in which the database is that of a first start. */
export async function makeDataDir(): Promise<string> {
  const database = await migrateOnce();
  const dataDir = mkdtempSync(join(findTestRoot(), 'jorbs-data-'));
  writeFileSync(join(dataDir, 'jorbs.db'), database, { mode: 0o600 });
  return dataDir;
}

/** To run all migrations takes longer than many a test: each process of the tests does it once. */
const migrateOnce = lazy(async () => {
  const dataDir = mkdtempSync(join(findTestRoot(), 'jorbs-migrated-'));
  const db = await openDatabase({ dataDir, migrationsDir });
  db.$client.close();
  const database = readFileSync(join(dataDir, 'jorbs.db'));
  rmSync(dataDir, { recursive: true });
  return database;
});
