import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/db/open.ts';
import { buildStore } from '../../src/db/store.ts';
import { noUsage } from '../../src/domain/brain.ts';
import { jorbStatuses } from '../../src/domain/jorb.ts';
import type { Store } from '../../src/domain/store.ts';
import { dayMs } from '../../src/lib/duration.ts';
import { emptyDraft } from '../support/handoff-scene.ts';
import { migrationsDir } from '../support/migrated.ts';
import { ask, type Pipeline, sendTo, startPipeline } from '../support/pipeline-driver.ts';
import { buildSteering, buildWidening } from '../support/store.ts';
import { findTestRoot } from '../support/test-root.ts';

/** Every reading and changing statement that a whole errand takes, with the steps SQLite would take. */
async function explainAll(): Promise<{ query: string; steps: string[] }[]> {
  const dataDir = mkdtempSync(join(findTestRoot(), 'jorbs-plans-'));
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

const noWaits = { retryMs: 0, leaseMs: 0, routeMs: 0, silenceMs: 0, deliveryMs: 0, mailMs: 0 };

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
  await watched.setProfileField('passport', 'XK4471209', now);
  await pipeline.takeTurn([
    sendTo('magic', 'one'),
    sendTo('web:api.example.com', 'GET /rooms'),
    { kind: 'advance_phase' },
  ]);
  await pipeline.send();
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
  await runOutage(watched, pipeline);
  await runMemory(watched, pipeline);
  await watched.moveJorb(id, 'pause', null, now);
  await watched.getJorb(id);
  await watched.getAction('action_1');
  await watched.listJorbs({ statuses: jorbStatuses, limit: 5, offset: 0 });
  await watched.readTranscript(id, { order: 'newest', limit: 5, offset: 0 });
  await runRouting(watched, pipeline);
  const filter = { jorbId: id, status: 'queued', since: null, limit: 5, offset: 0 } as const;
  await watched.listDecisions(filter);
  await watched.listDecisions({ ...filter, jorbId: null, status: null });
  await watched.listActivity(null, 0, 5);
  await watched.listInbox({ limit: 5, offset: 0 });
  await watched.listUncertainDeliveries(fence);
  await watched.takeBrief(false, now);
  await watched.lookBack(now, now);
  await watched.readStatus(now);
  await watched.setProfileField('name', 'Ada', now);
  await watched.listProfile();
  await watched.getNextDueAt(fence, { staleMs: 1000 }, now);
  await watched.expireApprovals(fence, now);
  await watched.remindApprovals(fence, now);
  await watched.askExtensions(fence, now);
  await watched.wakeJorbs(fence, now);
  await watched.pauseStaleJorbs(fence, 1000, now);
  await watched.bringBackTimes(fence, noWaits, now);
  await runSchedules(watched, pipeline);
  await watched.claimProgressEntry(fence, now);
  await watched.finishProgressEntry(fence, 'progress_1', now);
  await watched.postponeProgressEntry(fence, 'progress_1', 'it is a folder', now);
  await watched.readProgress();
  const render = () => ({ name: 'notice', subject: 'news', text: 'news', html: 'news' });
  const digest = { date: '2026-11-20', render, sendsEmpty: true };
  await watched.composeDigest(fence, digest, now);
  await watched.composeDigest(fence, digest, now);
  await watched.readDigest(null);
  await watched.readDigest(digest.date);
  await watched.listDigests(5);
  await watched.composeNotices(fence, { render }, now + 120_000);
  const mail = await watched.claimMail(fence, now);
  if (!mail) throw new Error('nothing is to be mailed');
  await watched.settleMail(fence, mail.id, { kind: 'sent', receipt: '250' }, now, now);
  await watched.listUncertainMails(fence);
  await watched.readMailStatus();
  await watched.stopEverything(null, now);
  await watched.resumeEverything(now);
  await runHandoffs(watched, pipeline);
  watched.readDataVersion();
  const uncalled = Object.keys(store).filter((name) => !called.has(name));
  expect(uncalled).toEqual(['backup', 'close']);
}

/** A schedule that was changed, one run that is done and one that fails for good. */
async function runSchedules(watched: Store, { fence, now }: Pipeline): Promise<void> {
  const calendar = { findNext: () => now, findLast: () => now, formatSlot: (at: number) => `${at}` };
  const definition = { name: 'digest', cron: '0 8 * * *', timeZone: 'UTC' } as const;
  await watched.keepSchedules(fence, [definition, { ...definition, name: 'handoff' }], calendar, now);
  await watched.keepSchedules(fence, [{ ...definition, cron: '0 9 * * *' }], calendar, now);
  await watched.claimRun(fence, calendar, now);
  await watched.finishRun(fence, 'run_1', 'done', now);
  for (const retryAt of [now, null]) {
    const run = await watched.claimRun(fence, calendar, now);
    if (!run) throw new Error('nothing is due');
    await watched.failRun(fence, run.id, 'busy', retryAt, now);
  }
  await watched.listSchedules();
}

