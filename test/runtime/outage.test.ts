import { describe, expect, test } from 'vitest';
import { buildRulesBrain } from '../../src/brains/rules/rules-brain.ts';
import { BrainError, type BrainErrorDetails, type ToolCall } from '../../src/domain/brain.ts';
import { hourMs, minuteMs, secondMs } from '../../src/lib/duration.ts';
import { setJorbStatus } from '../../src/runtime/owner/set-jorb-status.ts';
import { takeBrief } from '../../src/runtime/owner/take-brief.ts';
import { buildScriptedBrain, buildScriptedModel, call, sendMessage } from '../support/brains.ts';
import { dieOnce } from '../support/mortality.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld, type World, type WorldOptions } from '../support/world.ts';

const wait = call('schedule_wake', { at: null, minutes_from_now: 60 * 24 * 30, reason: 'nobody hurries' });

/** A model that can be taken down; while it answers it waits for whatever comes. */
function buildFragileModel() {
  const state: { failure: BrainErrorDetails | undefined; calls: ToolCall[] } = {
    failure: { kind: 'overload', usage: null },
    calls: [wait],
  };
  const model = buildScriptedModel(({ steps }) => {
    if (state.failure) throw new BrainError('the model is overloaded', state.failure);
    return steps.length === 0 ? state.calls : [];
  });
  return { model, state };
}

async function open({ jorbs = 1, ...options }: Partial<WorldOptions> & { jorbs?: number } = {}) {
  const { model, state } = buildFragileModel();
  const brain = options.brain ?? buildRulesBrain();
  const world = await openWorld({ ...options, brain, model: { agent: model, ...options.model } });
  for (let number = 1; number <= jorbs; number++) {
    await world.owner.store.createJorb(buildNewJorb({ name: `jorb ${number}` }), world.clock.now());
  }
  return { world, model, state, asked: () => model.requests.length };
}

const jorbRows = 'select distinct status, turn_failures from jorb';
const decisions = (world: World) =>
  world.sql(`select "by", reasoning from decision where kind = 'turn' order by id`);

/** One jorb that the model has once spoken about, and a model that then goes down. */
async function openBegun(options: Parameters<typeof open>[0] = {}) {
  const opened = await open(options);
  const { world, state } = opened;
  state.failure = undefined;
  await world.settle();
  state.failure = { kind: 'overload', usage: null };
  return opened;
}

