import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { agentTools } from '../../src/agent/tools/catalog.ts';
import type { AgentTool } from '../../src/agent/tools/define-tool.ts';
import { openStore } from '../../src/db/open.ts';
import type { Brain } from '../../src/domain/brain.ts';
import type { ChannelAdapter } from '../../src/domain/channel.ts';
import { defaultContract } from '../../src/domain/contract.ts';
import { buildEvaluateGate } from '../../src/domain/policy/evaluate-gate.ts';
import type { Store } from '../../src/domain/store.ts';
import { defaultThresholds } from '../../src/domain/thresholds.ts';
import type { Face } from '../../src/runtime/face.ts';
import type { ModelDeps } from '../../src/runtime/model-deps.ts';
import { openFace } from '../../src/runtime/open-face.ts';
import { buildScriptedBrain, buildScriptedModel, sendMessage } from '../support/brains.ts';
import { buildFakeClock, type FakeClock } from '../support/clock.ts';
import { packageRoot } from '../support/config.ts';
import { settle, until } from '../support/event-loop.ts';
import { makeTestFolder } from '../support/folder.ts';
import { buildTestLog } from '../support/log.ts';
import { buildMailbox } from '../support/mailer.ts';
import { migrationsDir } from '../support/migrated.ts';
import { buildNewJorb } from '../support/store.ts';
import { buildMemoryWire } from '../support/wire.ts';

const ownerLimit = { minor: 10_000, currency: 'USD' };
const evaluate = buildEvaluateGate({ ownerLimit, thresholds: defaultThresholds });

type TestFace = { face: Face; store: Store; lines: Record<string, unknown>[] };

/** A face whose time stands still: what happens without `clock.advance` was told, not polled for. */
async function open(
  dataDir: string,
  clock: FakeClock,
  change: {
    channel?: Partial<ChannelAdapter>;
    store?: Partial<Store>;
    brain?: Brain;
    model?: ModelDeps;
    tools?: readonly AgentTool[];
  } = {},
): Promise<TestFace> {
  const store = { ...(await openStore({ dataDir, migrationsDir })), ...change.store };
  const { log, lines } = buildTestLog();
  const channel = { ...buildMemoryWire().connect({ now: clock.now }), ...change.channel };
  const brain = change.brain ?? buildScriptedBrain(() => []);
  const debounce = { loopback: 0, web: 0 };
  const failpoint = () => {};
  const face = openFace({
    version: '0.0.0',
    dataDir,
    packageRoot,
    pipeline: {
      ...{
        store,
        clock,
        log,
        brain,
        model: change.model ?? null,
        tools: change.tools ?? [],
        renderPrompt: () => ({ system: '', input: [] }),
        channels: [channel],
        debounce,
        evaluate,
        thresholds: defaultThresholds,
        random: Math.random,
        failpoint,
      },
      staleMs: 1e12,
      timeZone: () => 'UTC',
      digestCron: null,
      sendsEmptyDigests: false,
      mailer: buildMailbox().mailer,
      contextReset: { days: 3, tokens: 12_000 },
      progressLog: join(dataDir, 'jorbs_progress.txt'),
    },
    owner: {
      ...{ store, clock, evaluate, debounce, timeZone: () => 'UTC', confirm: 'human', modelLimits: null },
      defaults: defaultContract(ownerLimit),
    },
  });
  onTestFinished(async () => {
    const closing = face.close();
    await settle();
    clock.advance(5000);
    await closing;
  });
  return { face, store, lines };
}

function watchRows(dataDir: string) {
  const client = new Database(join(dataDir, 'jorbs.db'), { timeout: 2000 });
  onTestFinished(() => void client.close());
  const one = (query: string) => client.prepare(query).pluck().get();
  return {
    epoch: () => (one('select epoch from runtime') ?? 0) as number,
    /** The message went through debouncer and router: somebody runs. */
    isRouted: (id: string) => one(`select status from event where external_id = '${id}'`) === 'unmatched',
  };
}

