import { describe, expect, test } from 'vitest';
import { type Brain, BrainError, type BrainRequest } from '../../src/domain/brain.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { setJorbStatus } from '../../src/runtime/owner/set-jorb-status.ts';
import { buildQueueBrain, call, sendMessage, toAnswer } from '../support/brains.ts';
import { dieOnce } from '../support/mortality.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld } from '../support/world.ts';

const jorbRow = 'select status, pause_cause, reason from jorb';
const turnRows = 'select status from turn order by id';

/** One running jorb, due. */
async function openWithJorb(brain: Brain) {
  const world = await openWorld({ brain });
  await world.owner.store.createJorb(buildNewJorb(), world.clock.now());
  return world;
}

const silent: Brain = {
  name: 'silent',
  step: async () => ({ ...toAnswer([]), reasoning: 'I have looked.' }),
};
const empty: Brain = { name: 'empty', step: async () => ({ ...toAnswer([]), reasoning: '' }) };
const wakeIn = (minutes: number, reason: string) =>
  call('schedule_wake', { at: null, minutes_from_now: minutes, reason });

describe('an errand in which nothing would be awaited', () => {
  test('pauses after one more step, with the words of its brain', async () => {
    const world = await openWithJorb(silent);
    await world.settle();
    expect(world.sql(jorbRow)).toEqual([
      { status: 'paused', pause_cause: 'agent', reason: 'I have looked.' },
    ]);
    expect(world.sql(turnRows)).toEqual([{ status: 'finished' }]);
    expect(world.sql('select count(*) steps from step')).toEqual([{ steps: 2 }]);
  });

  test('pauses after three answers that hold nothing, and the turn has failed', async () => {
    const world = await openWithJorb(empty);
    await world.settle();
    const reason = '3 steps in a row went wrong, the last since the model answered nothing';
    expect(world.sql(jorbRow)).toEqual([{ status: 'paused', pause_cause: 'error', reason }]);
    expect(world.sql(turnRows)).toEqual([{ status: 'failed' }]);
  });

  test.each(['answer.saved', 'turn.ended', 'turn.settled'])(
    'pauses the same way when its process dies at %s',
    async (fatal) => {
      const world = await openWithJorb(silent);
      world.diesAt = dieOnce((point) => point === fatal);
      await world.settle();
      expect(world.crashes).toBe(1);
      expect(world.sql(jorbRow)).toEqual([
        { status: 'paused', pause_cause: 'agent', reason: 'I have looked.' },
      ]);
      expect(world.sql('select count(*) steps from step')).toEqual([{ steps: 2 }]);
    },
  );

  test('goes on when the owner resumes it', async () => {
    const brain = buildQueueBrain();
    const world = await openWithJorb({ ...silent, step: (...given) => thinking.step(...given) });
    let thinking: Brain = silent;
    await world.settle();
    thinking = brain;
    brain.say(sendMessage({ text: 'Is a room free?' }));
    await setJorbStatus(world.otherFace, { id: 'jorb_1', command: 'resume', reason: null });
    await world.settle();
    expect(world.wire.lines).toHaveLength(1);
    expect(world.sql(jorbRow)).toMatchObject([{ status: 'running' }]);
  });
});

describe('a model that refuses', () => {
  test('pauses the errand with what it said, and is not asked again', async () => {
    const world = await openWithJorb({
      name: 'refusing',
      step: async () => ({ ...toAnswer([]), stop: 'refused' as const, reasoning: 'That is not allowed.' }),
    });
    await world.settle();
    expect(world.sql(jorbRow)).toEqual([
      { status: 'paused', pause_cause: 'error', reason: 'the model refused: That is not allowed.' },
    ]);
  });
});

describe('the reason of a wake', () => {
  /** What the agent was told of its wake in each turn that is not the first. */
  async function openWoken(think: (request: BrainRequest, turn: number) => ReturnType<Brain['step']>) {
    const told: { triggers: string[]; reason: string | null; isOver: boolean }[] = [];
    const turns = new Set<string>();
    const world = await openWithJorb({
      name: 'woken',
      step: async (request) => {
        const { turnId, triggers, jorb, now } = request.context;
        turns.add(turnId);
        if (turns.size === 1)
          return toAnswer(request.steps.length === 0 ? [wakeIn(60, 'look at the offers')] : []);
        if (request.steps.length === 0) {
          told.push({ triggers, reason: jorb.wakeReason, isOver: (jorb.wakeAt ?? now) <= now });
        }
        return think(request, turns.size - 1);
      },
    });
    await world.settle();
    return { world, told };
  }
  const first = { triggers: ['wake'], reason: 'look at the offers', isOver: true };

  test('is told to the turn that it causes, and gone after it', async () => {
    const { world, told } = await openWoken(async () => toAnswer([call('pause', { reason: 'seen' })]));
    await world.advance(hourMs);
    expect(told).toEqual([first]);
    expect(world.sql('select wake_at, wake_reason from jorb')).toEqual([
      { wake_at: null, wake_reason: null },
    ]);
  });

  test('is told again after a failure, even of a turn that had planned another', async () => {
    const { world, told } = await openWoken(async ({ steps }, turn) => {
      if (turn > 2) return toAnswer([call('pause', { reason: 'seen' })]);
      if (turn === 2 && steps.length === 0) return toAnswer([wakeIn(7 * 24 * 60, 'something else')]);
      throw new BrainError('overloaded', { kind: 'malformed' });
    });
    await world.advance(hourMs + 10 * minuteMs);
    expect(told).toEqual([first, first, first]);
  });

  test('is told again to a turn that another process takes up', async () => {
    const { world, told } = await openWoken(async ({ steps }) =>
      toAnswer(steps.length === 0 ? [wakeIn(7 * 24 * 60, 'something else')] : []),
    );
    world.diesAt = dieOnce((point) => point === 'turn.claimed');
    await world.advance(hourMs);
    expect(world.crashes).toBe(1);
    expect(told).toEqual([first]);
    expect(world.sql('select wake_reason from jorb')).toEqual([{ wake_reason: 'something else' }]);
  });

  test('comes once, with whatever else brought the turn', async () => {
    const { world, told } = await openWoken(async () => toAnswer([call('pause', { reason: 'seen' })]));
    world.clock.advance(2 * hourMs);
    await world.receive({ text: 'Hello?' });
    await world.settle();
    expect(told).toEqual([{ ...first, triggers: expect.arrayContaining(['wake', 'message']) }]);
  });
});

test('a promise wakes its errand when it is due, once', async () => {
  const brain = buildQueueBrain();
  const world = await openWithJorb(brain);
  const due = new Date(world.clock.now() + 3 * hourMs).toISOString();
  const made = { by: 'them', with: 'loopback:magic', text: 'to send the offer', due, source: null };
  brain.say(call('record_promise', { made, closed: null }));
  await world.settle();
  // It is what the errand waits for: nothing else is.
  expect(world.sql('select status, wake_at from jorb')).toEqual([{ status: 'running', wake_at: null }]);
  const before = brain.requests.length;
  await world.advance(3 * hourMs - 1);
  expect(brain.requests).toHaveLength(before);
  await world.advance(1);
  expect(brain.requests[before]?.context).toMatchObject({
    triggers: ['wake'],
    promises: [{ id: 'promise_1', by: 'them', text: 'to send the offer' }],
  });
  const after = brain.requests.length;
  await world.advance(dayMs);
  expect(brain.requests).toHaveLength(after);
});
