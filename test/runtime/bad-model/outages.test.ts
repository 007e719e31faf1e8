import { describe, expect, test } from 'vitest';
import { modelProviders } from '../../../src/domain/brain.ts';
import { minuteMs, secondMs } from '../../../src/lib/duration.ts';
import {
  expectCounted,
  expectReplied,
  expectRetried,
  expectSentence,
  readOwnerTexts,
} from '../../support/models/expect-thinking.ts';
import type { Fault } from '../../support/models/fault.ts';
import { openThinkingWorld, replies, type ThinkingWorld } from '../../support/models/thinking-world.ts';
import { dieOnce } from '../../support/mortality.ts';

const status = (code: number, retryAfter?: number): Fault => ({
  ...{ kind: 'status', status: code },
  ...(retryAfter !== undefined && { retryAfter }),
});
const faults: [string, Fault, string][] = [
  ['is asked too often', status(429), 'is overloaded or failing: '],
  ['fails', status(500), 'is overloaded or failing: '],
  ['has a broken gateway', status(502), 'is overloaded or failing: '],
  ['has a gateway without patience', status(504), 'gave up waiting'],
  ['is overloaded', status(529), 'is overloaded or failing: '],
  [
    'fails in the middle of an answer',
    { kind: 'midstream', type: 'overloaded_error' },
    'is overloaded or failing: ',
  ],
  ['breaks off', { kind: 'cut' }, 'broke off in the middle of an answer'],
  ['ends too soon', { kind: 'short' }, 'broke off in the middle of an answer'],
  ['hangs up', { kind: 'reset' }, 'cannot be reached (ECONNRESET)'],
];

describe.each(modelProviders)('%s, when it', (wire) => {
  test.each(faults)('%s, is asked again later and told of until then', async (_, fault, words) => {
    const thinking = await openThinkingWorld(wire);
    thinking.server.faults.push(fault);
    thinking.think(replies);
    await thinking.hear();
    await expectRetried(thinking, 15 * secondMs);
    const outage = await thinking.world.life.store.readOutage();
    expectSentence(outage?.error);
    expect(outage?.error).toContain(words);
    expect(await readOwnerTexts(thinking)).toContain(
      `The model has not answered since 2026-11-20 09:00Z: ${outage?.error}; asked again at 2026-11-20 09:00Z`,
    );
    await thinking.world.advance(15 * secondMs);
    await expectReplied(thinking);
    expect(await thinking.world.life.store.readOutage()).toBeNull();
  });

  test('says when to come back, is left alone until exactly then, over a restart too', async () => {
    const thinking = await openThinkingWorld(wire);
    const { world, server } = thinking;
    server.faults.push(status(429, 120));
    thinking.think(replies);
    await thinking.hear();
    await expectRetried(thinking, 120 * secondMs);
    const asked = server.requests.length;
    await world.crash();
    await world.advance(119 * secondMs);
    await world.crash();
    await world.advance(secondMs - 1);
    await world.settle();
    expect(server.requests).toHaveLength(asked);
    await world.advance(1);
    expect(server.requests).toHaveLength(asked + 1);
    await expectReplied(thinking);
  });

  test('takes too long to begin, is cut off and counted at its worst', async () => {
    const thinking = await openThinkingWorld(wire, { model: { timeoutMs: 2 * minuteMs } });
    await hearSilence(thinking, 2 * minuteMs, { kind: 'hang' });
    await expectRetried(thinking, 15 * secondMs);
    expect(await thinking.world.life.store.readOutage()).toMatchObject({
      error: `${wire} did not answer within 2 min`,
    });
    await thinking.server.waitForHangUp();
    await thinking.world.advance(15 * secondMs);
    await expectReplied(thinking);
  });

  test('falls silent in the middle, is cut off and counted', async () => {
    const thinking = await openThinkingWorld(wire, { model: { timeoutMs: 2 * minuteMs } });
    await hearSilence(thinking, 2 * minuteMs, { kind: 'stall' });
    await expectRetried(thinking, 15 * secondMs);
    await thinking.server.waitForHangUp();
    await thinking.world.advance(15 * secondMs);
    await expectReplied(thinking);
  });

  test('is down while its process dies, is counted once and goes on', async () => {
    const thinking = await openThinkingWorld(wire);
    const { world, server } = thinking;
    thinking.think(replies);
    world.diesAt = dieOnce((point) => point === 'after reserveModelCall');
    await thinking.hear();
    await world.advance(minuteMs);
    expect(world.wire.lines).toHaveLength(1);
    const rows = world.sql('select status, cost_micros from model_call order by id');
    expect(rows).toHaveLength(server.requests.length + 1);
    // The process that died may have asked: nobody knows, so the worst stays.
    expect(rows.filter((row) => row.status === 'reserved')).toEqual([
      { status: 'reserved', cost_micros: expect.any(Number) },
    ]);
  });

  test('is never asked for free, through an hour of all that can go wrong', async () => {
    const thinking = await openThinkingWorld(wire);
    const { world, server } = thinking;
    thinking.think(replies);
    server.faults.push(...faults.map(([, fault]) => fault), { kind: 'garbage' });
    await thinking.hear();
    await world.advance(90 * minuteMs);
    await expectReplied(thinking);
    await expectCounted(thinking);
  });
});

/** Lets the fake clock pass once the server holds the request and sends no more. */
async function hearSilence({ world, server, ...thinking }: ThinkingWorld, ms: number, fault: Fault) {
  server.faults.push(fault);
  thinking.think(replies);
  await world.receive({ text: 'We have a room for you.' });
  await world.tick('debouncer');
  await world.tick('router');
  const arrived = server.waitForRequests(server.requests.length + 1);
  const turn = world.tick('turns');
  await arrived;
  while (world.clock.nextTimerAt() === undefined) await new Promise(setImmediate);
  world.clock.advance(ms);
  await turn;
  await world.settle();
}
