import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/db/open.ts';
import { buildStore } from '../../src/db/store.ts';
import { jorbStatuses } from '../../src/domain/jorb.ts';
import type { Store } from '../../src/domain/store.ts';
import { ask, sendTo, startPipeline } from '../support/pipeline-driver.ts';
import { buildSteering, buildWidening, migrationsDir } from '../support/store.ts';

/** Every reading and changing statement that a whole errand takes, with the steps SQLite would take. */
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
  await runErrand(buildStore(db));
  return [...queries]
    .filter((query) => /^(select|update|delete)/.test(query))
    .map((query) => {
      const plain = query.replaceAll(/@\w+/g, '?');
      const values = Array.from(plain.matchAll(/\?/g), () => 1);
      const rows = prepare<unknown[], { detail: string }>(`explain query plan ${plain}`).all(values);
      return { query, steps: rows.map(({ detail }) => detail) };
    });
}

/** Calls each operation of the store at least once. */
async function runErrand(store: Store): Promise<void> {
  const called = new Set<string>();
  const watched = new Proxy(store, {
    get(target, name: keyof Store & string) {
      called.add(name);
      return target[name];
    },
  });
  const pipeline = await startPipeline(watched);
  const { fence, now } = pipeline;
  const id = await pipeline.createJorb();
  const message = await pipeline.deliver('Hello', { from: 'stranger' });
  await watched.assignMessage(message.id, id, now);
  await pipeline.takeTurn([sendTo('magic', 'one'), { kind: 'advance_phase' }]);
  await pipeline.send();
  await pipeline.deliver('A room is free.');
  await pipeline.takeTurn([
    { kind: 'store_data', key: 'price', value: '$289', sourceEventId: null },
    { kind: 'schedule_wake', at: now + 1000, reason: 'look again' },
  ]);
  await watched.steerJorb(id, buildSteering({ guidance: 'Be brief.', widening: buildWidening() }), now);
  await pipeline.takeTurn([sendTo('magic', 'We take it.')], ask);
  const pending = await watched.listPendingApprovals({ jorbId: id, limit: 5 });
  const approval = pending.find(({ action }) => action.payload.kind === 'send_message');
  if (!approval) throw new Error('nothing was asked');
  const answer = { answer: { kind: 'decline', text: null }, confirmedBy: null, evaluate: ask } as const;
  await watched.answerApproval({ id: approval.id, hash: approval.hash, ...answer }, now);
  await watched.getApproval(approval.id);
  const turn = await pipeline.openTurn();
  await watched.isTurnWanted(turn.claimed.id);
  const outcome = { text: 'unknown tool', isError: true, endsTurn: false };
  await watched.saveOutcome(fence, turn.step(), 0, outcome, now);
  await turn.fail('no answer', now);
  await watched.moveJorb(id, 'pause', null, now);
  await watched.getJorb(id);
  await watched.getAction('action_1');
  await watched.listJorbs({ statuses: jorbStatuses, limit: 5, offset: 0 });
  await watched.readTranscript(id, { order: 'newest', limit: 5, offset: 0 });
  await watched.listDecisions(id, 5);
  await watched.listActivity(null, 0, 5);
  await watched.listInbox({ limit: 5, offset: 0 });
  await watched.listUncertainDeliveries(fence);
  await watched.takeBrief(false, now);
  await watched.readStatus(now);
  await watched.setProfileField('name', 'Ada', now);
  await watched.listProfile();
  await watched.getNextDueAt(fence, { staleMs: 1000 }, now);
  await watched.expireApprovals(fence, now);
  await watched.remindApprovals(fence, now);
  await watched.wakeJorbs(fence, now);
  await watched.pauseStaleJorbs(fence, 1000, now);
  await watched.stopEverything(null, now);
  await watched.resumeEverything(now);
  watched.readDataVersion();
  const uncalled = Object.keys(store).filter((name) => !called.has(name));
  expect(uncalled).toEqual(['backup', 'close']);
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
