import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, parseConfig } from '../src/config.ts';
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

/** The configuration of a program with this data folder. `debounce` is in seconds. */
export function readBenchConfig(dataDir: string, debounce: string): Config {
  const facts = {
    packageRoot,
    version: '0.0.0',
    home: dataDir,
    platform: process.platform,
    isCheckout: false,
  };
  const config = parseConfig(['--data-dir', dataDir], { DEBOUNCE_LOOPBACK_SECONDS: debounce }, facts);
  if (!config.ok) throw config.error;
  return config.value;
}
