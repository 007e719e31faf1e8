import { describe, expect, test } from 'vitest';
import type { JorbId, RunId } from '../../src/domain/ids.ts';
import { dayMs, minuteMs } from '../../src/lib/duration.ts';
import { calendar, startHandoffs } from './handoff-scene.ts';
import { buildTurn, sendTo } from './pipeline-driver.ts';
import { buildSteering } from './store.ts';
import type { OpenStore } from './store-suite.ts';

export function describeResets(open: OpenStore): void {
  describeIntervals(open);
  describeLongContexts(open);
}

function describeIntervals(open: OpenStore): void {
  const start = () => startHandoffs(open);

  describe('a reset', () => {
    test('begins when its days have passed by the calendar, and not before', async () => {
      const { pipeline, look, claim } = await start();
      await pipeline.createJorb();
      expect(await look(1)).toEqual({ kind: 'not_due', inDays: 2 });
      expect(await look(1)).toEqual({ kind: 'not_due', inDays: 1 });
      expect(await claim()).toBeUndefined();
      expect(await look(1)).toEqual({ kind: 'begun', handoffs: 1 });
      expect(await claim()).toMatchObject({ id: 'handoff_1', failures: 0, isFallback: false });
    });

    test('counts local days: late in the evening is as good as early', async () => {
      const { pipeline, begin, store } = await start();
      await pipeline.createJorb();
      pipeline.now = Date.UTC(2026, 10, 23, 4, 30);
      const run = await store.claimRun(pipeline.fence, calendar, pipeline.now);
      expect(await begin(run?.id as RunId)).toEqual({ kind: 'begun', handoffs: 1 });
    });

    test('is of no errand at all while there is none', async () => {
      const { look } = await start();
      expect(await look(9)).toEqual({ kind: 'no_activity' });
    });

    test('is once for a run, however often it is begun', async () => {
      const { pipeline, store, begin, look, claim, mustClaim } = await start();
      await pipeline.createJorb();
      pipeline.now += 3 * dayMs;
      const run = await store.claimRun(pipeline.fence, calendar, pipeline.now);
      if (!run) throw new Error('no run is due');
      const first = await begin(run.id);
      expect(await begin(run.id)).toEqual(first);
      await mustClaim();
      expect(await claim()).toBeUndefined();
      await store.finishRun(pipeline.fence, run.id, 'looked', pipeline.now);
      expect(await look(1)).toEqual({ kind: 'not_due', inDays: 2 });
    });

    test('is for what the owner or the world has done something in since its last handoff', async () => {
      const { pipeline, store, look, mustClaim, claim, accept } = await start();
      const quiet = await pipeline.createJorb();
      const busy = await pipeline.createJorb();
      await look(3);
      for (let left = 2; left > 0; left--) await accept((await mustClaim()).id);
      expect(await look(3)).toEqual({ kind: 'no_activity' });
      // Only of the agent's own doing.
      await pipeline.takeTurn([sendTo('magic', 'Is a room free?')]);
      await pipeline.takeTurn([sendTo('magic', 'Is a room free?')]);
      expect(await look(1)).toEqual({ kind: 'no_activity' });
      await store.steerJorb(busy, buildSteering({ guidance: 'Hurry.' }), pipeline.now);
      expect(await look(1)).toEqual({ kind: 'begun', handoffs: 1 });
      await pipeline.takeTurn([]);
      const { id, context } = await mustClaim();
      expect(context.jorb.id).toBe(busy);
      await accept(id);
      expect(await claim()).toBeUndefined();
      expect(quiet).not.toBe(busy);
    });

    test.each<[string, (harness: Awaited<ReturnType<typeof startHandoffs>>, id: JorbId) => Promise<unknown>]>(
      [
        ['a message of a contact', ({ pipeline }) => pipeline.deliver('A room is free.')],
        [
          'a message that the owner assigned',
          async ({ pipeline, store }, id) => {
            const event = await pipeline.deliver('Hello', { from: 'stranger' });
            await store.assignMessage(event.id, id, pipeline.now);
          },
        ],
        [
          'a pause of the owner',
          ({ store, pipeline }, id) => store.moveJorb(id, 'pause', null, pipeline.now),
        ],
        [
          'words of the owner',
          ({ store, pipeline }, id) =>
            store.steerJorb(id, buildSteering({ guidance: 'Hurry.' }), pipeline.now),
        ],
      ],
    )('counts %s as activity', async (_, act) => {
      const harness = await start();
      const { pipeline, look, mustClaim, accept } = harness;
      const id = await pipeline.createJorb();
      await pipeline.takeTurn([]);
      await look(3);
      await accept((await mustClaim()).id);
      expect(await look(3)).toEqual({ kind: 'no_activity' });
      await act(harness, id);
      expect(await look(1)).toEqual({ kind: 'begun', handoffs: 1 });
    });

    test('is for active errands alone', async () => {
      const { pipeline, store, look } = await start();
      await pipeline.createJorb({ start: false });
      const cancelled = await pipeline.createJorb();
      const paused = await pipeline.createJorb();
      await store.moveJorb(cancelled, 'cancel', null, pipeline.now);
      await store.moveJorb(paused, 'pause', null, pipeline.now);
      expect(await look(3)).toEqual({ kind: 'begun', handoffs: 1 });
    });

    test('leaves out a handoff that is still to be written', async () => {
      const { pipeline, look, mustClaim, claim } = await start();
      await pipeline.createJorb();
      await look(3);
      expect(await look(3)).toEqual({ kind: 'no_activity' });
      await pipeline.createJorb();
      expect(await look(1)).toEqual({ kind: 'begun', handoffs: 1 });
      await mustClaim();
      await mustClaim();
      expect(await claim()).toBeUndefined();
    });

    test('comes again after the clock was set back by more than its days', async () => {
      const { pipeline, store, begin, look, mustClaim, accept } = await start();
      const id = await pipeline.createJorb();
      await look(365);
      await accept((await mustClaim()).id);
      await store.steerJorb(id, buildSteering({ guidance: 'Hurry.' }), pipeline.now);
      pipeline.now -= dayMs;
      expect(await begin('run_9')).toMatchObject({ kind: 'not_due' });
      pipeline.now -= 360 * dayMs;
      expect(await look(0).catch(() => begin('run_1'))).toMatchObject({ kind: 'begun' });
    });

    test('that has ended is put on record once', async () => {
      const { pipeline, store, look, mustClaim, accept, fail } = await start();
      await pipeline.createJorb();
      await pipeline.createJorb();
      await look(3);
      const [one, other] = [await mustClaim(), await mustClaim()];
      await accept(one.id);
      expect(await store.readProgress()).toMatchObject({ waiting: 0 });
      await fail(other.id, null);
      expect(await store.readProgress()).toMatchObject({ waiting: 1 });
      const entry = await store.claimProgressEntry(pipeline.fence, pipeline.now);
      expect(entry?.text).toContain('They are asked.');
      expect(entry?.text).toContain('it said nothing');
    });
  });
}

