import { describe, expect, test } from 'vitest';
import { BrainError, type BrainErrorDetails, type ModelRequest, noUsage } from '../../src/domain/brain.ts';
import type { ModelLimits } from '../../src/domain/model-money.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../src/lib/duration.ts';
import { meterBrain } from '../../src/runtime/meter.ts';
import { getJorb } from '../../src/runtime/owner/get-jorb.ts';
import { setJorbStatus } from '../../src/runtime/owner/set-jorb-status.ts';
import { takeBrief } from '../../src/runtime/owner/take-brief.ts';
import { buildQueueBrain, buildScriptedModel, call, type ModelScript } from '../support/brains.ts';
import { dieOnce } from '../support/mortality.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld, type World } from '../support/world.ts';

const wait = call('schedule_wake', { at: null, minutes_from_now: 60, reason: 'look again' });
/** One call a turn, and an hour until the next. */
const lookAgain: ModelScript = ({ steps }) => (steps.length === 0 ? [wait] : []);
const ask: ModelScript = () => [call('ask_owner', { question: 'Which hotel?' })];

async function open(
  script: ModelScript,
  { jorbs = 1, ...limits }: Partial<ModelLimits> & { jorbs?: number } = {},
) {
  const model = buildScriptedModel(script, { worstMicros: 100_000, costMicros: 30_000 });
  const world = await openWorld({
    brain: buildQueueBrain(),
    model: { agent: model, limits: { dayMicros: 10_000_000, jorbMicros: 5_000_000, ...limits } },
  });
  for (let number = 1; number <= jorbs; number++) {
    await world.owner.store.createJorb(buildNewJorb({ name: `jorb ${number}` }), world.clock.now());
  }
  return { world, model };
}

const calls = (world: World) =>
  world.sql(
    'select status, reserved_micros as worst, cost_micros as cost, error from model_call order by id',
  );
const jorbRow = (world: World) => world.sql('select status, pause_cause, reason, turn_failures from jorb')[0];

test('a call is set aside before it is made and settled after, for its turn and jorb', async () => {
  const during: unknown[] = [];
  const box: { world?: World } = {};
  const { world } = await open((request) => {
    if (box.world) during.push(...calls(box.world));
    return ask(request, new AbortController().signal);
  });
  box.world = world;
  await world.settle();
  expect(during).toEqual([{ status: 'reserved', worst: 100_000, cost: 100_000, error: null }]);
  expect(calls(world)).toEqual([{ status: 'settled', worst: 100_000, cost: 30_000, error: null }]);
  expect(
    world.sql('select purpose, jorb_id, turn_id, model, input_tokens, output_tokens from model_call'),
  ).toEqual([
    { purpose: 'turn', jorb_id: 1, turn_id: 1, model: 'script-1', input_tokens: 10, output_tokens: 5 },
  ]);
  expect(world.sql(`select model, cost_micros from decision where "by" = 'openai'`)).toEqual([
    { model: 'script-1', cost_micros: 30_000 },
  ]);
});

test('the owner sees what a jorb has taken of models, of what it may take', async () => {
  const { world } = await open(lookAgain);
  await world.settle();
  expect(await getJorb(world.owner, 'jorb_1')).toMatchObject({
    models: { calls: 2, costMicros: 60_000, inputTokens: 20, cachedTokens: 0, outputTokens: 10 },
    modelLimitMicros: 5_000_000,
  });
  expect((await takeBrief(world.owner, { peek: false })).models.costMicros).toBe(60_000);
  expect((await takeBrief(world.owner, { peek: true })).models.costMicros).toBe(0);
  await world.advance(hourMs);
  expect((await takeBrief(world.owner, { peek: true })).models.costMicros).toBe(60_000);
});

describe('what a failed call took is counted:', () => {
  test.each<[BrainErrorDetails, Record<string, unknown>]>([
    [
      { kind: 'malformed', usage: { ...noUsage, outputTokens: 3 } },
      { status: 'settled', cost: 30_000 },
    ],
    [
      { kind: 'permanent', usage: null },
      { status: 'settled', cost: 0 },
    ],
    [{ kind: 'permanent' }, { status: 'unknown', cost: 100_000 }],
    [
      { kind: 'overload', usage: null },
      { status: 'settled', cost: 0 },
    ],
    [{ kind: 'timeout' }, { status: 'unknown', cost: 100_000 }],
  ])('%j', async (details, row) => {
    const { world } = await open(() => {
      throw new BrainError('no answer', details);
    });
    await world.tick('turns');
    expect(calls(world)).toEqual([{ ...row, worst: 100_000, error: 'no answer' }]);
  });

  test('a mistake of ours at its worst, without its words', async () => {
    const { world } = await open(() => {
      throw new TypeError('secret-key is not a function');
    });
    await world.tick('turns');
    expect(calls(world)).toMatchObject([{ status: 'unknown', cost: 100_000, error: 'an internal error' }]);
  });

  test.each([
    ['after reserveModelCall', 'reserved', 100_000],
    ['before settleModelCall', 'reserved', 100_000],
    ['after settleModelCall', 'settled', 30_000],
  ])('one whose process dies %s', async (point, status, cost) => {
    const { world } = await open(ask);
    world.diesAt = dieOnce((reached) => reached === point);
    await world.settle();
    expect(calls(world)).toMatchObject([
      { status, cost },
      { status: 'settled', cost: 30_000 },
    ]);
  });
});

