import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/db/open.ts';
import { jorbStatuses } from '../../src/domain/jorb.ts';
import { testEpoch } from '../support/clock.ts';
import { migrationsDir } from '../support/migrated.ts';
import { buildNewJorb, openTestStore } from '../support/store.ts';

async function open() {
  const harness = await openTestStore();
  onTestFinished(harness.close);
  return harness;
}

const everything = { statuses: jorbStatuses, limit: 100, offset: 0 };

test('a backup is a data folder of one moment while others write', async () => {
  const { store, dataDir } = await open();
  const other = await openStore({ dataDir, migrationsDir });
  onTestFinished(() => other.close());
  await store.createJorb(buildNewJorb(), testEpoch);
  const folder = join(dataDir, 'backup');
  mkdirSync(folder);
  const file = join(folder, 'jorbs.db');
  await Promise.all([
    ...Array.from({ length: 20 }, () => other.createJorb(buildNewJorb(), testEpoch)),
    store.backup(file),
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const copy = await openStore({ dataDir: folder, migrationsDir });
  onTestFinished(() => copy.close());
  const { total } = await copy.listJorbs(everything);
  expect(total).toBeGreaterThan(0);
  expect((await copy.takeBrief(true, testEpoch)).activity.created).toBe(total);
  await expect(copy.createJorb(buildNewJorb(), testEpoch)).resolves.toMatchObject({ created: true });
});

test('a backup is whole by the word of SQLite', async () => {
  const { store, dataDir } = await open();
  await store.createJorb(buildNewJorb(), testEpoch);
  await store.backup(join(dataDir, 'copy.db'));
  const copy = new Database(join(dataDir, 'copy.db'), { readonly: true });
  onTestFinished(() => {
    copy.close();
  });
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
});

test('a backup never writes over a file, and leaves none where it cannot write', async () => {
  const { store, dataDir } = await open();
  const there = join(dataDir, 'there.db');
  writeFileSync(there, 'mine');
  await expect(store.backup(there)).rejects.toMatchObject({
    name: 'Refusal',
    code: 'conflict',
    field: 'file',
    message: `${there} is there already; name a file that does not exist`,
  });
  expect(statSync(there).size).toBe(4);
  await expect(store.backup(join(dataDir, 'nowhere', 'copy.db'))).rejects.toMatchObject({
    code: 'invalid',
    field: 'file',
  });
  expect(readdirSync(dataDir).sort()).toEqual(['jorbs.db', 'jorbs.db-shm', 'jorbs.db-wal', 'there.db']);
});
