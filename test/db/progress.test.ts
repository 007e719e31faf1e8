import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Db } from '../../src/db/connection.ts';
import { openDatabase } from '../../src/db/open.ts';
import { buildQueueProgress } from '../../src/db/progress.ts';
import { buildStore } from '../../src/db/store.ts';
import { StaleEpoch } from '../../src/domain/fence.ts';
import type { EvaluateGate, Verdict } from '../../src/domain/gate.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { buildHandoff } from '../domain/render/handoff-sample.ts';
import { migrationsDir } from '../support/migrated.ts';
import { ask, type Pipeline, sendTo, spend, startPipeline } from '../support/pipeline-driver.ts';
import { buildSteering } from '../support/store.ts';
import { findTestRoot } from '../support/test-root.ts';

type Scene = Pipeline & { db: Db };

async function start(): Promise<Scene> {
  const dataDir = mkdtempSync(join(findTestRoot(), 'jorbs-progress-'));
  const db = await openDatabase({ dataDir, migrationsDir });
  onTestFinished(() => {
    db.$client.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return Object.assign(await startPipeline(buildStore(db)), { db });
}

/** A reset that begins and ends now, with the handoffs that it asked for. Returns its row. */
function reset(
  { db, now }: Scene,
  handoffs: Record<number, string | { error: string }> = {},
  reason: 'interval' | 'long_context' = 'interval',
): number {
  const seq = db.$client.prepare('select coalesce(max(seq), 0) from audit').pluck().get();
  const { lastInsertRowid } = db.$client
    .prepare('insert into reset (reason, days, seq, started_at, finished_at) values (?, ?, ?, ?, ?)')
    .run(reason, reason === 'interval' ? 3 : null, seq, now, now);
  const insert = db.$client.prepare(`
    insert into handoff (reset_id, jorb_id, status, available_at, by, body, error, ended_at)
    values (?, ?, ?, 0, ?, ?, ?, ?)`);
  for (const [jorbRow, given] of Object.entries(handoffs)) {
    if (typeof given === 'string') {
      const body = JSON.stringify(buildHandoff({ status: given, learnings: [`learned: ${given}`] }));
      insert.run(lastInsertRowid, jorbRow, 'accepted', 'rules', body, null, now);
    } else insert.run(lastInsertRowid, jorbRow, 'failed', null, null, given.error, now);
  }
  return Number(lastInsertRowid);
}

function queue(scene: Scene, resetRow = reset(scene)): string {
  const { db, now } = scene;
  const tokens = { key: () => `key${resetRow}`, code: () => '' };
  db.transaction(() => buildQueueProgress(db, tokens)(resetRow, now));
  return textOf(scene, resetRow);
}

const textOf = ({ db }: Scene, resetRow: number) =>
  String(db.$client.prepare('select text from progress_entry where reset_id = ?').pluck().get(resetRow));
const claim = ({ store, fence, now }: Scene) => store.claimProgressEntry(fence, now);
const dueAt = ({ store, fence, now }: Scene) => store.getNextDueAt(fence, { staleMs: 1e12 }, now);

/** The lines of one section. */
const section = (text: string, title: string) =>
  (text.split(`### ${title}\n\n`)[1] ?? '').split(/\n\n(?:###|<!--)/)[0]?.split('\n');

describe('what a reset puts on record', () => {
  test('is what each active jorb handed over, those in which nothing happened, and why one did not', async () => {
    const scene = await start();
    for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) await scene.createJorb({ name });
    await scene.store.moveJorb('jorb_3', 'pause', null, scene.now);
    await scene.store.moveJorb('jorb_4', 'cancel', null, scene.now);
    scene.now += dayMs;
    const row = reset(scene, { 1: 'Nikko is free', 2: { error: 'the model did not answer' } });
    await scene.store.moveJorb('jorb_1', 'cancel', null, scene.now);
    expect(section(queue(scene, row), 'Active Jorbs')).toEqual([
      '**jorb_1 – One** (CANCELLED)',
      'Status: Nikko is free',
      'Progress: none',
      'Next steps: none',
      '',
      '**jorb_2 – Two** (RUNNING)',
      'Status: no handoff, it goes on with the context it had: the model did not answer',
      '',
      '**jorb_3 – Three** (PAUSED)',
      'Status: no change since 2026-11-20 09:00Z',
      '',
      '**jorb_5 – Five** (RUNNING)',
      'Status: no change since 2026-11-20 09:00Z',
    ]);
    expect(section(textOf(scene, row), 'Learnings')).toEqual(['- jorb_1: learned: Nikko is free']);
    expect(textOf(scene, row)).toMatch(/^## 2026-11-21: Session handoff \(3-day reset\)\n/);
    expect(textOf(scene, row)).toMatch(/\n<!-- jorbs: end of reset_1 key1 -->\n$/);
  });

  test('names a jorb that ended while it was to hand over', async () => {
    const scene = await start();
    await scene.createJorb({ name: 'One' });
    const row = reset(scene, { 1: { error: 'it has ended' } });
    await scene.store.moveJorb('jorb_1', 'cancel', null, scene.now);
    expect(queue(scene, row)).toContain('(CANCELLED)\nStatus: ended before it handed anything over\n');
  });

  test('counts what happened since the reset before, and what came after neither', async () => {
    const scene = await start();
    await scene.createJorb();
    await scene.deliver('Before', { from: 'stranger' });
    await scene.takeTurn([sendTo('magic', 'one')]);
    await scene.send();
    expect(section(queue(scene), 'Session Summary')?.slice(0, 3)).toEqual([
      '- Since: the beginning',
      '- Messages received: 1 (1 loopback)',
      '- Messages sent: 1 (1 loopback)',
    ]);

    scene.now += hourMs;
    await scene.createJorb({ start: false });
    await makeNews(scene);
    await scene.store.moveJorb('jorb_2', 'cancel', null, scene.now);
    const row = reset(scene);
    await scene.receive('After', { from: 'stranger' });
    await scene.createJorb();
    expect(section(queue(scene, row), 'Session Summary')).toEqual([
      '- Since: 2026-11-20 09:00Z',
      '- Messages received: 2 (2 loopback)',
      '- Messages sent: 2 (1 loopback, 1 web)',
      '- Jorbs: 1 created, 1 cancelled',
      '- Approvals: 1 asked, 1 answered',
      '- Purchases: 0, commitments: 1 ($2.50)',
      '- Model cost: $0.0200',
    ]);
  });

  test('counts one jorb alone where its context grew too long, since its own last handoff', async () => {
    const scene = await start();
    await scene.createJorb();
    await scene.createJorb({ start: false });
    await scene.deliver('Hello');
    await scene.takeTurn([]);
    reset(scene, { 1: 'first' });
    scene.now += hourMs;
    reset(scene, { 2: 'other' });
    await makeNews(scene);
    const text = queue(scene, reset(scene, { 1: 'second' }, 'long_context'));
    expect(text).toMatch(/^## 2026-11-20: Session handoff \(long context\)\n/);
    expect(text).not.toContain('jorb_2');
    expect(section(text, 'Session Summary')).toEqual([
      '- Since: 2026-11-20 09:00Z',
      '- Messages received: 2 (2 loopback)',
      '- Messages sent: 2 (1 loopback, 1 web)',
      '- Jorbs: none begun or ended',
      '- Approvals: 1 asked, 1 answered',
      '- Purchases: 0, commitments: 1 ($2.50)',
      '- Model cost: $0.0100',
    ]);
  });

  test('has the time zone of the owner', async () => {
    const scene = await start();
    scene.db.$client
      .prepare(
        "insert into schedule (name, cron, time_zone) values ('handoff', '0 4 * * *', 'Pacific/Auckland')",
      )
      .run();
    scene.now = Date.UTC(2026, 10, 20, 15);
    expect(queue(scene)).toMatch(/^## 2026-11-21: Session handoff/);
  });

  test('stays bounded with a thousand jorbs, and says how many it leaves out', async () => {
    const scene = await start();
    for (let n = 0; n < 230; n += 1) await scene.createJorb();
    const lines = section(queue(scene), 'Active Jorbs') ?? [];
    expect(lines.filter((line) => line.startsWith('**jorb_'))).toHaveLength(200);
    expect(lines.at(-1)).toBe('And 30 more.');
  });

  test('is put on record once', async () => {
    const scene = await start();
    const row = reset(scene);
    queue(scene, row);
    expect(() => queue(scene, row)).toThrow(/UNIQUE/);
  });

  test('cannot be taken for that of another data folder', async () => {
    const [one, two] = [await start(), await start()];
    for (const { db, now, ...scene } of [one, two]) {
      const row = reset({ db, now, ...scene });
      db.transaction(() => buildQueueProgress(db)(row, now));
    }
    const end = (scene: Scene) =>
      /<!-- jorbs: end of reset_1 ([0-9a-f]{32}) -->\n$/.exec(textOf(scene, 1))?.[1];
    expect(end(one)).toBeDefined();
    expect(end(one)).not.toBe(end(two));
  });
});

/** Two messages in and two out, one of them a commitment; a question answered; models asked for two jorbs. */
async function makeNews(scene: Scene): Promise<void> {
  const { store, fence, now } = scene;
  await scene.deliver('A room is free.');
  await scene.takeTurn([sendTo('web:api.example.com', 'GET /rooms')]);
  await scene.deliver('Shall we hold it?');
  const hold: EvaluateGate = (...given) => ({ ...spend(250)(...given), consequence: 'commit' }) as Verdict;
  await scene.takeTurn([sendTo('magic', 'Yes, hold it.')], hold);
  await scene.send();
  await scene.send();
  await scene.store.steerJorb('jorb_1', buildSteering({ guidance: 'Book it.' }), now);
  await scene.takeTurn([sendTo('magic', 'We take it.')], ask);
  const [pending] = await store.listPendingApprovals({ jorbId: 'jorb_1', limit: 1 });
  if (!pending) throw new Error('nothing was asked');
  const decline = { answer: { kind: 'decline', text: null }, confirmedBy: null, evaluate: ask } as const;
  await store.answerApproval({ id: pending.id, hash: pending.hash, ...decline }, now);
  const limits = { dayMicros: 1e9, jorbMicros: 1e9 };
  for (const jorbId of ['jorb_1', 'jorb_2'] as const) {
    const call = { purpose: 'turn', jorbId, turnId: null, model: 'm', worstMicros: 10_000, limits } as const;
    await store.reserveModelCall(fence, call, now);
  }
}

describe('the way of an entry to the file', () => {
  test('is taken oldest first, again until it is finished, and never after', async () => {
    const scene = await start();
    expect(await claim(scene)).toBeUndefined();
    const [first, second] = [queue(scene), queue(scene)];
    expect(await claim(scene)).toEqual({ id: 'progress_1', text: first, attempts: 0 });
    expect(await claim(scene)).toEqual({ id: 'progress_1', text: first, attempts: 0 });
    await scene.store.finishProgressEntry(scene.fence, 'progress_1', scene.now);
    expect(await claim(scene)).toEqual({ id: 'progress_2', text: second, attempts: 0 });
    await scene.store.finishProgressEntry(scene.fence, 'progress_2', scene.now);
    expect(await claim(scene)).toBeUndefined();
    expect(await dueAt(scene)).toBeUndefined();
  });

  test('is tried again in its time, and those behind it wait', async () => {
    const scene = await start();
    queue(scene);
    scene.now += 1;
    queue(scene);
    const { store, fence } = scene;
    const retryAt = scene.now + minuteMs;
    await store.postponeProgressEntry(fence, 'progress_1', 'it is a folder', retryAt);
    expect(await dueAt(scene)).toBe(retryAt);
    expect(await claim(scene)).toBeUndefined();
    expect(await store.readProgress()).toEqual({ lastAt: null, waiting: 2, error: 'it is a folder' });
    scene.now = retryAt;
    expect(await claim(scene)).toMatchObject({ id: 'progress_1', attempts: 1 });
    await store.finishProgressEntry(fence, 'progress_1', scene.now);
    expect(await store.readProgress()).toEqual({ lastAt: retryAt, waiting: 1, error: null });
  });

  test('does not wait for a time that only a clock that was set back made far', async () => {
    const scene = await start();
    queue(scene);
    scene.now -= 400 * dayMs;
    expect(await claim(scene)).toMatchObject({ id: 'progress_1' });
  });

  test('is due while all is stopped: nobody hears of it but the owner', async () => {
    const scene = await start();
    await scene.store.stopEverything(null, scene.now);
    queue(scene);
    expect(await dueAt(scene)).toBe(scene.now);
    expect(await claim(scene)).toMatchObject({ id: 'progress_1' });
  });

  test('once finished stays so: a late word changes nothing', async () => {
    const scene = await start();
    queue(scene);
    const { store, fence, now } = scene;
    await store.finishProgressEntry(fence, 'progress_1', now);
    await store.finishProgressEntry(fence, 'progress_1', now + minuteMs);
    await store.postponeProgressEntry(fence, 'progress_1', 'late', now + minuteMs);
    expect(await store.readProgress()).toEqual({ lastAt: now, waiting: 0, error: null });
  });

  test('belongs to the runtime', async () => {
    const scene = await start();
    queue(scene);
    const { store, fence, now } = scene;
    await store.raiseEpoch('another', now);
    const late = [
      () => store.claimProgressEntry(fence, now),
      () => store.finishProgressEntry(fence, 'progress_1', now),
      () => store.postponeProgressEntry(fence, 'progress_1', 'late', now),
    ];
    for (const write of late) await expect(write()).rejects.toThrow(StaleEpoch);
    expect(await store.readProgress()).toEqual({ lastAt: null, waiting: 1, error: null });
  });

  test('keeps its words', async () => {
    const scene = await start();
    queue(scene);
    const change = () => scene.db.$client.exec("update progress_entry set text = 'x'");
    expect(change).toThrow('an entry of the progress log is never changed');
  });
});