describe('a limit', () => {
  test('of the jorb pauses it with a sentence, asks nothing more, and is told once', async () => {
    const { world, model } = await open(lookAgain, { jorbMicros: 190_000 });
    await takeBrief(world.owner, { peek: false });
    await world.advance(3 * dayMs);
    // Four calls of 30,000 leave 70,000, and the next may take 100,000.
    expect(model.requests).toHaveLength(4);
    expect(jorbRow(world)).toEqual({
      status: 'paused',
      pause_cause: 'limit',
      reason:
        "the model's money for this jorb is spent: the next question to the model may cost $0.1000, and $0.1200 of the $0.1900 that models may cost in one jorb is spent; raise MODEL_SPEND_LIMIT_JORB, or do the rest yourself",
      turn_failures: 0,
    });
    const { paused, highlights, models } = await takeBrief(world.owner, { peek: false });
    expect(paused).toMatchObject([{ id: 'jorb_1', pauseCause: 'limit' }]);
    expect(highlights).toEqual([]);
    expect(models).toEqual({ costMicros: 120_000, outage: null });
    const pauses = world.sql(
      "select * from audit where what = 'turn.failed' or after ->> 'pauseCause' = 'limit'",
    );
    expect(pauses).toHaveLength(1);
    expect(world.sql('select * from outage')).toEqual([]);
  });

  test('is used to its last micro-dollar', async () => {
    const { world, model } = await open(lookAgain, {
      jorbMicros: 190_000 + 30_000 - 20_000 - 10_000 + 30_000,
    });
    await world.advance(hourMs - 1);
    expect(model.requests).toHaveLength(2);
    const exact = await open(lookAgain, { jorbMicros: 130_000 });
    await exact.world.settle();
    expect(exact.model.requests).toHaveLength(2);
    const short = await open(lookAgain, { jorbMicros: 129_999 });
    await short.world.settle();
    expect(short.model.requests).toHaveLength(1);
  });

  test('of the day pauses each jorb that would pass it, and gives room again with time', async () => {
    const { world, model } = await open(ask, { jorbs: 3, dayMicros: 130_000 });
    await world.settle();
    expect(model.requests.map(({ jorbId }) => jorbId)).toEqual(['jorb_1', 'jorb_2']);
    const [third] = world.sql('select pause_cause, reason from jorb where id = 3');
    expect(third).toMatchObject({ pause_cause: 'limit' });
    expect(third?.reason).toContain('$0.0600 of the $0.1300 that models may cost in 24 hours is spent');
    expect(third?.reason).toContain('MODEL_SPEND_LIMIT_DAY');
    await world.advance(dayMs - 1);
    await setJorbStatus(world.owner, { id: 'jorb_3', command: 'resume', reason: null });
    await world.settle();
    expect(model.requests).toHaveLength(2);
    await world.advance(1);
    await setJorbStatus(world.owner, { id: 'jorb_3', command: 'resume', reason: null });
    await world.settle();
    expect(model.requests.map(({ jorbId }) => jorbId)).toEqual(['jorb_1', 'jorb_2', 'jorb_3']);
  });

  test('is not passed by forty that ask at once', async () => {
    const { world } = await open(ask);
    const { store, fence } = world.life;
    const release: (() => void)[] = [];
    const slow = buildScriptedModel(async () => {
      await new Promise<void>((resolve) => release.push(resolve));
      return [];
    });
    const limits = { dayMicros: 1_000_000, jorbMicros: 1_000_000 };
    const metered = meterBrain(slow, {
      ...{ store, clock: world.clock, random: () => 0, fence, limits, turnId: null },
    });
    const request: ModelRequest = {
      ...{ prompt: { system: '', input: [] }, tools: [], steps: [], purpose: 'turn', jorbId: null },
    };
    const refused: unknown[] = [];
    const asked = Array.from({ length: 40 }, () =>
      metered.step(request, new AbortController().signal).catch((error: unknown) => refused.push(error)),
    );
    while (refused.length < 30 || release.length < 10) await new Promise(setImmediate);
    const spend = () => store.readModelSpend({ jorbId: null }, world.clock.now());
    expect(await spend()).toMatchObject({ dayMicros: 1_000_000, calls: 10 });
    for (const resolve of release) resolve();
    await Promise.all(asked);
    expect(slow.requests).toHaveLength(10);
    expect(refused.every((error) => error instanceof BrainError && error.kind === 'budget')).toBe(true);
    expect(await spend()).toMatchObject({ dayMicros: 100_000 });
  });
});

describe('a model that answers and will not', () => {
  test.each(['permanent', 'too_long'] as const)('pauses the jorb with its sentence: %s', async (kind) => {
    const { world, model } = await open(() => {
      throw new BrainError('the key is wrong: check LLM_API_KEY', { kind, usage: null });
    });
    await world.advance(dayMs);
    expect(model.requests).toHaveLength(1);
    expect(jorbRow(world)).toMatchObject({
      ...{ status: 'paused', pause_cause: 'error', reason: 'the key is wrong: check LLM_API_KEY' },
    });
    expect(world.sql('select * from outage')).toEqual([]);
  });

  test('is asked again with backoff when it wrote no answer, and the jorb pauses in the end', async () => {
    const { world, model } = await open(() => {
      throw new BrainError('it answered with a web page', { kind: 'malformed', usage: null });
    });
    await world.advance(30 * secondMs + minuteMs);
    expect(model.requests).toHaveLength(3);
    await world.advance(dayMs);
    expect(model.requests).toHaveLength(5);
    expect(jorbRow(world)).toMatchObject({ status: 'paused', pause_cause: 'error', turn_failures: 5 });
  });

  test('ends an outage all the same', async () => {
    const kinds = ['overload', 'malformed'] as const;
    const { world, model } = await open(() => {
      throw new BrainError('no', { kind: kinds[model.requests.length - 1] ?? 'permanent', usage: null });
    });
    await world.settle();
    expect(await world.life.store.readOutage()).not.toBeNull();
    await world.advance(15 * secondMs);
    expect(await world.life.store.readOutage()).toBeNull();
  });
});
