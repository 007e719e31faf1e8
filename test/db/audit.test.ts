import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { verifyAudit } from '../../src/db/audit.ts';
import { connect } from '../../src/db/connection.ts';
import { testEpoch } from '../support/clock.ts';
import { startPipeline } from '../support/pipeline-driver.ts';
import { buildNewJorb, buildSteering, buildWidening, openTestStore } from '../support/store.ts';

const now = testEpoch;

async function openWithHistory() {
  const harness = await openTestStore();
  onTestFinished(harness.close);
  const { store, dataDir, sql } = harness;
  const pipeline = await startPipeline(store);
  const { jorb } = await store.createJorb(buildNewJorb(), now);
  await store.steerJorb(jorb.id, buildSteering({ guidance: 'Be brief.', widening: buildWidening() }), now);
  await pipeline.deliver('Hello', { id: 'message-1' });
  await store.setProfileField('home_address', 'Main Street 1', now);
  await store.stopEverything('enough', now);
  const db = connect(join(dataDir, 'jorbs.db'));
  onTestFinished(() => {
    db.$client.close();
  });
  return { db, sql, store };
}

test('every entry follows from the one before it', async () => {
  const { db, sql } = await openWithHistory();
  expect(verifyAudit(db)).toBeUndefined();
  expect(sql('select what, actor, jorb_id as jorb from audit order by seq')).toEqual([
    { what: 'runtime.began', actor: 'runtime', jorb: null },
    { what: 'jorb.created', actor: 'owner', jorb: 1 },
    { what: 'contract.versioned', actor: 'owner', jorb: 1 },
    { what: 'jorb.status', actor: 'owner', jorb: 1 },
    { what: 'jorb.steered', actor: 'owner', jorb: 1 },
    { what: 'approval.asked', actor: 'owner', jorb: 1 },
    { what: 'message.received', actor: 'runtime', jorb: null },
    { what: 'message.routed', actor: 'runtime', jorb: 1 },
    { what: 'profile.changed', actor: 'owner', jorb: null },
    { what: 'owner.stopped', actor: 'owner', jorb: null },
  ]);
});

test('an entry that was changed, or taken out, shows', async () => {
  const { db, sql } = await openWithHistory();
  sql('drop trigger audit_keeps');
  sql('drop trigger audit_stays');
  sql(`update audit set "after" = '{"name":"Another"}' where seq = 2`);
  expect(verifyAudit(db)).toBe(2);
  sql('delete from audit where seq = 2');
  expect(verifyAudit(db)).toBe(3);
});

test('what changed is there with what it was before', async () => {
  const { store, sql } = await openWithHistory();
  const contract = { ...buildNewJorb().contract, deadlineAt: now + 1 };
  await store.steerJorb('jorb_1', buildSteering({ contract, plan: 'Other.' }), now);
  const read = (what: string) => {
    const [row] = sql(
      `select "before", "after" from audit where what = ? order by seq desc limit 1`,
      what,
    ) as { before: string; after: string }[];
    return { before: JSON.parse(row?.before ?? ''), after: JSON.parse(row?.after ?? '') };
  };
  expect(read('contract.versioned')).toEqual({
    before: { version: 1, contract: buildNewJorb().contract },
    after: { version: 2, contract },
  });
  expect(read('jorb.steered')).toEqual({
    before: { plan: buildNewJorb().plan },
    after: { guidance: null, plan: 'Other.', phases: null },
  });
});

test('a private value is not in it', async () => {
  const { sql } = await openWithHistory();
  expect(sql(`select seq from audit where "after" like '%Main Street%'`)).toEqual([]);
});
