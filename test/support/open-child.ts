/**
 * A process of its own that opens a data folder, makes one jorb in it, and prints what came of it:
 * `node open-child.ts DATA_DIR [--as-nobody]`.
 */
import { openStore } from '../../src/db/open.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { migrationsDir } from './migrated.ts';
import { buildNewJorb } from './store.ts';

const [dataDir = '', flag] = process.argv.slice(2);
// The superuser may write anywhere: give that up where the test is about what is not allowed.
if (flag === '--as-nobody' && process.getuid?.() === 0) process.setuid?.(65534);

function tell(outcome: object): void {
  process.stdout.write(JSON.stringify(outcome));
}

try {
  const store = await openStore({ dataDir, migrationsDir });
  const { jorb } = await store.createJorb(buildNewJorb(), Date.now());
  await store.close();
  tell({ jorb: jorb.id });
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  tell({ code: error.code, message: error.message });
}
