import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openStore } from '../../src/db/open.ts';
import { type Contract, defaultContract } from '../../src/domain/contract.ts';
import type { NewJorb } from '../../src/domain/new-jorb.ts';
import type { Steering } from '../../src/domain/steering.ts';
import type { Store } from '../../src/domain/store.ts';
import type { Widening } from '../../src/domain/widening.ts';
import { makeDataDir, migrationsDir } from './migrated.ts';

export type TestStore = {
  /** The store that is open now. */
  readonly store: Store;
  dataDir: string;
  /** Runs one statement on a connection of its own: what is in the file, not what the store says. */
  sql(query: string, ...params: unknown[]): unknown[];
  /** Another store on the same folder, as after a crash; the earlier one is closed. */
  reopen(): Promise<Store>;
  close(): Promise<void>;
};

export async function openTestStore(): Promise<TestStore> {
  const dataDir = await makeDataDir();
  let store = await openStore({ dataDir, migrationsDir });
  const own = new Database(join(dataDir, 'jorbs.db'), { timeout: 5000 });
  return {
    get store() {
      return store;
    },
    dataDir,
    sql(query, ...params) {
      const statement = own.prepare(query);
      if (statement.reader) return statement.all(...params);
      statement.run(...params);
      return [];
    },
    async reopen() {
      await store.close();
      store = await openStore({ dataDir, migrationsDir });
      return store;
    },
    async close() {
      await store.close();
      own.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A valid errand to two contacts on loopback, `magic` and `hotel`, that starts at once. */
export function buildNewJorb(overrides: Partial<NewJorb> = {}): NewJorb {
  const counterparties: NewJorb['counterparties'] = [
    { channel: 'loopback', address: 'magic', name: 'Magic', ask: null },
    { channel: 'loopback', address: 'hotel', name: 'Grand Hotel', ask: 'Is a room free?' },
  ];
  return {
    name: 'Find a hotel',
    plan: 'Ask for a room from March 17 to 21, at most $350 a night.',
    phases: ['Ask', 'Book'],
    counterparties,
    contract: {
      ...defaultContract({ minor: 10_000, currency: 'USD' }),
      counterparties: counterparties.map(({ channel, address }) => ({ channel, address })),
      quietHours: null,
      deadlineAt: null,
    },
    widening: null,
    start: true,
    notifyOn: null,
    idempotencyKey: null,
    requestHash: 'request',
    ...overrides,
  };
}

/** A change of nothing, made for the first version of the contract. */
export function buildSteering(overrides: Partial<Steering> = {}): Steering {
  return {
    guidance: null,
    plan: null,
    phases: null,
    counterparties: null,
    contract: null,
    widening: null,
    notifyOn: null,
    contractVersion: 1,
    ...overrides,
  };
}

/** More money than may be set without a human. */
export function buildWidening(contract: Contract = buildNewJorb().contract): Widening {
  return {
    contract: { ...contract, money: { ...contract.money, withoutApproval: 90_000 } },
    findings: [{ rule: 'widening', consequence: 'purchase', because: 'more money' }],
  };
}
