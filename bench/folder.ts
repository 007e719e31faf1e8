import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../src/db/open.ts';
import type { Store } from '../src/domain/store.ts';

export const packageRoot = join(import.meta.dirname, '..');

/** Runs `work` in a folder of its own and removes it. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'jorbs-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function openBenchStore(dataDir: string): Promise<Store> {
  return openStore({ dataDir, migrationsDir: join(packageRoot, 'drizzle') });
}
