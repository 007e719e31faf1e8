import { describe, expect, test } from 'vitest';
import { type Brain, BrainError } from '../../src/domain/brain.ts';
import { hourMs, minuteMs, secondMs } from '../../src/lib/duration.ts';
import { resumeEverything } from '../../src/runtime/owner/resume-everything.ts';
import { setJorbStatus } from '../../src/runtime/owner/set-jorb-status.ts';
import { stopEverything } from '../../src/runtime/owner/stop-everything.ts';
import { computeRetryAt } from '../../src/runtime/turn-ending.ts';
import { buildQueueBrain, call, orWait, sendMessage, toAnswer } from '../support/brains.ts';
import { dieOnce } from '../support/mortality.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld } from '../support/world.ts';

const turnRows = 'select status, error from turn order by id';
const jorbRow = 'select status, pause_cause, reason, due_at from jorb';

/** One running jorb, due. */
async function openWithJorb(brain: Brain) {
  const world = await openWorld({ brain });
  await world.owner.store.createJorb(buildNewJorb(), world.clock.now());
  return world;
}

/** Each of its steps fails in the given way. */
function buildBrokenBrain(fail: () => Promise<never>): Brain & { steps: number } {
  const brain = {
    name: 'broken',
    steps: 0,
    step: () => {
      brain.steps += 1;
      return fail();
    },
  };
  return brain;
}

test('a turn is run once for what is due, and what it saw is handled', async () => {
  const brain = buildQueueBrain();
  const world = await openWithJorb(brain);
  await world.settle();
  await world.receive({ text: 'Hello?' });
  await world.settle();
  expect(brain.requests.at(-1)?.context.newMessages.map(({ text }) => text)).toEqual(['Hello?']);
  expect(world.sql(turnRows)).toEqual([
    { status: 'finished', error: null },
    { status: 'finished', error: null },
  ]);
  expect(world.sql('select status from event')).toEqual([{ status: 'handled' }]);
  expect(await world.tick('turns')).toBe(false);
});

test('a turn that was cut off goes on at its step, and asks and does nothing twice', async () => {
  const brain = buildQueueBrain();
  brain.say(
    call('store_data', { key: 'a', value: '1', source: null }),
    sendMessage({ text: 'Is a room free?' }),
  );
  const world = await openWithJorb(brain);
  world.diesAt = dieOnce((point) => point === 'effect.applied');
  await world.settle();
  expect(world.crashes).toBe(1);
  expect(brain.requests.filter(({ steps }) => steps.length === 0)).toHaveLength(1);
  expect(world.sql('select key, value from fact')).toEqual([{ key: 'a', value: '1' }]);
  expect(world.wire.lines).toHaveLength(1);
  expect(world.sql(turnRows)).toEqual([{ status: 'finished', error: null }]);
});

describe('a brain that fails', () => {
  test('is asked again later and later, then the jorb pauses with the error', async () => {
    const brain = buildBrokenBrain(async () => {
      throw new BrainError('the model is overloaded', { kind: 'overload' });
    });
    const world = await openWithJorb(brain);
    const start = world.clock.now();
    const tries: number[] = [];
    for (let count = 0; count < 5; count++) {
      await world.settle();
      tries.push((world.clock.now() - start) / secondMs);
      const [{ due_at: at } = {}] = world.sql(jorbRow);
      if (at !== null) world.clock.advance(Number(at) - world.clock.now());
    }
    expect(tries).toEqual([0, 30, 90, 210, 450]);
    expect(brain.steps).toBe(5);
    expect(world.sql(jorbRow)).toMatchObject([
      { status: 'paused', pause_cause: 'error', reason: 'the model is overloaded' },
    ]);
  });

  test('sees the same messages again', async () => {
    const seen: string[][] = [];
    const world = await openWithJorb({
      name: 'forgetful',
      step: async (request) => {
        const texts = request.context.newMessages.map(({ text }) => text);
        if (texts.length > 0) seen.push(texts);
        if (seen.length === 1) throw new BrainError('overloaded', { kind: 'overload' });
        return toAnswer(orWait(request, []));
      },
    });
    await world.settle();
    await world.receive({ text: 'Hello?' });
    await world.advance(minuteMs);
    expect(seen).toEqual([['Hello?'], ['Hello?']]);
  });

  test('with a bug of ours tells no one its insides', async () => {
    const brain = buildBrokenBrain(async () => {
      throw new TypeError('cannot read secret-4711');
    });
    const world = await openWithJorb(brain);
    await world.settle();
    expect(world.sql(turnRows)).toEqual([
      { status: 'failed', error: 'an internal error; the log has the details' },
    ]);
  });

  test('by not answering is cut off before its lease ends, and tried again', async () => {
    const brain = buildBrokenBrain(() => new Promise(() => {}));
    const world = await openWithJorb(brain);
    const ticking = world.tick('turns');
    while (world.clock.nextTimerAt() === undefined) await new Promise(setImmediate);
    world.clock.advance(4 * minuteMs);
    await ticking;
    expect(world.sql(turnRows)).toEqual([{ status: 'failed', error: 'broken did not answer within 4 min' }]);
    expect(world.sql(jorbRow)).toMatchObject([
      { status: 'running', due_at: world.clock.now() + 30 * secondMs },
    ]);
  });

  test('by going round in circles pauses the jorb at once', async () => {
    const world = await openWithJorb({
      name: 'looper',
      step: async () => toAnswer([call('no_such_tool', {})]),
    });
    await world.settle();
    expect(world.sql(jorbRow)).toMatchObject([{ status: 'paused', pause_cause: 'error' }]);
  });
});

