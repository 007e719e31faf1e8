import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { testEpoch } from '../support/clock.ts';
import { migrationsDir } from '../support/migrated.ts';
import { startPipeline } from '../support/pipeline-driver.ts';
import { buildNewJorb, buildWidening, openTestStore, type TestStore } from '../support/store.ts';

const now = testEpoch;
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A file with a row in every table that a guard stands over. */
async function openWithRows(): Promise<TestStore> {
  const harness = await openTestStore();
  const { store } = harness;
  const pipeline = await startPipeline(store);
  await store.createJorb(buildNewJorb({ widening: buildWidening(), idempotencyKey: 'key' }), now);
  await store.moveJorb('jorb_1', 'start', null, now);
  await pipeline.deliver('Hello', { id: 'message-1' });
  await pipeline.deliver('Hello', { from: 'stranger', id: 'message-2' });
  const { jorb } = await store.createJorb(buildNewJorb(), now);
  await store.moveJorb(jorb.id, 'cancel', null, now);
  harness.sql(
    `insert into outbox (action_id, jorb_id, address_id, key, text, hash, status, queued_at, available_at, sent_at, receipt)
     values (1, 1, 1, 'key', 'text', 'hash', 'sent', 1, 1, 1, 'receipt')`,
  );
  return harness;
}

describe('the tables', () => {
  test('are all strict', async () => {
    const { sql, close } = await openTestStore();
    onTestFinished(close);
    const loose = sql(
      `select name from pragma_table_list where schema = 'main' and type = 'table' and strict = 0 and name not like 'sqlite_%'`,
    );
    expect(loose).toEqual([]);
  });

  test('are those that the migrations make', { timeout: 60_000 }, () => {
    const copy = mkdtempSync(join(tmpdir(), 'jorbs-migrations-'));
    onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
    cpSync(migrationsDir, copy, { recursive: true });
    const before = readdirSync(copy);
    const out = relative(root, copy);
    const flags = [
      '--dialect',
      'sqlite',
      '--schema',
      './src/db/tables/*.ts',
      '--out',
      out,
      '--name',
      'difference',
    ];
    const kit = join(root, 'node_modules/drizzle-kit/bin.cjs');
    execFileSync(process.execPath, [kit, 'generate', ...flags], { cwd: root, stdio: 'pipe' });
    expect(readdirSync(copy)).toEqual(before);
  });
});

describe('what the file does not let happen, whatever the program says', () => {
  // Every statement but one is refused whole, so that they can share a file.
  let harness: TestStore;
  beforeAll(async () => {
    harness = await openWithRows();
  });
  afterAll(() => harness.close());

  const kept: [string, string][] = [
    ["update audit set actor = 'agent'", 'the audit is append-only'],
    ['delete from audit', 'the audit is append-only'],
    [`update contract set body = '{}'`, 'a contract version is never changed'],
    ['delete from contract', 'a contract version is never removed'],
    [`update decision set reasoning = 'other'`, 'decisions are append-only'],
    ['delete from decision', 'decisions are append-only'],
    [`update event set text = 'other'`, 'a received message is never changed'],
    ['delete from event', 'a received message is never removed'],
    [`update action set payload = '{}'`, 'what an action stands for is never changed'],
    [`update action set hash = 'other'`, 'what an action stands for is never changed'],
    [`update approval set hash = 'other'`, 'what an approval is about is never changed'],
    [`update outbox set text = 'other'`, 'a queued message is never changed'],
    [`update outbox set status = 'queued'`, 'a delivery that has ended does not begin again'],
    [`update jorb set status = 'running' where status = 'cancelled'`, 'a finished jorb does not begin again'],
    ['update runtime set epoch = epoch', 'the epoch only rises'],
  ];

  test.each(kept)('%s', (statement, message) => {
    expect(() => harness.sql(statement)).toThrow(message);
  });

  test('an approval is answered once', async () => {
    const { sql, close } = await openWithRows();
    onTestFinished(close);
    sql(`update approval set status = 'declined', answered_at = 1`);
    expect(() => sql(`update approval set status = 'accepted', confirmed_by = 'host'`)).toThrow(
      'an approval is answered once',
    );
  });

  const illegal: [string, string][] = [
    [`update jorb set status = 'sleeping' where id = 1`, 'jorb_status'],
    [`update jorb set status = 'paused' where id = 1`, 'jorb_paused_has_cause'],
    [`update jorb set pause_cause = 'owner' where id = 1`, 'jorb_paused_has_cause'],
    [`update jorb set status = 'complete' where id = 1`, 'jorb_finished_has_time'],
    ['update jorb set wake_at = 1 where id = 1', 'jorb_wake_has_reason'],
    ['update jorb set due_at = 1, due_trigger = null where id = 1', 'jorb_due_has_trigger'],
    [`update jorb set name = ''`, 'jorb_name'],
    [`update jorb set idempotency_key = 'key'`, 'UNIQUE constraint failed: jorb.idempotency_key'],
    [
      `insert into contract (jorb_id, version, body, by, created_at) values (1, 9, '{}', 'agent', 1)`,
      'contract_by',
    ],
    [
      `insert into contract (jorb_id, version, body, by, created_at) values (1, 1, '{}', 'owner', 1)`,
      'UNIQUE constraint failed: contract',
    ],
    ['update counterparty set position = 0', 'UNIQUE constraint failed: counterparty'],
    [`update approval set status = 'accepted', answered_at = 1`, 'approval_yes_is_confirmed'],
    [`update approval set status = 'expired'`, 'approval_pending_is_unanswered'],
    [`update approval set confirmed_by = 'model'`, 'approval_confirmed_by'],
    [
      `insert into approval (action_id, jorb_id, hash, contract_version, status, asked_at, expires_at)
       values (1, 1, 'hash', 1, 'pending', 1, 1)`,
      'UNIQUE constraint failed: approval.action_id',
    ],
    [
      `insert into outbox (action_id, jorb_id, address_id, key, text, hash, status, queued_at, available_at)
       values (1, 1, 1, 'other', 'text', 'hash', 'queued', 1, 1)`,
      'UNIQUE constraint failed: outbox.action_id',
    ],
    [
      `insert into event (channel, account, external_id, conversation_id, batch_id, text, received_at, status)
       values ('loopback', 'main', 'message-1', 1, 1, '', 1, 'received')`,
      'UNIQUE constraint failed: event.channel, event.account, event.external_id',
    ],
    [`update event set jorb_id = null where status = 'routed'`, 'event_routed_has_jorb'],
    [`update event set jorb_id = 1 where status = 'unmatched'`, 'event_unmatched_has_none'],
    [`update batch set status = 'open' where id = 1`, 'batch_'],
    [
      `insert into ledger (action_id, jorb_id, minor, currency, approved, status, at) values (1, 1, -1, 'USD', 0, 'reserved', 1)`,
      'ledger_minor',
    ],
    [
      `insert into ledger (action_id, jorb_id, minor, currency, approved, status, at) values (1, 1, 1, 'USD', 0, 'settled', 1)`,
      'ledger_open_is_reserved',
    ],
    ['insert into owner (id) values (2)', 'owner_single'],
    [`insert into runtime (id, epoch, holder, since) values (2, 9, 'other', 1)`, 'runtime_single'],
    [
      `insert into fact (jorb_id, key, value, turn_id, at) values (99, 'key', 'value', 1, 1)`,
      'FOREIGN KEY constraint failed',
    ],
  ];

  test.each(illegal)('%s', (statement, message) => {
    expect(() => harness.sql(statement)).toThrow(message);
  });
});
