import { describe, expect, onTestFinished, test } from 'vitest';
import { approvalLifetimeMs } from '../../src/domain/approval.ts';
import { maxOpenMs } from '../../src/domain/extension.ts';
import { StaleEpoch } from '../../src/domain/fence.ts';
import type { EvaluateGate } from '../../src/domain/gate.ts';
import type { LongestWaits } from '../../src/domain/set-back.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { testEpoch } from '../support/clock.ts';
import { allow, ask, type Pipeline, sendTo, spend, startPipeline } from '../support/pipeline-driver.ts';
import { buildNewJorb, openTestStore, type TestStore } from '../support/store.ts';

const waits: LongestWaits = {
  ...{ retryMs: hourMs, leaseMs: 5 * minuteMs, routeMs: 30 * minuteMs },
  ...{ silenceMs: minuteMs, deliveryMs: 15 * minuteMs, mailMs: 2 * hourMs },
};
const now = testEpoch;
const yearMs = 365 * dayMs;

type Scene = { pipeline: Pipeline; harness: TestStore };

/** One moment in the life of everything that waits, by a clock that is ahead by so much. */
async function openAhead(byMs: number): Promise<Scene> {
  const harness = await openTestStore();
  onTestFinished(harness.close);
  const pipeline = await startPipeline(harness.store);
  pipeline.now = now + byMs;
  await sendAndSpend(pipeline);
  await askOwner(pipeline);
  await waitForTurns(pipeline);
  await writeMail(pipeline);
  await receiveMessages(pipeline);
  await breakModel(pipeline);
  return { pipeline, harness };
}

/** jorb_1: one message has left, and one is to be tried again. */
async function sendAndSpend(pipeline: Pipeline): Promise<void> {
  await pipeline.createJorb();
  await pipeline.takeTurn([sendTo('magic', 'one')], spend(500));
  await pipeline.send();
  await pipeline.deliver('Go on.');
  await pipeline.takeTurn([sendTo('magic', 'two')]);
  await pipeline.send({ kind: 'retry', error: 'busy' });
}

/** jorb_2 waits for its owner, and for the end of quiet hours. */
async function askOwner(pipeline: Pipeline): Promise<void> {
  const quietHours = { from: '08:00', to: '12:00', timeZone: 'UTC' };
  await pipeline.createJorb({ contract: { ...buildNewJorb().contract, quietHours } });
  const hold: EvaluateGate = (request, facts) => ({
    ...(allow(request, facts) as Extract<ReturnType<EvaluateGate>, { kind: 'allow' }>),
    availableAt: facts.now + 3 * hourMs,
  });
  const turn = await pipeline.openTurn();
  await turn.apply(sendTo('hotel', 'three'), hold);
  await turn.apply(sendTo('magic', 'four'), ask);
  await turn.finish();
}

/** jorb_3 runs a turn, jorb_4 is to be given another. */
async function waitForTurns(pipeline: Pipeline): Promise<void> {
  await pipeline.createJorb();
  await pipeline.claim();
  await pipeline.createJorb();
  const turn = await pipeline.openTurn();
  await turn.fail('no answer', pipeline.now + 30 * minuteMs);
}

async function writeMail({ store, fence, now: at }: Pipeline): Promise<void> {
  const render = () => ({ name: 'digest', subject: 'news', text: 'news', html: 'news' });
  await store.composeDigest(fence, { date: '2026-11-20', render, sendsEmpty: true }, at);
  const queued = await store.claimMail(fence, at);
  if (!queued) throw new Error('there is no mail');
  await store.settleMail(fence, queued.id, { kind: 'retry', error: 'busy' }, at + minuteMs, at);
}

/** One is still gathering; a model is asked about another. */
async function receiveMessages(pipeline: Pipeline): Promise<void> {
  const { store, fence, now: at } = pipeline;
  await pipeline.receive('Whose is this?', { from: 'nobody' });
  await pipeline.release();
  await store.routeBatch(fence, () => ({ kind: 'ask', leasedUntil: at + 5 * minuteMs }), at);
  await pipeline.receive('Wait for more.', { from: 'somebody', silenceMs: minuteMs });
}

/** jorb_5 waits for a model. */
async function breakModel(pipeline: Pipeline): Promise<void> {
  const { store, fence, now: at } = pipeline;
  await pipeline.createJorb();
  const failure = { error: 'busy', retryAfterMs: 20 * minuteMs, random: 0, isProbe: false };
  await store.noteOutage(fence, failure, at);
  if (await pipeline.claim()) throw new Error('the model is asked');
}