const message = (externalId: string) => ({
  ...({
    channel: 'loopback',
    account: 'local',
    from: 'stranger',
    inReplyTo: null,
    sentAt: null,
    grade: 'none',
  } as const),
  externalId,
  text: 'hello',
});

async function setUp() {
  const dataDir = makeTestFolder();
  const clock = buildFakeClock();
  const first = await open(dataDir, clock);
  return { dataDir, clock, first, rows: watchRows(dataDir) };
}

test('does not run until it stands for election', async () => {
  const { clock, first, rows } = await setUp();
  await first.store.receiveEvent(message('a'), 0, clock.now());
  first.face.owner.written();
  for (let n = 0; n < 10; n++) {
    clock.advance(1000);
    await settle();
  }
  expect([rows.isRouted('a'), rows.epoch()]).toEqual([false, 0]);
  const status = await first.face.readStatus();
  expect(status).toMatchObject({ runtime: null, channels: [{ state: 'stopped' }] });
  first.face.stand();
  first.face.stand();
  await until(() => rows.isRouted('a'));
  expect(rows.epoch()).toBe(1);
  expect(await first.face.readStatus()).toMatchObject({
    runtime: { epoch: 1, live: true },
    channels: [{ kind: 'loopback', account: 'local', state: 'connected' }],
    brain: 'script',
    model: null,
    confirm: 'human',
    version: '0.0.0',
  });
});

test('says which model thinks, whether it answers, and what models cost', async () => {
  const [dataDir, clock] = [makeTestFolder(), buildFakeClock()];
  const agent = buildScriptedModel(() => []);
  const limits = { dayMicros: 10_000_000, jorbMicros: 5_000_000 };
  const { face, store } = await open(dataDir, clock, {
    model: {
      ...{ agent, router: agent, fallback: buildScriptedBrain(() => []), limits },
      ...{ timeoutMs: 1000, fallbackMs: 1000 },
      renderRouting: () => ({ system: '', input: [] }),
      renderHandoff: () => ({ system: '', input: [] }),
    },
  });
  const model = { name: 'script-1', outage: null, dayMicros: 0, dayLimitMicros: 10_000_000 };
  expect(await face.readStatus()).toMatchObject({ brain: 'openai', model });
  const now = clock.now();
  const fence = await store.raiseEpoch('test', now);
  const asked = { purpose: 'routing', jorbId: null, turnId: null, model: 'script-1', limits } as const;
  await store.reserveModelCall(fence, { ...asked, worstMicros: 700 }, now);
  const failure = { error: 'it is busy', retryAfterMs: null, random: 0, isProbe: false };
  const outage = await store.noteOutage(fence, failure, now);
  expect((await face.readStatus()).model).toEqual({ ...model, dayMicros: 700, outage });
});

test('runs at once what it was told it wrote', async () => {
  const { clock, first, rows } = await setUp();
  first.face.stand();
  await until(() => rows.epoch() === 1);
  await settle();
  await first.store.receiveEvent(message('a'), 0, clock.now());
  first.face.owner.written();
  await until(() => rows.isRouted('a'));
});

test('a write in one face wakes the runtime of another at once', async () => {
  const { dataDir, clock, first, rows } = await setUp();
  first.face.stand();
  await until(() => rows.epoch() === 1);
  const second = await open(dataDir, clock);
  second.face.stand();
  await settle();
  await second.store.receiveEvent(message('a'), 0, clock.now());
  second.face.owner.written();
  await until(() => rows.isRouted('a'));
  expect(await second.face.readStatus()).toMatchObject({
    runtime: { epoch: 1, live: true },
    channels: [{ state: 'connected' }],
  });
});

test('a face that writes and closes at once still wakes the runtime', async () => {
  const { dataDir, clock, first, rows } = await setUp();
  first.face.stand();
  await until(() => rows.epoch() === 1);
  const second = await open(dataDir, clock);
  await second.store.receiveEvent(message('a'), 0, clock.now());
  second.face.owner.written();
  await second.face.close();
  await until(() => rows.isRouted('a'));
});