function describeLongContexts(open: OpenStore): void {
  const tokens = 12_000;
  const usage = { inputTokens: tokens, cachedTokens: 0, writtenTokens: 0, outputTokens: 1 };
  const start = async () => {
    const harness = await startHandoffs(open);
    const { pipeline, store } = harness;
    const id = await pipeline.createJorb();
    return {
      ...harness,
      id,
      begin: () => store.beginLongReset(pipeline.fence, tokens, pipeline.now),
      /** A turn over so many new messages, whose prompt took so many tokens. */
      async think(messages: number, inputTokens: number) {
        pipeline.now += minuteMs;
        for (let n = 0; n < messages; n++) await pipeline.deliver(`Message ${n}`);
        await store.steerJorb(id, buildSteering({ guidance: 'Go on.' }), pipeline.now);
        const claimed = await pipeline.claim();
        if (!claimed) throw new Error('no turn is due');
        const turn = buildTurn(pipeline, claimed);
        await turn.answer({ usage: { ...usage, inputTokens } });
        await turn.answer({ usage: { ...usage, inputTokens: 5 * tokens } });
        await turn.finish();
      },
    };
  };

  describe('a long context', () => {
    test('is handed over once there is enough in it', async () => {
      const { begin, think, mustClaim, accept } = await start();
      await think(19, tokens);
      expect(await begin()).toBeUndefined();
      await think(1, tokens - 1);
      expect(await begin()).toBeUndefined();
      await think(0, tokens);
      expect(await begin()).toBe('reset_1');
      expect(await begin()).toBeUndefined();
      await accept((await mustClaim()).id);
      expect(await begin()).toBeUndefined();
      await think(19, tokens);
      expect(await begin()).toBeUndefined();
      await think(1, tokens);
      expect(await begin()).toBe('reset_2');
    });

    test('that could not be handed over is tried again when there is as much more in it', async () => {
      const { begin, think, mustClaim, fail } = await start();
      await think(20, tokens);
      await begin();
      await fail((await mustClaim()).id, null);
      expect(await begin()).toBeUndefined();
      await think(19, tokens);
      expect(await begin()).toBeUndefined();
      await think(1, tokens);
      expect(await begin()).toBe('reset_2');
    });

    test('is of no concern while all is stopped, nor once its errand does not run', async () => {
      const { begin, think, store, pipeline, id } = await start();
      await think(20, tokens);
      await store.stopEverything(null, pipeline.now);
      expect(await begin()).toBeUndefined();
      await store.resumeEverything(pipeline.now);
      await store.moveJorb(id, 'pause', null, pipeline.now);
      expect(await begin()).toBeUndefined();
      await store.moveJorb(id, 'resume', null, pipeline.now);
      expect(await begin()).toBe('reset_1');
    });
  });
}