describe('a model that is down', () => {
  test('never pauses a jorb, however long it takes, and every jorb gets its turn after', async () => {
    const { world, state, model } = await open({ jorbs: 20 });
    await world.advance(12 * hourMs);
    expect(world.sql(jorbRows)).toEqual([{ status: 'running', turn_failures: 0 }]);
    state.failure = undefined;
    model.requests.splice(0);
    await world.advance(20 * minuteMs);
    expect(new Set(model.requests.map(({ jorbId }) => jorbId)).size).toBe(20);
    expect(world.sql('select * from outage')).toEqual([]);
    expect(world.sql('select distinct due_at from jorb')).toEqual([{ due_at: null }]);
  });

  test('is asked by one jorb of twenty at a time, and ever more rarely', async () => {
    const { world, asked } = await open({ jorbs: 20 });
    const counts: number[] = [];
    for (const after of [0, 15, 15 + 30, 15 + 30 + 60, 15 + 30 + 60 + 120]) {
      await world.advance(after * secondMs - (world.clock.now() - begun(world)));
      counts.push(asked());
    }
    expect(counts).toEqual([1, 2, 3, 4, 5]);
    await world.advance(12 * hourMs);
    expect(asked()).toBeLessThan(5 + 12 * 4 + 4);
  });

  test('counts one failure when several turns find it down at once', async () => {
    const { world, asked } = await open({ jorbs: 4 });
    await Promise.all(Array.from({ length: 4 }, () => world.tick('turns')));
    expect(asked()).toBe(4);
    expect(await world.life.store.readOutage()).toMatchObject({ failures: 1 });
  });

  test('is left alone for as long as it asked, over a restart too', async () => {
    const { world, state, asked } = await open();
    state.failure = { kind: 'overload', retryAfterMs: 20 * minuteMs, usage: null };
    await world.settle();
    await world.crash();
    await world.advance(20 * minuteMs - 1);
    await world.crash();
    await world.settle();
    expect(asked()).toBe(1);
    await world.advance(1);
    expect(asked()).toBe(2);
  });

  test('is not asked by the second step of a turn, when it went down after the first', async () => {
    const box: { world?: World } = {};
    const failure = { error: 'busy', retryAfterMs: hourMs, random: 0, isProbe: false };
    const model = buildScriptedModel(async () => {
      const { life, clock } = box.world ?? {};
      if (life && clock) await life.store.noteOutage(life.fence, failure, clock.now());
      return [call('store_data', { key: 'a', value: '1', source: null })];
    });
    const { world } = await open({ model: { agent: model } });
    box.world = world;
    await world.settle();
    expect(model.requests).toHaveLength(1);
    expect(world.sql('select key from fact')).toEqual([{ key: 'a' }]);
    expect(world.sql('select status, error from turn')).toEqual([{ status: 'failed', error: 'busy' }]);
    expect(world.sql('select due_at from jorb')).toEqual([{ due_at: world.clock.now() + hourMs }]);
  });

  test('does not keep a turn that was cut off from doing what it had said', async () => {
    const { world, state, asked } = await open();
    state.failure = undefined;
    world.diesAt = dieOnce((point) => point === 'answer.saved');
    const failure = { error: 'busy', retryAfterMs: hourMs, random: 0, isProbe: false };
    await world.tick('turns');
    await world.life.store.noteOutage(world.life.fence, failure, world.clock.now());
    await world.settle();
    expect(asked()).toBe(1);
    expect(world.sql('select wake_at is not null as wakes from jorb')).toEqual([{ wakes: 1 }]);
    expect(world.sql('select status, error from turn')).toEqual([{ status: 'failed', error: 'busy' }]);
  });

  test('is not taken for back because of an answer to what was asked before', async () => {
    const release: (() => void)[] = [];
    const model = buildScriptedModel(async ({ jorbId }) => {
      if (jorbId === 'jorb_2') throw new BrainError('busy', { kind: 'overload', usage: null });
      await new Promise<void>((resolve) => release.push(resolve));
      return [wait];
    });
    const { world } = await open({ jorbs: 2, model: { agent: model } });
    const slow = world.tick('turns');
    while (release.length === 0) await new Promise(setImmediate);
    await world.tick('turns');
    release[0]?.();
    await slow;
    expect(await world.life.store.readOutage()).toMatchObject({ failures: 1 });
  });

  test('by not answering costs the worst, and no jorb its tries', async () => {
    const model = buildScriptedModel(() => new Promise(() => {}));
    const { world } = await open({ model: { agent: model, timeoutMs: 2 * minuteMs } });
    const ticking = world.tick('turns');
    while (world.clock.nextTimerAt() === undefined) await new Promise(setImmediate);
    world.clock.advance(2 * minuteMs);
    await ticking;
    expect(await world.life.store.readOutage()).toMatchObject({
      error: 'openai did not answer within 2 min',
    });
    expect(world.sql(jorbRows)).toEqual([{ status: 'running', turn_failures: 0 }]);
    expect(world.sql('select status, cost_micros from model_call')).toEqual([
      { status: 'unknown', cost_micros: 100_000 },
    ]);
  });

  test('is forgotten by a runtime that has none', async () => {
    const world = await openWorld({ brain: buildRulesBrain() });
    const failure = { error: 'busy', retryAfterMs: hourMs, random: 0, isProbe: false };
    await world.life.store.noteOutage(world.life.fence, failure, world.clock.now());
    await world.crash();
    expect(await world.life.store.readOutage()).toBeNull();
  });
});

function begun(world: World): number {
  return Number(world.sql('select since from outage')[0]?.since ?? world.clock.now());
}

