import { describe, expect, test } from 'vitest';
import type { ChannelAdapter, SendOutcome } from '../../src/domain/channel.ts';
import { minuteMs, secondMs } from '../../src/lib/duration.ts';
import { computeRetryDelay } from '../../src/runtime/outbox.ts';
import type { PipelineDeps } from '../../src/runtime/pipeline.ts';
import { buildQueueBrain, sendMessage } from '../support/brains.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld, type World } from '../support/world.ts';

const outboxRows = `select status, attempts, error from outbox`;

/** A world in which one message waits in the outbox. */
async function openWithMessage(change?: (deps: PipelineDeps) => PipelineDeps): Promise<World> {
  const brain = buildQueueBrain();
  brain.say(sendMessage({ text: 'Is a room free?' }));
  const world = await openWorld({ brain, ...(change ? { change } : {}) });
  await world.owner.store.createJorb(buildNewJorb(), world.clock.now());
  await world.tick('turns');
  expect(world.sql(outboxRows)).toMatchObject([{ status: 'queued' }]);
  return world;
}

/** The wire of the world with another way of sending. */
function answering(send: (nth: number) => SendOutcome | Promise<SendOutcome>) {
  let sends = 0;
  return (deps: PipelineDeps): PipelineDeps => ({
    ...deps,
    channels: deps.channels.map(
      (channel): ChannelAdapter => ({
        ...channel,
        send: async () => {
          sends += 1;
          return send(sends);
        },
      }),
    ),
  });
}

test('a message leaves once, under the key of its row', async () => {
  const world = await openWithMessage();
  await world.tick('outbox');
  expect(await world.tick('outbox')).toBe(false);
  const [row] = world.sql('select key, text, status, receipt from outbox');
  expect(row).toMatchObject({ status: 'sent', receipt: row?.key });
  expect(world.wire.lines).toEqual([
    { at: '2026-11-20T09:00:00.000Z', to: 'magic', text: row?.text, key: row?.key, jorb: 'jorb_1' },
  ]);
  expect(world.sql('select status from action')).toEqual([{ status: 'done' }]);
});

test('what the wire did not take is tried again, later each time, and given up after eight tries', async () => {
  const world = await openWithMessage(answering(() => ({ kind: 'retry', error: 'the line is busy' })));
  const start = world.clock.now();
  const tries: number[] = [];
  for (let count = 0; count < 8; count++) {
    await world.tick('outbox');
    tries.push((world.clock.now() - start) / secondMs);
    const [{ available_at: at } = {}] = world.sql('select available_at from outbox');
    world.clock.advance(Math.max(0, Number(at) - world.clock.now()));
  }
  expect(tries).toEqual([0, 5, 15, 35, 75, 155, 315, 635]);
  expect(world.sql(outboxRows)).toEqual([
    { status: 'failed', attempts: 8, error: 'the line is busy (given up after 8 attempts)' },
  ]);
});

test.each([
  [1, 5 * secondMs],
  [2, 10 * secondMs],
  [7, 320 * secondMs],
  [8, 640 * secondMs],
  [9, 15 * minuteMs],
  [60, 15 * minuteMs],
])('after attempt %i it waits %i ms', (attempts, delay) => {
  expect(computeRetryDelay(attempts)).toBe(delay);
});

test('what the wire will never take fails at once', async () => {
  const world = await openWithMessage(answering(() => ({ kind: 'failed', error: 'no such number' })));
  await world.settle();
  expect(world.sql(outboxRows)).toEqual([{ status: 'failed', attempts: 1, error: 'no such number' }]);
});

test('a message without a channel fails with a sentence', async () => {
  const world = await openWithMessage((deps) => ({ ...deps, channels: [] }));
  await world.settle();
  expect(world.sql(outboxRows)).toMatchObject([
    { status: 'failed', error: 'there is no loopback channel to send it on' },
  ]);
});

describe('a message that may have left', () => {
  test.each<[string, (nth: number) => SendOutcome | Promise<SendOutcome>]>([
    ['the wire does not know', () => ({ kind: 'unknown', error: 'the line went dead' })],
    [
      'the adapter throws',
      () => {
        throw new TypeError('a bug');
      },
    ],
  ])('is unknown and stays so when %s', async (_, send) => {
    const world = await openWithMessage(answering(send));
    await world.settle();
    await world.advance(3 * minuteMs);
    expect(world.sql(outboxRows)).toMatchObject([{ status: 'unknown', attempts: 1 }]);
    expect(world.sql('select status from action')).toEqual([{ status: 'unknown' }]);
  });

  test('is unknown when the wire says nothing for 30 seconds', async () => {
    const world = await openWithMessage(answering(() => new Promise(() => {})));
    const ticking = world.tick('outbox');
    while (world.clock.nextTimerAt() === undefined) await new Promise(setImmediate);
    world.clock.advance(30 * secondMs);
    await ticking;
    expect(world.sql(outboxRows)).toMatchObject([{ status: 'unknown' }]);
  });
});

test('a result that the store cannot take is kept, and nothing is sent again for it', async () => {
  let isFull = true;
  const world = await openWithMessage((deps) => ({
    ...deps,
    store: {
      ...deps.store,
      settleDelivery: async (...given) => {
        if (isFull) throw new Error('the disk is full');
        return deps.store.settleDelivery(...given);
      },
    },
  }));
  await expect(world.tick('outbox')).rejects.toThrow('the disk is full');
  await expect(world.tick('outbox')).rejects.toThrow('the disk is full');
  isFull = false;
  await world.settle();
  expect(world.sql(outboxRows)).toMatchObject([{ status: 'sent' }]);
  expect(world.wire.lines).toHaveLength(1);
});

describe('when the process is to end while a message is handed over', () => {
  async function endDuringSend(outcome: SendOutcome) {
    let answer = (_: SendOutcome) => {};
    const world = await openWithMessage(
      answering(
        () =>
          new Promise<SendOutcome>((resolve) => {
            answer = resolve;
          }),
      ),
    );
    const ticking = world.tick('outbox');
    while (world.clock.nextTimerAt() === undefined) await new Promise(setImmediate);
    world.life.abort.abort();
    answer(outcome);
    await ticking;
    return world;
  }

  test('what the wire still says is kept', async () => {
    const world = await endDuringSend({ kind: 'sent', receipt: 'r' });
    expect(world.sql(outboxRows)).toMatchObject([{ status: 'sent' }]);
  });

  test('what it does not say is left to recovery, which can ask', async () => {
    const world = await endDuringSend({ kind: 'unknown', error: 'aborted' });
    expect(world.sql(outboxRows)).toMatchObject([{ status: 'sending' }]);
    await world.crash();
    expect(world.sql(outboxRows)).toMatchObject([{ status: 'queued' }]);
  });

  test('no other message is begun', async () => {
    const world = await openWithMessage();
    world.life.abort.abort();
    expect(await world.tick('outbox')).toBe(false);
    expect(world.sql(outboxRows)).toMatchObject([{ status: 'queued' }]);
  });
});