/** Contexts are handed over: one is not right at first, one fails, and the errand of one has ended. */
async function runHandoffs(watched: Store, pipeline: Pipeline): Promise<void> {
  const { fence } = pipeline;
  const now = pipeline.now + 2 * dayMs;
  const claim = async () => {
    const claimed = await watched.claimHandoff(fence, 1000, now);
    if (!claimed) throw new Error('no handoff is due');
    return claimed.id;
  };
  const long = await pipeline.createJorb();
  await pipeline.deliver('I am here.');
  const turn = await pipeline.openTurn();
  await turn.finish();
  await pipeline.createJorb();
  await watched.beginLongReset(fence, 1, now);
  await watched.beginReset(fence, { run: 'run_1', days: 1, timeZone: 'UTC' }, now);
  const id = await claim();
  await watched.postponeHandoff(fence, id, now);
  const learnings = ['See event_1, fact_1, outbox_1, promise_1, approval_1 and action_1.'];
  const draft = { ...emptyDraft, learnings };
  await watched.acceptHandoff(fence, await claim(), { draft, by: 'rules', repair: true }, now);
  await watched.failHandoff(fence, await claim(), 'no answer', null, now);
  await watched.steerJorb(long, buildSteering({ guidance: 'Go on.' }), now);
  await watched.claimTurn(fence, 1000, now);
}

/** The agent uses its memory and comes to no conclusion. */
async function runMemory(watched: Store, pipeline: Pipeline): Promise<void> {
  const { fence, now } = pipeline;
  const turn = await pipeline.openTurn();
  const made = { kind: 'made', by: 'us', with: 'magic', text: 'to call', sourceEventId: null } as const;
  await turn.apply({ kind: 'record_promise', promise: { ...made, dueAt: now + 90_000 } });
  await turn.apply({ kind: 'record_promise', promise: { kind: 'closed', id: 'promise_1', status: 'kept' } });
  await turn.apply({ kind: 'update_plan', phases: [{ title: 'Ask again', status: 'active' }] });
  await turn.apply({ kind: 'retrieve_data', from: 'facts', words: 'price' });
  await turn.apply({ kind: 'retrieve_data', from: 'messages', words: 'room' });
  await watched.isJorbAwaiting(turn.claimed.id);
  await watched.finishStuckTurn(fence, turn.claimed.id, 'I am lost.', now);
}

/** A model is asked where a message belongs, at the second try. */
async function runRouting(watched: Store, pipeline: Pipeline): Promise<void> {
  const { fence, now } = pipeline;
  await pipeline.receive('Hello', { from: 'nobody' });
  await pipeline.release();
  const ask = () => ({ kind: 'ask', leasedUntil: now }) as const;
  const asked = await watched.routeBatch(fence, ask, now);
  if (!asked) throw new Error('nothing is to be routed');
  await watched.postponeRouting(fence, asked.batchId, now);
  await watched.routeBatch(fence, ask, now);
  const choice = { jorbId: 'jorb_1', confidence: 0.7, reason: 'perhaps' } as const;
  const conclude = () => ({ kind: 'unmatched', reason: 'perhaps', suggestion: choice }) as const;
  const settlement = { choice, conclude, by: 'model', usage: noUsage, call: null };
  await watched.settleRouting(fence, asked.batchId, settlement, now);
}

/** The model is asked, goes down, is taken the place of, and comes back. */
async function runOutage(watched: Store, { fence, now }: Pipeline): Promise<void> {
  const limits = { dayMicros: 1, jorbMicros: 1 };
  const asked = {
    purpose: 'turn',
    jorbId: 'jorb_1',
    turnId: null,
    model: 'm',
    worstMicros: 1,
    limits,
  } as const;
  const call = await watched.reserveModelCall(fence, asked, now);
  if (call.kind === 'refused') throw new Error('there is room for one');
  await watched.settleModelCall(fence, call.id, { usage: undefined, costMicros: 0, error: null }, now);
  await watched.reserveModelCall(fence, asked, now);
  await watched.readModelSpend({ jorbId: 'jorb_1' }, now);
  await watched.readModelSpend({ jorbId: null }, now);
  const failure = { error: 'it is busy', retryAfterMs: null, random: 0, isProbe: true };
  const { retryAt } = await watched.noteOutage(fence, failure, now);
  await watched.readOutage();
  await watched.noteFallback(fence, now);
  await watched.claimTurn(fence, 1000, now);
  const probe = await watched.claimTurn(fence, 1000, retryAt);
  if (!probe) throw new Error('nothing is due');
  await watched.putBackTurn(fence, probe.id, 'it is busy', retryAt);
  await watched.endOutage(fence, retryAt);
  const turn = await watched.claimTurn(fence, 1000, retryAt);
  if (!turn) throw new Error('nothing is due');
  await watched.pauseTurn(fence, turn.id, { cause: 'limit', reason: 'too dear' }, now);
  await watched.moveJorb('jorb_1', 'resume', null, now);
}

/**
 * A whole table is read where it has a handful of rows whatever the owner does; where the index holds only
 * what is open now; where one number is taken from a narrow index; from its end; and
 * where it is a list that was given.
 */
const allowedScans = [
  /^SCAN (owner|runtime|schedule|profile_field|audit_count|CONSTANT ROW|\(subquery-\d+\))/,
  /^SCAN \w+ USING (COVERING )?INDEX (approval_\w+|batch_\w+|event_unmatched|notice_open|jorb_stale|turn_running|(outbox|mail)_(due|sending|problem)|run_due|progress_entry_due|handoff_(due|writing))$/,
  /^SCAN \w+ VIRTUAL TABLE INDEX/,
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
      /"(due_at|wake_at|deadline_at)" (<=|= \?|is not null)/.test(query) &&
      steps.some((step) => step.includes('jorb_by_status') || step.includes('TEMP B-TREE')),
  );
  expect(slow).toEqual([]);
});