describe('the built-in rules', () => {
  const room = 'We have a room for $289 a night, March 17 to 21.';

  test('take over after the set time and not before, and say so', async () => {
    const { world } = await openBegun();
    await world.receive({ text: room });
    await world.advance(30 * minuteMs - 1);
    expect(decisions(world).filter(({ by }) => by === 'rules')).toEqual([]);
    expect(world.sql('select count(*) as facts from fact')).toEqual([{ facts: 0 }]);
    await world.advance(1);
    const taken = decisions(world).filter(({ by }) => by === 'rules');
    expect(taken).toHaveLength(1);
    expect(taken[0]?.reasoning).toMatch(
      /^The model has not answered since 2026-11-20 09:00Z; the built-in rules took note of a message, kept what it says/,
    );
    expect(world.sql('select count(*) > 0 as kept from fact')).toEqual([{ kept: 1 }]);
    expect((await takeBrief(world.owner, { peek: true })).models.outage).toMatchObject({
      ...{ error: 'the model is overloaded', fallbackAt: world.clock.now() },
    });
  });

  test('send nothing, end nothing, repeat nothing, and leave summary and message to the model', async () => {
    const { world, state, model } = await openBegun();
    const before = world.sql('select summary from jorb');
    await world.receive({ text: room });
    await world.advance(30 * minuteMs);
    const facts = world.sql('select * from fact');
    await world.advance(6 * hourMs);
    expect(decisions(world).filter(({ by }) => by === 'rules')).toHaveLength(1);
    expect(world.sql('select * from fact')).toEqual(facts);
    expect(world.wire.lines).toEqual([]);
    expect(world.sql('select status from event')).toEqual([{ status: 'routed' }]);
    expect(world.sql('select summary from jorb')).toEqual(before);
    expect(world.sql(jorbRows)).toEqual([{ status: 'running', turn_failures: 0 }]);
    state.failure = undefined;
    state.calls = [sendMessage({ text: 'Thank you.' })];
    await world.advance(15 * minuteMs);
    expect(JSON.stringify(model.requests.at(-1)?.prompt)).toContain('$289');
    expect(world.wire.lines).toHaveLength(1);
    expect(world.sql('select status from event')).toEqual([{ status: 'handled' }]);
    expect(world.sql('select summary from jorb')).toEqual([{ summary: 'the model makes 1 calls' }]);
    expect(world.sql("select what from audit where what like 'brain.%' order by seq")).toEqual([
      { what: 'brain.down' },
      { what: 'brain.fallback' },
      { what: 'brain.back' },
    ]);
  });

  test('look at each new message, and at that alone', async () => {
    const seen: string[][] = [];
    const brain = buildScriptedBrain(({ context }) => {
      seen.push(context.newMessages.map(({ text }) => text));
      return [];
    });
    const { world } = await openBegun({ brain });
    await world.receive({ text: 'one' });
    await world.advance(40 * minuteMs);
    await world.receive({ text: 'two' });
    await world.settle();
    await world.receive({ text: 'three' });
    await world.advance(hourMs);
    expect(seen).toEqual([['one'], ['two'], ['three']]);
  });

  test('may keep, ask and pause: whatever else they propose is not done', async () => {
    const brain = buildScriptedBrain(() => [
      sendMessage({ text: 'We take it.' }),
      call('complete', { outcome: 'done', evidence: [] }),
      call('fail', { reason: 'no' }),
      wait,
      call('advance_phase', {}),
      call('toString', {}),
      call('store_data', { key: 'a', value: '1', source: null }),
      call('ask_owner', { question: 'Is $289 right?' }),
    ]);
    const { world } = await openBegun({ brain });
    await world.receive({ text: 'one' });
    await world.advance(hourMs);
    expect(world.sql("select payload ->> 'kind' as kind, status from action")).toEqual([
      { kind: 'ask_owner', status: 'awaiting_approval' },
    ]);
    expect(world.sql('select key from fact')).toEqual([{ key: 'a' }]);
    expect(world.sql('select status, pause_cause from jorb')).toEqual([
      { status: 'paused', pause_cause: 'question' },
    ]);
    expect(world.sql("select count(*) as done from phase where status = 'done'")).toEqual([{ done: 0 }]);
  });

  test.each(['answer.saved', 'effect.applied', 'turn.ended'])(
    'leave the message to the model although the process dies at %s',
    async (point) => {
      const brain = buildScriptedBrain(({ steps }) =>
        steps.length > 0 ? [] : [call('ask_owner', { question: 'Is $289 right?' })],
      );
      const { world, state, model } = await openBegun({ brain });
      await world.receive({ text: room });
      await world.advance(30 * minuteMs - 1);
      world.diesAt = dieOnce((reached) => reached === point);
      await world.advance(hourMs);
      expect(world.crashes).toBe(1);
      expect(world.sql('select status from event')).toEqual([{ status: 'routed' }]);
      state.failure = undefined;
      model.requests.splice(0);
      await setJorbStatus(world.owner, { id: 'jorb_1', command: 'resume', reason: null });
      await world.advance(hourMs);
      expect(JSON.stringify(model.requests.at(0)?.prompt)).toContain('$289');
    },
  );

  test('can pause a jorb, whose message the model sees when the owner lets it go on', async () => {
    const brain = buildScriptedBrain(() => [call('pause', { reason: 'too dear' })]);
    const { world, state, model } = await openBegun({ brain });
    await world.receive({ text: 'it is $900' });
    await world.advance(hourMs);
    expect(world.sql('select status, pause_cause from jorb')).toEqual([
      { status: 'paused', pause_cause: 'agent' },
    ]);
    state.failure = undefined;
    await setJorbStatus(world.owner, { id: 'jorb_1', command: 'resume', reason: null });
    await world.advance(hourMs);
    expect(JSON.stringify(model.requests.at(-1)?.prompt)).toContain('$900');
  });

  test.each([
    'before saveAnswer',
    'answer.saved',
    'effect.applied',
    'before putBackTurn',
    'after putBackTurn',
  ])('that die at %s note each message once and lose none', async (point) => {
    const { world, state, model } = await openBegun();
    await world.receive({ text: room });
    await world.advance(30 * minuteMs - 1);
    world.diesAt = dieOnce((reached) => reached === point);
    await world.advance(2 * hourMs);
    expect(world.crashes).toBe(1);
    const keys = world.sql('select key from fact').map(({ key }) => key);
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys).size).toBe(keys.length);
    expect(decisions(world).filter(({ by }) => by === 'rules')).toHaveLength(1);
    state.failure = undefined;
    await world.advance(15 * minuteMs);
    expect(JSON.stringify(model.requests.at(-1)?.prompt)).toContain('$289');
  });
});
