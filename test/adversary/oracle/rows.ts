import type { World } from '../../support/world.ts';

/** What only the owner may change: by table, each row as JSON. */
const owned: Record<string, string> = {
  contract: 'select jorb_id, version, body, "by" from contract order by 1, 2',
  counterparty: 'select jorb_id, address_id, name, ask, position from counterparty order by 1, 2',
  profile_field: 'select field, value from profile_field order by 1',
  owner: 'select id, stopped_at, stop_reason, quote_secret from owner',
  jorb: 'select id, name, plan, contract_version, idempotency_key, created_at from jorb order by id',
};

/** What only grows. */
const grown = [
  'audit',
  'contract',
  'event',
  'decision',
  'step',
  'action',
  'approval',
  'outbox',
  'ledger',
  'fact',
];

export type OwnerRows = { compare(world: World): string[] };

/** The rows as they are now, to be compared with those of later. */
export function readOwnerRows(world: World): OwnerRows {
  const before = read(world);
  return {
    compare(later) {
      const now = read(later);
      return Object.keys(owned)
        .filter((table) => now[table] !== before[table])
        .map((table) => `${table} was ${before[table]} and is ${now[table]}, and the owner did nothing`);
    },
  };
}

export function countRows({ sql }: World): Record<string, number> {
  return Object.fromEntries(
    grown.map((table) => [table, Number(sql(`select count(*) count from ${table}`)[0]?.count)]),
  );
}

function read({ sql }: World): Record<string, string> {
  return Object.fromEntries(
    Object.entries(owned).map(([table, query]) => [table, JSON.stringify(sql(query))]),
  );
}