describe('the owner, while the agent thinks,', () => {
  /** The owner acts in the middle of the first step; what the agent then proposes is a message. */
  async function interrupt(act: (world: Awaited<ReturnType<typeof openWorld>>) => Promise<unknown>) {
    const box: { world?: Awaited<ReturnType<typeof openWorld>> } = {};
    let steps = 0;
    box.world = await openWithJorb({
      name: 'slow',
      step: async ({ context }) => {
        steps += 1;
        if (steps === 1 && box.world) await act(box.world);
        return toAnswer(context.actions.length === 0 ? [sendMessage({ text: 'Is a room free?' })] : []);
      },
    });
    await box.world.settle();
    return box.world;
  }

  test('stops everything: the turn ends, and is made good after', async () => {
    const world = await interrupt(({ otherFace }) => stopEverything(otherFace, { reason: null }));
    expect(world.wire.lines).toEqual([]);
    expect(world.sql(turnRows)).toMatchObject([{ status: 'failed' }]);
    expect(await world.tick('turns')).toBe(false);
    await resumeEverything(world.otherFace);
    await world.settle();
    expect(world.wire.lines).toHaveLength(1);
  });

  test('pauses the jorb: the turn ends, and is made good after', async () => {
    const world = await interrupt(({ otherFace }) =>
      setJorbStatus(otherFace, { id: 'jorb_1', command: 'pause', reason: null }),
    );
    expect(world.wire.lines).toEqual([]);
    expect(world.sql(jorbRow)).toMatchObject([{ status: 'paused', pause_cause: 'owner' }]);
    await setJorbStatus(world.otherFace, { id: 'jorb_1', command: 'resume', reason: null });
    await world.settle();
    expect(world.wire.lines).toHaveLength(1);
  });

  test('cancels the jorb: nothing leaves any more', async () => {
    const world = await interrupt(({ otherFace }) =>
      setJorbStatus(otherFace, { id: 'jorb_1', command: 'cancel', reason: null }),
    );
    await world.advance(hourMs);
    expect(world.wire.lines).toEqual([]);
    expect(world.sql(jorbRow)).toMatchObject([{ status: 'cancelled' }]);
  });
});

test('a turn that the end of its process cuts off stays open, and the next takes it up', async () => {
  const box: { abort?: () => void } = {};
  let steps = 0;
  const world = await openWithJorb({
    name: 'late',
    step: async (_, signal) => {
      steps += 1;
      box.abort?.();
      signal.throwIfAborted();
      return toAnswer([]);
    },
  });
  const { abort } = world.life;
  box.abort = () => abort.abort();
  await expect(world.tick('turns')).rejects.toThrow();
  expect(world.sql(turnRows)).toEqual([{ status: 'running', error: null }]);
  await world.crash();
  await world.settle();
  expect(world.sql(turnRows)).toEqual([{ status: 'finished', error: null }]);
  expect(steps).toBeGreaterThan(1);
});

test('a turn whose lease ran out while the machine slept ends quietly, and its errand gets another', async () => {
  const box: { sleep?: () => Promise<unknown> } = {};
  const world = await openWithJorb({
    name: 'sleeper',
    step: async () => {
      await box.sleep?.();
      return toAnswer([]);
    },
  });
  box.sleep = async () => {
    delete box.sleep;
    world.clock.advance(hourMs);
    await world.tick('turns');
  };
  expect(await world.tick('turns')).toBe(true);
  await world.settle();
  expect(world.sql(turnRows)).toEqual([
    { status: 'failed', error: 'it did not come to an end within its lease' },
    { status: 'finished', error: null },
  ]);
});

test('an ending that the store cannot take is kept and written later', async () => {
  let isFull = true;
  const world = await openWorld({
    brain: buildQueueBrain(),
    change: (deps) => ({
      ...deps,
      store: {
        ...deps.store,
        finishTurn: async (...given) => {
          if (isFull) throw new Error('the disk is full');
          return deps.store.finishTurn(...given);
        },
      },
    }),
  });
  await world.owner.store.createJorb(buildNewJorb(), world.clock.now());
  await expect(world.tick('turns')).rejects.toThrow('the disk is full');
  isFull = false;
  await world.settle();
  expect(world.sql(turnRows)).toEqual([{ status: 'finished', error: null }]);
});

test.each<[boolean, number, number | null]>([
  [true, 0, 30 * secondMs],
  [true, 1, minuteMs],
  [true, 3, 4 * minuteMs],
  [true, 4, null],
  [true, 99, null],
  [false, 0, null],
])('mayRetry %s after %i failures: %s', (mayRetry, failures, after) => {
  expect(computeRetryAt({ mayRetry, random: 0 }, failures, 1000)).toBe(after === null ? null : 1000 + after);
  // Many that failed together do not try again together.
  const early = computeRetryAt({ mayRetry, random: 1 }, failures, 1000);
  expect(early).toBe(after === null ? null : 1000 + after * 0.75);
});