const columns: [string, string, Record<string, number>][] = [
  ['an outage', 'select since, retry_at from outage', { since: now, retry_at: now + hourMs }],
  ['a jorb that waits for the model', 'select due_at from jorb where id = 5', { due_at: now + hourMs }],
  ['a turn that failed', 'select due_at from jorb where id = 4', { due_at: now + hourMs }],
  [
    'a turn that runs',
    `select leased_until from turn where status = 'running'`,
    { leased_until: now + 5 * minuteMs },
  ],
  [
    'a batch that gathers',
    `select opened_at, release_at from batch where status = 'open'`,
    { opened_at: now, release_at: now + minuteMs },
  ],
  [
    'a batch that a model is asked about',
    'select route_at from batch where route_at is not null',
    { route_at: now + 30 * minuteMs },
  ],
  [
    'a message that the wire refused',
    `select available_at, queued_at from outbox where text = 'two'`,
    { available_at: now + 15 * minuteMs, queued_at: now },
  ],
  [
    'a message that quiet hours hold',
    `select available_at from outbox where text = 'three'`,
    { available_at: now + 3 * hourMs },
  ],
  [
    'a message that has left',
    `select sent_at, available_at from outbox where text = 'one'`,
    { sent_at: now, available_at: now },
  ],
  ['what was spent', 'select at from ledger', { at: now }],
  ['a mail', 'select available_at, queued_at from mail', { available_at: now + 2 * hourMs, queued_at: now }],
  [
    'a question',
    'select asked_at, remind_at, expires_at from approval',
    { asked_at: now, remind_at: now + 4 * hourMs, expires_at: now + approvalLifetimeMs },
  ],
  ['the end of a jorb', 'select distinct ends_at from jorb', { ends_at: now + maxOpenMs }],
  [
    'the activity of a jorb',
    'select distinct last_activity_at, progress_at, updated_at from jorb',
    { last_activity_at: now, progress_at: now, updated_at: now },
  ],
];

const bringBack = ({ pipeline: { store, fence } }: Scene) => store.bringBackTimes(fence, waits, now);
const readAll = ({ harness }: Scene) => columns.map(([, query]) => harness.sql(query));
const readAudit = ({ harness }: Scene) =>
  harness.sql(`select subject, "after" from audit where what = 'clock.set_back'`) as {
    subject: string;
    after: string;
  }[];

describe('after the clock was set back by a year', () => {
  test.each(columns)('%s has the times that its rule allows from now on', async (_, query, expected) => {
    const scene = await openAhead(yearMs);
    await bringBack(scene);
    expect(scene.harness.sql(query)).toEqual([expected]);
  });

  test('it is put on record once, with how far it was and what it was about', async () => {
    const scene = await openAhead(yearMs);
    const times = await bringBack(scene);
    expect(times).toBeGreaterThan(20);
    const [entry, ...others] = readAudit(scene);
    expect(others).toEqual([]);
    expect(entry?.subject).toBe('clock');
    const { aheadMs, times: byKind } = JSON.parse(String(entry?.after));
    expect(aheadMs).toBe(yearMs);
    expect(byKind).toEqual({
      ...{ outageSince: 1, outageRetry: 1, turnDue: 2, turnLease: 1, batchRelease: 1, batchRoute: 1 },
      ...{ delivery: 2, mail: 1, question: 1, jorbEnd: 5, message: 3, spending: 1, activity: 5 },
    });
    expect(await bringBack(scene)).toBe(0);
    expect(readAudit(scene)).toHaveLength(1);
  });

  test('a jorb whose owner let it go on until after its deadline keeps that time', async () => {
    const scene = await openAhead(yearMs);
    const deadlineAt = now + 300 * dayMs;
    scene.harness.sql(
      'update jorb set deadline_at = ?, ends_at = ? where id = 1',
      deadlineAt,
      deadlineAt + dayMs,
    );
    await bringBack(scene);
    expect(scene.harness.sql('select ends_at from jorb where id < 3')).toEqual([
      { ends_at: deadlineAt + dayMs },
      { ends_at: now + maxOpenMs },
    ]);
  });

  test('a runtime that lost its place changes nothing', async () => {
    const scene = await openAhead(yearMs);
    const before = readAll(scene);
    await scene.pipeline.store.raiseEpoch('next', now);
    await expect(bringBack(scene)).rejects.toThrow(StaleEpoch);
    expect(readAll(scene)).toEqual(before);
  });
});

test.each([0, 10 * minuteMs, 59 * minuteMs])(
  'a clock that is set right by %i ms changes nothing, and is not put on record',
  async (byMs) => {
    const scene = await openAhead(byMs);
    const before = readAll(scene);
    expect(await bringBack(scene)).toBe(0);
    expect(readAll(scene)).toEqual(before);
    expect(readAudit(scene)).toEqual([]);
  },
);
