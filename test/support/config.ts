import { join } from 'node:path';
import type { Config } from '../../src/config.ts';
import { defaultThresholds } from '../../src/domain/thresholds.ts';
import { ok } from '../../src/lib/result.ts';

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
    thinking: { provider: 'rules' },
    chooseThinking: () => ok({ provider: 'rules' }),
    thresholds: defaultThresholds,
    debounce: { loopback: 20, web: 0 },
    smtp: null,
    digestCron: null,
    sendsEmptyDigests: false,
    contextReset: { days: 3, tokens: 12_000 },
    progressLog: join(dataDir, 'jorbs_progress.txt'),
    logLevel: 'silent',
    command: '',
    args: [],
    ...change,
  };
}
