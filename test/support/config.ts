import { join } from 'node:path';
import type { Config } from '../../src/config.ts';

export const packageRoot = join(import.meta.dirname, '..', '..');

/** The program over one folder, with waits that suit a test. */
export function buildTestConfig(dataDir: string, change: Partial<Config> = {}): Config {
  return {
    dataDir,
    packageRoot,
    version: '0.0.0-test',
    confirm: 'human',
    timeZone: 'UTC',
    spendLimit: { minor: 10_000, currency: 'USD' },
    debounce: { loopback: 20 },
    logLevel: 'silent',
    command: '',
    args: [],
    ...change,
  };
}
