import { expect, onTestFinished, test } from 'vitest';
import type { NoticeFact, RenderNotice } from '../../src/domain/notice.ts';
import { minuteMs } from '../../src/lib/duration.ts';
import { ask, sendTo, startPipeline } from '../support/pipeline-driver.ts';
import { openTestStore } from '../support/store.ts';

async function openNotices() {
  const harness = await openTestStore();
  onTestFinished(harness.close);
  const pipeline = await startPipeline(harness.store);
  const told: NoticeFact[] = [];
  const render: RenderNotice = (facts) => {
    told.push(...facts);
    return { name: 'notice', subject: 'news', text: 'news', html: 'news' };
  };
  const compose = () => harness.store.composeNotices(pipeline.fence, { render }, pipeline.now + minuteMs);
  const audit = (what: string, entry: { jorb: number | null; subject: string; after?: unknown }) =>
    harness.sql(
      `insert into audit (at, actor, what, jorb_id, subject, after, hash) values (?, 'runtime', ?, ?, ?, ?, '')`,
      ...[pipeline.now, what, entry.jorb, entry.subject, JSON.stringify(entry.after ?? null)],
    );
  return { ...harness, pipeline, told, compose, audit };
}

test('what a notice is about must belong to its jorb, and what cannot be read does not come back', async () => {
  const { pipeline, told, compose, audit, sql } = await openNotices();
  await pipeline.createJorb();
  const mine = await pipeline.deliver('289 a night');
  await pipeline.takeTurn([sendTo('magic', 'I take it', { label: 'purchase' })], ask);
  await pipeline.createJorb();
  sql("update notice set status = 'dropped'");
  const batch = mine.batchId;
  audit('approval.asked', { jorb: 2, subject: 'approval_1' });
  audit('approval.reminded', { jorb: 2, subject: 'approval_x' });
  audit('action.refused', { jorb: 2, subject: 'action_1', after: { rule: 'budget' } });
  audit('message.late', { jorb: 2, subject: batch });
  audit('handoff.failed', { jorb: 2, subject: 'handoff_9' });
  audit('jorb.status', { jorb: 2, subject: 'jorb_2', after: { status: 'paused', pauseCause: 'whim' } });
  audit('jorb.failed', { jorb: null, subject: 'jorb_9' });
  expect(sql("select count(*) count from notice where status = 'open'")).toEqual([{ count: 7 }]);
  expect(await compose()).toEqual({ mailed: 0, dropped: 7 });
  expect(told).toEqual([]);
  expect(await compose()).toBeUndefined();
});

test('a handoff that could not be had is told, unless a later one could', async () => {
  const { pipeline, told, compose, audit, sql } = await openNotices();
  for (let id = 1; id <= 2; id++) {
    await pipeline.createJorb();
    sql(`insert into reset (id, reason, seq, started_at) values (?, 'long_context', 1, 1)`, id);
    sql(
      `insert into handoff (id, reset_id, jorb_id, status, available_at, error, ended_at) values (?, ?, ?, 'failed', 1, 'no next step', 1)`,
      ...[id, id, id],
    );
    audit('handoff.failed', { jorb: id, subject: `handoff_${id}` });
  }
  sql(`insert into reset (id, reason, seq, started_at) values (3, 'long_context', 1, 1)`);
  sql(
    `insert into handoff (id, reset_id, jorb_id, status, available_at, by, body, ended_at) values (3, 3, 1, 'accepted', 1, 'model', '{}', 1)`,
  );
  expect(await compose()).toEqual({ mailed: 1, dropped: 1 });
  expect(told).toMatchObject([{ kind: 'handoff', jorb: { id: 'jorb_2' }, error: 'no next step' }]);
});

test('a mail answers as many notices as it may, and the rest goes with the next', async () => {
  const { pipeline, told, compose, audit } = await openNotices();
  await pipeline.createJorb();
  for (let index = 0; index < 700; index++) audit('jorb.failed', { jorb: 1, subject: 'jorb_1' });
  expect(await compose()).toEqual({ mailed: 500, dropped: 0 });
  expect(await compose()).toEqual({ mailed: 200, dropped: 0 });
  expect(new Set(told.map(({ seq }) => seq)).size).toBe(700);
});

test('a flood of what needs nobody keeps no question waiting', async () => {
  const { pipeline, told, compose, audit } = await openNotices();
  await pipeline.createJorb();
  for (let index = 0; index < 700; index++) audit('jorb.failed', { jorb: 1, subject: 'jorb_1' });
  await pipeline.takeTurn([sendTo('magic', 'I take it', { label: 'purchase' })], ask);
  expect(await compose()).toEqual({ mailed: 500, dropped: 0 });
  expect(told[0]).toMatchObject({ kind: 'approval' });
});
