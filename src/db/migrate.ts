import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { Refusal } from '../domain/refusal.ts';
import { type Db, write } from './connection.ts';

const journalSchema = z.object({ entries: z.array(z.object({ idx: z.int(), tag: z.string() })) });

/**
 * Brings the file to this program's version: every migration it lacks, in one transaction. `user_version`
 * counts those it has, so that any number of processes may call this at once.
 */
export async function migrate(db: Db, migrationsDir: string): Promise<void> {
  const tags = readTags(migrationsDir);
  if (readVersion(db.$client) === tags.length) return;
  const statements = tags.map((tag) => readFileSync(join(migrationsDir, `${tag}.sql`), 'utf8'));
  // A table that is made anew is gone for a moment, and SQLite heeds this switch only outside a transaction.
  db.$client.pragma('foreign_keys = OFF');
  try {
    await write(db, () => {
      // Looked at again: another process may have migrated between the first look and the lock.
      const applied = checkDatabase(db.$client, tags.length);
      for (const each of statements.slice(applied)) db.$client.exec(each);
      checkReferences(db.$client);
      db.$client.pragma(`user_version = ${tags.length}`);
    });
  } finally {
    db.$client.pragma('foreign_keys = ON');
  }
}

function checkReferences(client: Database): void {
  const broken = client.pragma('foreign_key_check') as unknown[];
  if (broken.length > 0) throw new Error(`a migration broke ${broken.length} references`);
}

export function countMigrations(migrationsDir: string): number {
  return readTags(migrationsDir).length;
}

function readTags(migrationsDir: string): string[] {
  const journal: unknown = JSON.parse(readFileSync(join(migrationsDir, 'meta/_journal.json'), 'utf8'));
  return journalSchema
    .parse(journal)
    .entries.sort((a, b) => a.idx - b.idx)
    .map((entry) => entry.tag);
}

function readVersion(client: Database): number {
  return Number(client.pragma('user_version', { simple: true }));
}

/**
 * How many of the `known` migrations the file has. Refuses one that is another program's, or that a newer
 * Jorbs migrated: this one would not keep its promises.
 */
export function checkDatabase(client: Database, known: number): number {
  const applied = readVersion(client);
  if (applied > known) {
    throw new Refusal(
      'unavailable',
      `${client.name} was written by a newer Jorbs (database version ${applied}, this one knows ${known}); update jorbs or use another data folder`,
    );
  }
  if (applied === 0 && client.prepare('select 1 from sqlite_schema limit 1').get() !== undefined) {
    throw new Refusal(
      'unavailable',
      `${client.name} is a database of another program; JORBS_DATA_DIR must name a folder of its own for Jorbs`,
    );
  }
  return applied;
}