test('finds within a poll what nobody told', async () => {
  const { dataDir, clock, first, rows } = await setUp();
  first.face.stand();
  await until(() => rows.epoch() === 1);
  await settle();
  const second = await open(dataDir, clock);
  await second.store.receiveEvent(message('a'), 0, clock.now());
  await settle();
  expect(rows.isRouted('a')).toBe(false);
  clock.advance(250);
  await until(() => rows.isRouted('a'));
});

test('tells every face of every change, several at a time', async () => {
  const { dataDir, clock, first, rows } = await setUp();
  first.face.stand();
  await until(() => rows.epoch() === 1);
  const second = await open(dataDir, clock);
  const heard = { first: 0, second: 0 };
  first.face.onChange(() => void heard.first++);
  const stopListening = second.face.onChange(() => void heard.second++);
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 20) {
      await settle();
      clock.advance(20);
    }
    await settle();
  };
  await pass(1000);
  heard.first = heard.second = 0;
  await pass(1000);
  expect(heard).toEqual({ first: 0, second: 0 });
  await first.store.receiveEvent(message('a'), 0, clock.now());
  for (let n = 0; n < 50; n++) first.face.owner.written();
  await until(() => rows.isRouted('a'));
  await pass(60);
  for (const count of [heard.first, heard.second]) {
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(3);
  }
  stopListening();
  heard.second = 0;
  first.face.owner.written();
  await pass(1000);
  expect(heard.second).toBe(0);
});

test('another face takes the place at once when the runtime closes', async () => {
  const { dataDir, clock, first, rows } = await setUp();
  first.face.stand();
  await until(() => rows.epoch() === 1);
  const second = await open(dataDir, clock);
  second.face.stand();
  await until(() => rows.epoch() === 1);
  clock.advance(250);
  await settle();
  await first.face.close();
  await settle();
  clock.advance(100);
  await until(() => rows.epoch() === 2);
  await second.store.receiveEvent(message('a'), 0, clock.now());
  second.face.owner.written();
  await until(() => rows.isRouted('a'));
});

test('steps down when another raised the epoch, and stands again', async () => {
  const { dataDir, clock, first, rows } = await setUp();
  first.face.stand();
  await until(() => rows.epoch() === 1);
  await settle();
  const usurper = await open(dataDir, clock);
  await usurper.store.raiseEpoch('usurper', clock.now());
  await usurper.store.receiveEvent(message('a'), 0, clock.now());
  usurper.face.owner.written();
  await settle();
  clock.advance(1);
  await until(() => rows.epoch() === 3);
  await until(() => rows.isRouted('a'));
  expect(first.lines.map((line) => line.msg)).toContain('another process took the place of the runtime');
});

test('tries again, ever more slowly, when it cannot take the place, and leaves it to others meanwhile', async () => {
  const dataDir = makeTestFolder();
  const clock = buildFakeClock();
  const begun = clock.now();
  const tries: number[] = [];
  const raiseEpoch = () => {
    tries.push((clock.now() - begun) / 1000);
    return Promise.reject(new Error('the disk is full'));
  };
  const { face } = await open(dataDir, clock, { store: { raiseEpoch } });
  face.stand();
  for (let n = 0; n < 40; n++) {
    await settle();
    clock.advance(500);
  }
  expect(tries).toEqual([0, 1, 3, 7, 15]);
  const other = await open(dataDir, clock);
  other.face.stand();
  await until(() => watchRows(dataDir).epoch() === 1);
});

