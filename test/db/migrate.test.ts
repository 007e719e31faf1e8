import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../../src/db/connection.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openStore } from '../../src/db/open.ts';
import { migrationsDir } from '../support/migrated.ts';
import { findTestRoot } from '../support/test-root.ts';

type Journal = { entries: { idx: number; tag: string }[] };

function makeFolder(): string {
  const folder = mkdtempSync(join(findTestRoot(), 'jorbs-migrate-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of the migrations that a test may change. */
function copyMigrations(change: (journal: Journal) => Journal): string {
  const copy = makeFolder();
  cpSync(migrationsDir, copy, { recursive: true });
  const file = join(copy, 'meta/_journal.json');
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')))));
  return copy;
}

function addMigration(sql: string): string {
  const copy = copyMigrations(({ entries }) => ({
    entries: [...entries, { idx: entries.length, tag: 'another' }],
  }));
  writeFileSync(join(copy, 'another.sql'), sql);
  return copy;
}

async function openAndClose(dataDir: string, dir = migrationsDir): Promise<void> {
  const store = await openStore({ dataDir, migrationsDir: dir });
  await store.close();
}

function inspect(dataDir: string) {
  const db = new Database(join(dataDir, 'jorbs.db'));
  const names = db.prepare<[], string>('select name from sqlite_schema order by name').pluck().all();
  const version = Number(db.pragma('user_version', { simple: true }));
  db.close();
  return { names, version };
}

test('a fresh file gets every migration, and a second opening none', async () => {
  const dataDir = makeFolder();
  await openAndClose(dataDir);
  const first = inspect(dataDir);
  await openAndClose(dataDir);
  expect(inspect(dataDir)).toEqual(first);
  const journal: Journal = JSON.parse(readFileSync(join(migrationsDir, 'meta/_journal.json'), 'utf8'));
  expect(first.version).toBe(journal.entries.length);
});

test('an older file gets those it lacks', async () => {
  const [dataDir, other] = [makeFolder(), makeFolder()];
  await openAndClose(other);
  const first = copyMigrations(({ entries }) => ({ entries: entries.slice(0, 2) }));
  const db = connect(join(dataDir, 'jorbs.db'));
  await migrate(db, first);
  db.$client.close();
  expect(inspect(dataDir).version).toBe(2);
  await openAndClose(dataDir);
  expect(inspect(dataDir)).toEqual(inspect(other));
});

test('what stands in an older file stands in the newer one, with what it points at', async () => {
  const dataDir = makeFolder();
  const db = connect(join(dataDir, 'jorbs.db'));
  await migrate(
    db,
    copyMigrations(({ entries }) => ({ entries: entries.slice(0, 2) })),
  );
  db.$client.exec(`
    insert into address (id, channel, address) values (7, 'loopback', 'magic');
    insert into conversation (id, address_id, account) values (1, 7, 'local');`);
  db.$client.close();
  await openAndClose(dataDir);
  const file = new Database(join(dataDir, 'jorbs.db'));
  onTestFinished(() => void file.close());
  const joined = 'select a.address from conversation c join address a on a.id = c.address_id';
  expect(file.prepare(joined).pluck().all()).toEqual(['magic']);
  expect(file.pragma('foreign_key_check')).toEqual([]);
  expect(() => file.exec('delete from address')).toThrow('FOREIGN KEY');
});

test('a migration that breaks a reference is taken back', async () => {
  const dataDir = makeFolder();
  await openAndClose(dataDir);
  const before = inspect(dataDir);
  const broken = addMigration(`insert into conversation (id, address_id, account) values (1, 404, 'local');`);
  await expect(openAndClose(dataDir, broken)).rejects.toThrow('a migration broke 1 references');
  expect(inspect(dataDir)).toEqual(before);
});

test('a file that a newer program migrated is refused and left as it is', async () => {
  const dataDir = makeFolder();
  await openAndClose(dataDir, addMigration('create table later (id integer) strict;'));
  const before = inspect(dataDir);
  await expect(openAndClose(dataDir)).rejects.toMatchObject({
    name: 'Refusal',
    code: 'unavailable',
    message: expect.stringMatching(/was written by a newer Jorbs .* update jorbs or use another data folder/),
  });
  expect(inspect(dataDir)).toEqual(before);
});

test('a migration that fails leaves nothing of any', async () => {
  const dataDir = makeFolder();
  const broken = addMigration('create table later (id integer) strict; insert into nowhere values (1);');
  await expect(openAndClose(dataDir, broken)).rejects.toThrow('no such table: nowhere');
  expect(inspect(dataDir)).toEqual({ names: [], version: 0 });
  await openAndClose(dataDir);
});
