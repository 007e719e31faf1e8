import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/db/open.ts';
import { buildStore } from '../../src/db/store.ts';
import { migrationsDir } from '../support/store.ts';

/** Every reading and changing statement that the store prepares, with the steps SQLite would take. */
async function explainAll(): Promise<{ query: string; steps: string[] }[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'jorbs-plans-'));
  const db = await openDatabase({ dataDir, migrationsDir });
  onTestFinished(() => {
    db.$client.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const queries = new Set<string>();
  const prepare = db.$client.prepare.bind(db.$client);
  const remember = (query: string) => {
    queries.add(query);
    return prepare(query);
  };
  db.$client.prepare = remember as typeof db.$client.prepare;
  buildStore(db);
  return [...queries]
    .filter((query) => /^(select|update|delete)/.test(query))
    .map((query) => {
      const plain = query.replaceAll(/@\w+/g, '?');
      const values = Array.from(plain.matchAll(/\?/g), () => 1);
      const rows = prepare<unknown[], { detail: string }>(`explain query plan ${plain}`).all(values);
      return { query, steps: rows.map(({ detail }) => detail) };
    });
}

/**
 * A whole table is read where it has a handful of rows whatever the owner does; where the index holds only
 * what is open now; where one number is taken from a narrow index; and from its end.
 */
const allowedScans = [
  /^SCAN (owner|runtime|profile_field|audit_count|CONSTANT ROW|\(subquery-\d+\))/,
  /^SCAN \w+ USING (COVERING )?INDEX (approval_\w+|batch_\w+|event_unmatched|jorb_stale|outbox_(due|sending|problem))$/,
  /^SCAN (jorb USING COVERING INDEX jorb_by_status|ledger USING COVERING INDEX ledger_by_status)$/,
];
const lastEntry = /from "audit" order by "audit"\."seq" desc limit \?$/;

test('no statement reads a table that grows from end to end', async () => {
  const statements = await explainAll();
  expect(statements.length).toBeGreaterThan(100);
  const scans = statements
    .filter(({ query }) => !lastEntry.test(query))
    .flatMap(({ query, steps }) =>
      steps
        .filter((step) => step.startsWith('SCAN') && !allowedScans.some((allowed) => allowed.test(step)))
        .map((step) => ({ step, query })),
    );
  expect(scans).toEqual([]);
});

test('what is due is found by its time, not among all that runs', async () => {
  const statements = await explainAll();
  const slow = statements.filter(
    ({ query, steps }) =>
      /"(due_at|wake_at|deadline_at)" (<=|is not null)/.test(query) &&
      steps.some((step) => step.includes('jorb_by_status') || step.includes('TEMP B-TREE')),
  );
  expect(slow).toEqual([]);
});