test('keeps the lock while something of it may still reach the wire', async () => {
  const dataDir = makeTestFolder();
  const clock = buildFakeClock();
  let finish = () => {};
  const stop = () =>
    new Promise<void>((resolve) => {
      finish = resolve;
    });
  const { face } = await open(dataDir, clock, { channel: { stop } });
  const rows = watchRows(dataDir);
  face.stand();
  await until(() => rows.epoch() === 1);
  await settle();
  const second = await open(dataDir, clock);
  second.face.stand();
  let isClosed = false;
  const closing = face.close().then(() => {
    isClosed = true;
  });
  await settle();
  clock.advance(1499);
  await settle();
  expect(isClosed).toBe(false);
  clock.advance(1);
  await closing;
  clock.advance(1000);
  await settle();
  expect(rows.epoch()).toBe(1);
  finish();
  await settle();
  clock.advance(200);
  await until(() => rows.epoch() === 2);
});

test('closes twice, before it stood, and while it takes the place', async () => {
  const { dataDir, clock, first } = await setUp();
  await Promise.all([first.face.close(), first.face.close()]);
  first.face.stand();
  const second = await open(dataDir, clock);
  second.face.stand();
  await second.face.close();
  const third = await open(dataDir, clock);
  const rows = watchRows(dataDir);
  const before = rows.epoch();
  third.face.stand();
  await until(() => rows.epoch() === before + 1);
});

test('runs four turns at once, and no more', async () => {
  const thinking: AbortSignal[] = [];
  const brain: Brain = {
    name: 'slow',
    step: (_, signal) =>
      new Promise((_, reject) => {
        thinking.push(signal);
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  };
  const clock = buildFakeClock();
  const { face, store } = await open(makeTestFolder(), clock, { brain });
  for (let n = 0; n < 6; n++) {
    await store.createJorb(buildNewJorb({ idempotencyKey: `errand-${n}` }), clock.now());
  }
  face.stand();
  await until(() => thinking.length === 4);
  for (let n = 0; n < 10; n++) {
    clock.advance(250);
    await settle();
  }
  expect(thinking).toHaveLength(4);
  await face.close();
  expect(thinking.every((signal) => signal.aborted)).toBe(true);
});

test('leaves nothing running behind, whether it ran or not', async () => {
  const { dataDir, clock, first, rows } = await setUp();
  first.face.stand();
  await until(() => rows.epoch() === 1);
  const otherClock = buildFakeClock();
  const second = await open(dataDir, otherClock);
  for (const { face } of [second, first]) {
    face.stand();
    face.stand();
    face.owner.written();
    await settle();
    await face.close();
    face.stand();
    await settle();
  }
  expect([clock.nextTimerAt(), otherClock.nextTimerAt()]).toEqual([undefined, undefined]);
});

test('works where there is no local socket', async () => {
  const { dataDir, clock, first, rows } = await setUp();
  mkdirSync(join(dataDir, 'runtime.sock'));
  first.face.stand();
  await until(() => rows.epoch() === 1);
  await settle();
  const second = await open(dataDir, clock);
  await second.store.receiveEvent(message('a'), 0, clock.now());
  second.face.owner.written();
  clock.advance(250);
  await until(() => rows.isRouted('a'));
  expect(first.lines.map((line) => line.msg)).toContain(
    'no local socket here: other processes are noticed more slowly',
  );
});

test('a recipient that takes its time holds up no other', async () => {
  const sent: string[] = [];
  const channel: Partial<ChannelAdapter> = {
    send({ address, key }) {
      sent.push(address);
      return address === 'magic' ? new Promise(() => {}) : Promise.resolve({ kind: 'sent', receipt: key });
    },
  };
  const brain = buildScriptedBrain(({ steps }) =>
    steps.length > 0
      ? []
      : ['magic', 'hotel'].map((to) => sendMessage({ to: `loopback:${to}`, text: 'Is a room free?' })),
  );
  const clock = buildFakeClock();
  const { face, store } = await open(makeTestFolder(), clock, { channel, brain, tools: agentTools });
  await store.createJorb(buildNewJorb(), clock.now());
  face.stand();
  await until(() => sent.includes('hotel'));
  expect(sent).toEqual(['magic', 'hotel']);
});
