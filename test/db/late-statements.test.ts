import { eq, exists } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';
import { given, slot } from '../../src/db/clauses.ts';
import { prepareLate } from '../../src/db/late-statements.ts';
import { openDatabase } from '../../src/db/open.ts';
import { buildStore } from '../../src/db/store.ts';
import { profileField } from '../../src/db/tables/owner.ts';
import { makeTestFolder } from '../support/folder.ts';
import { migrationsDir } from '../support/migrated.ts';

/** The database, and the first word of each statement that SQLite compiled for it. */
async function openWatched() {
  const db = await openDatabase({ dataDir: makeTestFolder(), migrationsDir });
  onTestFinished(() => void db.$client.close());
  const compiled: string[] = [];
  const prepare = db.$client.prepare.bind(db.$client);
  const watch = (query: string) => {
    compiled.push(query.split(' ')[0] ?? '');
    return prepare(query);
  };
  db.$client.prepare = watch as typeof prepare;
  return { db: prepareLate(db), eager: db, compiled };
}

test('a statement is compiled when it is first run, and then never again', async () => {
  const { db, compiled } = await openWatched();
  const isField = eq(profileField.field, slot('field'));
  const set = db
    .insert(profileField)
    .values({ field: slot('field'), value: slot('value'), updatedAt: 1 })
    .onConflictDoUpdate({ target: profileField.field, set: { value: given('value') } })
    .returning({ value: profileField.value })
    .prepare();
  const touch = db
    .update(profileField)
    .set({ updatedAt: given('now') })
    .where(isField)
    .prepare();
  const remove = db
    .delete(profileField)
    .where(exists(db.select({ field: profileField.field }).from(profileField).where(isField)))
    .prepare();
  const list = db.select().from(profileField).prepare();
  expect(compiled).toEqual([]);

  expect(set.get({ field: 'name', value: 'Ada' })).toEqual({ value: 'Ada' });
  expect(set.get({ field: 'name', value: 'Eve' })).toEqual({ value: 'Eve' });
  expect(compiled).toEqual(['insert']);

  touch.run({ field: 'name', now: 7 });
  expect(list.all()).toEqual([{ field: 'name', value: 'Eve', updatedAt: 7 }]);
  expect(list.values()).toEqual([['name', 'Eve', 7]]);
  remove.run({ field: 'nobody' });
  expect(list.all()).toHaveLength(1);
  remove.run({ field: 'name' });
  expect(list.all()).toEqual([]);
  expect(compiled).toEqual(['insert', 'update', 'select', 'delete']);
});

test('a runtime that finds nothing to do compiles a few of the statements that it knows', async () => {
  const [late, eager] = [await openWatched(), await openWatched()];
  for (const db of [late.db, eager.eager]) {
    const store = buildStore(db);
    const fence = await store.raiseEpoch('test', 0);
    await store.claimTurn(fence, 1, 0);
    await store.claimHandoff(fence, 1, 0);
  }
  expect(late.compiled.length).toBeLessThan(eager.compiled.length / 5);
});
