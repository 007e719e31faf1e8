import type Database from 'better-sqlite3';
import { openDatabase } from '../../src/db/open.ts';
import { buildStore } from '../../src/db/store.ts';
import type { Store } from '../../src/domain/store.ts';
import { migrationsDir } from './store.ts';

/**
 * The real store, but SQLite compiles a statement when it is first run. For tests that open the same
 * file thousands of times and run a few statements each time: a third of their time.
 */
export async function openQuickStore(dataDir: string): Promise<Store> {
  const db = await openDatabase({ dataDir, migrationsDir });
  const compile = db.$client.prepare.bind(db.$client);
  const prepare = (source: string) => buildLazyStatement(() => compile(source));
  db.$client.prepare = prepare as typeof compile;
  return buildStore(db);
}

function buildLazyStatement(compile: () => Database.Statement): Database.Statement {
  let compiled: Database.Statement | undefined;
  return new Proxy({} as Database.Statement, {
    get(_, property) {
      compiled ??= compile();
      const value: unknown = Reflect.get(compiled, property);
      return typeof value === 'function' ? value.bind(compiled) : value;
    },
  });
}
