import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildGroupedWrite, connect, type Db } from '../../src/db/connection.ts';
import { makeTestFolder } from '../support/folder.ts';

function open() {
  const file = join(makeTestFolder(), 'grouped.db');
  const db = connect(file);
  db.$client.exec('CREATE TABLE word (word TEXT PRIMARY KEY) STRICT');
  const insert = db.$client.prepare('INSERT INTO word VALUES (?)');
  return { db, file, insert, grouped: buildGroupedWrite(db) };
}

function listWords(db: Db): unknown[] {
  return db.$client.prepare('SELECT word FROM word ORDER BY word').pluck().all();
}

test('works that arrive together share one transaction', async () => {
  const { db, file, insert, grouped } = open();
  const watcher = connect(file);
  const readVersion = () => watcher.$client.pragma('data_version', { simple: true });
  const before = Number(readVersion());
  const numbers = await Promise.all(['a', 'b', 'c'].map((word) => grouped(() => insert.run(word).changes)));
  expect(numbers).toEqual([1, 1, 1]);
  expect(listWords(db)).toEqual(['a', 'b', 'c']);
  expect(Number(readVersion())).toBe(before + 1);
});

test('one that throws is taken back alone', async () => {
  const { db, insert, grouped } = open();
  const spoiled = grouped(() => {
    insert.run('spoiled');
    throw new Error('never mind');
  });
  const good = grouped(() => insert.run('good').changes);
  await expect(spoiled).rejects.toThrow('never mind');
  await expect(good).resolves.toBe(1);
  expect(listWords(db)).toEqual(['good']);
});

test('an error of the database fails all that share the transaction, and nothing stays', async () => {
  const { db, insert, grouped } = open();
  insert.run('taken');
  const works = ['new', 'taken'].map((word) => grouped(() => insert.run(word)));
  const outcomes = await Promise.allSettled(works);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(listWords(db)).toEqual(['taken']);
});
