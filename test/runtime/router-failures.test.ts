import { describe, expect, test } from 'vitest';
import { BrainError, noUsage } from '../../src/domain/brain.ts';
import { hourMs, minuteMs, secondMs } from '../../src/lib/duration.ts';
import { buildScriptedModel } from '../support/brains.ts';
import { listKilledBy } from '../support/killed.ts';
import { dieOnce } from '../support/mortality.ts';
import { buildNewJorb } from '../support/store.ts';
import {
  buildIdler,
  down,
  openUndecided,
  readBatch,
  readDecision,
  readEvents,
  route,
} from '../support/undecided.ts';
import { openWorld } from '../support/world.ts';

describe('a model that does not answer', () => {
  test('is asked again later, longer apart, and what waits survives a restart', async () => {
    const { world, router } = await openUndecided(() => {
      if (router.requests.length < 4) throw down();
      return [route('jorb_2')];
    });
    await world.receive({ text: 'The pipe is mended.' });
    const askedAt: number[] = [];
    const begun = world.clock.now();
    for (let second = 0; second < 200; second += 5) {
      const before = router.requests.length;
      await world.advance(5 * secondMs);
      if (second === 20) await world.crash();
      if (router.requests.length > before) askedAt.push((world.clock.now() - begun) / secondMs);
    }
    expect(router.requests).toHaveLength(4);
    const gaps = askedAt.map((at, index) => at - (askedAt[index - 1] ?? 0));
    expect(gaps.slice(1)).toEqual([...gaps.slice(1)].sort((a, b) => a - b));
    expect(readEvents(world)).toEqual([{ jorb_id: 2, status: 'handled' }]);
    expect(world.sql('select * from outage')).toEqual([]);
  });

  test('is left alone for as long as it asks, also by the next process', async () => {
    const { world, router } = await openUndecided(() => {
      if (router.requests.length === 1) throw down(10 * minuteMs);
      return [route('jorb_2')];
    });
    await world.receive({ text: 'The pipe is mended.' });
    await world.settle();
    await world.crash();
    await world.advance(10 * minuteMs - 1);
    expect(router.requests).toHaveLength(1);
    await world.advance(4 * minuteMs);
    expect(router.requests).toHaveLength(2);
    expect(readEvents(world)).toEqual([{ jorb_id: 2, status: 'handled' }]);
  });

  test('for too long leaves it to the owner, who reads that it is down', async () => {
    const { world } = await openUndecided(() => {
      throw down();
    });
    await world.receive({ text: 'The pipe is mended.' });
    await world.advance(29 * minuteMs);
    expect(readEvents(world)).toEqual([{ jorb_id: null, status: 'batched' }]);
    await world.advance(2 * minuteMs);
    expect(readEvents(world)).toEqual([{ jorb_id: null, status: 'unmatched' }]);
    expect(readBatch(world)).toMatchObject({
      route_reason: expect.stringContaining('the model has been down for 30 min'),
    });
    expect(readDecision(world)).toMatchObject({ by: 'rules', model: null });
    // The next need not wait as long.
    await world.receive({ text: 'And the tap.' });
    await world.settle();
    expect(readEvents(world)).toHaveLength(2);
    expect(readEvents(world)[1]).toEqual({ jorb_id: null, status: 'unmatched' });
  });

  test('within its time has timed out, and is asked again', async () => {
    const { world, router } = await openUndecided((_, signal) => {
      if (router.requests.length > 1) return [route('jorb_2')];
      return new Promise<never>((__, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      );
    });
    await world.receive({ text: 'The pipe is mended.' });
    await world.tick('debouncer');
    const asking = world.tick('router');
    await new Promise(setImmediate);
    while (world.sql('select 1 from model_call').length === 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
    world.clock.advance(4 * minuteMs);
    await asking;
    expect(readEvents(world)).toEqual([{ jorb_id: null, status: 'batched' }]);
    await world.advance(minuteMs);
    expect(router.requests).toHaveLength(2);
    expect(readEvents(world)).toEqual([{ jorb_id: 2, status: 'handled' }]);
  });

  const hopeless: [string, () => Error, string][] = [
    [
      'refuses the key',
      () => new BrainError('the key is not accepted; set LLM_API_KEY', { kind: 'permanent', usage: null }),
      'set LLM_API_KEY',
    ],
    [
      'finds it too long',
      () => new BrainError('the conversation is too long', { kind: 'too_long', usage: null }),
      'too long',
    ],
    [
      'answers with garbage',
      () => new BrainError('what came back is HTML', { kind: 'malformed', usage: noUsage }),
      'HTML',
    ],
    ['breaks', () => new Error('a secret detail'), 'the log has the details'],
  ];

  test.each(hopeless)('since it %s leaves it to the owner at once', async (_, fail, reason) => {
    const { world } = await openUndecided(() => {
      throw fail();
    });
    await world.receive({ text: 'The pipe is mended.' });
    await world.settle();
    expect(readEvents(world)).toEqual([{ jorb_id: null, status: 'unmatched' }]);
    expect(readBatch(world)).toMatchObject({ route_reason: expect.stringContaining(reason) });
    expect(JSON.stringify(readBatch(world))).not.toContain('secret');
  });

  test('since it would cost too much is not asked, and the owner reads why', async () => {
    const router = buildScriptedModel(() => [route('jorb_2')], { worstMicros: 600 });
    const limits = { dayMicros: 500, jorbMicros: 500 };
    const world = await openWorld({ brain: buildIdler(), model: { router, limits } });
    for (const name of ['a', 'b']) {
      await world.otherFace.store.createJorb(buildNewJorb({ name, requestHash: name }), world.clock.now());
    }
    await world.receive({ text: 'The pipe is mended.' });
    await world.settle();
    expect(router.requests).toHaveLength(0);
    expect(readEvents(world)).toEqual([{ jorb_id: null, status: 'unmatched' }]);
    expect(readBatch(world)).toMatchObject({
      route_reason: expect.stringContaining('MODEL_SPEND_LIMIT_DAY'),
    });
  });
});

describe('a process that dies while it routes', () => {
  test.each([
    ...listKilledBy('router'),
    'batch.routed',
    'before routeBatch',
    'after routeBatch',
    'before settleRouting',
    'after settleRouting',
    'after reserveModelCall',
    'before settleModelCall',
    'after postponeRouting',
  ])('at "%s" loses nothing: the message is routed once', async (point) => {
    const { world, router } = await openUndecided(() => {
      if (router.requests.length === 1) throw down();
      return [route('jorb_2')];
    });
    world.diesAt = dieOnce((reached) => reached === point);
    const before = world.crashes;
    await world.receive({ text: 'The pipe is mended.' });
    await world.advance(hourMs);
    expect(world.crashes).toBe(before + 1);
    expect(readEvents(world)).toEqual([{ jorb_id: 2, status: 'handled' }]);
    expect(world.sql(`select count(*) n from decision where kind = 'routing'`)).toEqual([{ n: 1 }]);
    expect(world.sql(`select count(*) n from audit where what = 'message.routed'`)).toEqual([{ n: 1 }]);
  });
});
