import { describe, expect, test } from 'vitest';
import { maxOpenMs } from '../../src/domain/extension.ts';
import type { Effect, PromiseRecord } from '../../src/domain/turn.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../src/lib/duration.ts';
import { testEpoch } from './clock.ts';
import { type Pipeline, sendTo, startPipeline } from './pipeline-driver.ts';
import type { OpenStore } from './store-suite.ts';

type Made = Extract<PromiseRecord, { kind: 'made' }>;

const make = (more: Partial<Made> = {}): Effect => ({
  kind: 'record_promise',
  promise: {
    ...{ kind: 'made', by: 'them', with: 'magic', text: 'to send the offer', sourceEventId: null },
    dueAt: testEpoch + dayMs,
    ...more,
  },
});

const close = (id: `promise_${number}`, status: 'kept' | 'broken' | 'released' = 'kept'): Effect => ({
  kind: 'record_promise',
  promise: { kind: 'closed', id, status },
});

export function describePromises(open: OpenStore): void {
  const start = async () => {
    const pipeline = await startPipeline(await open());
    const id = await pipeline.createJorb();
    const detail = async () => {
      const found = await pipeline.store.getJorb(id);
      if (!found) throw new Error('the jorb is gone');
      return found;
    };
    return { pipeline, id, detail };
  };
  const nextDueAt = ({ store, fence, now }: Pipeline) =>
    store.getNextDueAt(fence, { staleMs: 30 * dayMs }, now);

  describe('a promise', () => {
    test('is kept with who made it, to whom, by when and where it was said', async () => {
      const { pipeline, detail } = await start();
      const said = await pipeline.deliver('We call you tomorrow.');
      await pipeline.takeTurn([
        make({ dueAt: null, by: 'us', with: 'loopback:hotel', text: ' to say no ' }),
        make({ dueAt: testEpoch + 2 * dayMs, text: 'to call' }),
        make({ sourceEventId: said.id }),
      ]);
      expect((await detail()).promises).toEqual([
        {
          ...{ id: 'promise_3', by: 'them', text: 'to send the offer' },
          ...{ with: { channel: 'loopback', address: 'magic' }, dueAt: testEpoch + dayMs },
          sourceEventId: said.id,
        },
        expect.objectContaining({ id: 'promise_2', text: 'to call', sourceEventId: null }),
        expect.objectContaining({
          ...{ id: 'promise_1', by: 'us', text: 'to say no', dueAt: null },
          with: { channel: 'loopback', address: 'hotel' },
        }),
      ]);
    });

    test('is of a contact and a message of this jorb, and not of the past', async () => {
      const { pipeline, detail } = await start();
      const foreign = await pipeline.deliver('hello', { from: 'stranger' });
      const outcomes = await pipeline.takeTurn([
        make({ with: 'stranger' }),
        make({ text: ' ' }),
        make({ text: 'x'.repeat(501) }),
        make({ sourceEventId: foreign.id }),
        make({ dueAt: testEpoch - dayMs }),
        make({ dueAt: testEpoch + 30 * secondMs }),
        make({ dueAt: Number.NaN }),
      ]);
      expect(outcomes.map(({ isError }) => isError)).toEqual(Array(7).fill(true));
      expect(outcomes[0]?.text).toContain('there are loopback:magic, loopback:hotel');
      expect((await detail()).promises).toEqual([]);
    });

    test('said twice is one, and there are fifty at most', async () => {
      const { pipeline, detail } = await start();
      const many = Array.from({ length: 51 }, (_, index) => make({ text: `number ${index}` }));
      const outcomes = await pipeline.takeTurn([make(), make(), ...many]);
      expect(outcomes[1]?.text).toContain('promise_1');
      expect(outcomes.map(({ isError }) => isError).filter(Boolean)).toHaveLength(2);
      expect((await detail()).promises).toHaveLength(50);
    });

    test('is closed once, by its own jorb', async () => {
      const { pipeline, detail } = await start();
      await pipeline.takeTurn([make()]);
      await pipeline.createJorb();
      const [foreign] = await pipeline.takeTurn([close('promise_1')]);
      expect(foreign).toMatchObject({ isError: true, text: 'promise_1 is no open promise of this errand' });
      await pipeline.deliver('Here it is.', { from: 'hotel' });
      expect((await detail()).promises).toHaveLength(1);
    });

    test('that was closed is closed for good', async () => {
      const { pipeline, detail } = await start();
      const turn = await pipeline.openTurn();
      await turn.apply(make());
      expect((await turn.apply(close('promise_1', 'broken'))).isError).toBe(false);
      expect((await turn.apply(close('promise_1', 'kept'))).isError).toBe(true);
      expect((await detail()).promises).toEqual([]);
    });

    test('is due within a year, so that no errand waits for ever', async () => {
      const { pipeline } = await start();
      const turn = await pipeline.openTurn();
      const far = await turn.apply(make({ dueAt: Date.UTC(9999, 11, 31) }));
      expect(far).toMatchObject({ isError: true, text: expect.stringContaining('a year ahead') });
      expect((await turn.apply(make({ dueAt: testEpoch + 366 * dayMs }))).isError).toBe(false);
    });

    test('is released when its jorb ends', async () => {
      const { pipeline, id, detail } = await start();
      await pipeline.takeTurn([make()]);
      await pipeline.store.moveJorb(id, 'cancel', null, pipeline.now);
      expect((await detail()).promises).toEqual([]);
      expect(await nextDueAt(pipeline)).toBeUndefined();
    });
  });

  describe('a promise that is due', () => {
    test('wakes its jorb once', async () => {
      const { pipeline } = await start();
      await pipeline.takeTurn([make()]);
      expect(await nextDueAt(pipeline)).toBe(testEpoch + dayMs);
      pipeline.now += dayMs - 1;
      expect(await pipeline.store.wakeJorbs(pipeline.fence, pipeline.now)).toBe(0);
      pipeline.now += 1;
      expect(await pipeline.store.wakeJorbs(pipeline.fence, pipeline.now)).toBe(1);
      expect(await pipeline.store.wakeJorbs(pipeline.fence, pipeline.now)).toBe(0);
      const turn = await pipeline.openTurn();
      expect(turn.claimed.context).toMatchObject({ triggers: ['wake'], promises: [{ id: 'promise_1' }] });
      await turn.finish();
      expect(await nextDueAt(pipeline)).toBe(testEpoch + maxOpenMs);
    });

    test('wakes its jorb together with all others of the same minute', async () => {
      const { pipeline } = await start();
      await pipeline.takeTurn(
        Array.from({ length: 20 }, (_, index) =>
          make({ text: `to call, ${index}`, dueAt: testEpoch + hourMs - index * secondMs }),
        ),
      );
      let turns = 0;
      for (let second = 0; second < 90; second++) {
        pipeline.now = testEpoch + hourMs - minuteMs + second * secondMs;
        await pipeline.store.wakeJorbs(pipeline.fence, pipeline.now);
        const turn = await pipeline.claim();
        if (!turn) continue;
        turns += 1;
        await pipeline.store.finishTurn(pipeline.fence, turn.id, pipeline.now);
      }
      expect(turns).toBe(1);
    });

    test('wakes nobody once it is closed, and a paused jorb when it goes on', async () => {
      const { pipeline, id } = await start();
      await pipeline.takeTurn([make(), make({ text: 'to call' }), close('promise_1')]);
      await pipeline.store.moveJorb(id, 'pause', null, pipeline.now);
      pipeline.now += dayMs;
      expect(await nextDueAt(pipeline)).toBe(testEpoch + maxOpenMs);
      expect(await pipeline.store.wakeJorbs(pipeline.fence, pipeline.now)).toBe(0);
      await pipeline.store.moveJorb(id, 'resume', null, pipeline.now);
      expect(await pipeline.store.wakeJorbs(pipeline.fence, pipeline.now)).toBe(1);
    });

    test('keeps its jorb from going stale until then', async () => {
      const { pipeline } = await start();
      await pipeline.takeTurn([make({ dueAt: testEpoch + 9 * dayMs })]);
      expect(await pipeline.store.getNextDueAt(pipeline.fence, { staleMs: hourMs }, pipeline.now)).toBe(
        testEpoch + 9 * dayMs,
      );
      expect(await pipeline.store.pauseStaleJorbs(pipeline.fence, hourMs, testEpoch + dayMs)).toBe(0);
    });
  });

  describe('the promises that a turn knows', () => {
    test('are those that were open when it began, whatever it did to them', async () => {
      const { pipeline } = await start();
      await pipeline.takeTurn([make({ text: 'one' }), make({ text: 'two', dueAt: testEpoch + hourMs })]);
      await pipeline.deliver('hello');
      const turn = await pipeline.openTurn();
      const seen = turn.claimed.context.promises.map(({ text }) => text);
      expect(seen).toEqual(['two', 'one']);
      await turn.apply(close('promise_1'));
      await turn.apply(make({ text: 'three' }));
      pipeline.fence = await pipeline.store.raiseEpoch('other', pipeline.now);
      const taken = await pipeline.claim();
      expect(taken?.context.promises).toEqual(turn.claimed.context.promises);
      await pipeline.store.failTurn(pipeline.fence, turn.claimed.id, 'no answer', pipeline.now, pipeline.now);
      expect((await pipeline.claim())?.context.promises.map(({ text }) => text)).toEqual(['two', 'three']);
    });
  });

  describe('a wake', () => {
    test('stands until its turn has finished, and makes one turn due', async () => {
      const { pipeline, detail } = await start();
      await pipeline.takeTurn([{ kind: 'schedule_wake', at: testEpoch + hourMs, reason: 'ask again' }]);
      pipeline.now += hourMs;
      expect(await pipeline.store.wakeJorbs(pipeline.fence, pipeline.now)).toBe(1);
      expect(await pipeline.store.wakeJorbs(pipeline.fence, pipeline.now)).toBe(0);
      const turn = await pipeline.openTurn();
      expect(turn.claimed.context.jorb).toMatchObject({ wakeAt: pipeline.now, wakeReason: 'ask again' });
      expect(await pipeline.store.wakeJorbs(pipeline.fence, pipeline.now)).toBe(0);
      expect(await nextDueAt(pipeline)).toBeGreaterThan(pipeline.now);
      await turn.finish();
      expect((await detail()).jorb).toMatchObject({ wakeAt: null, wakeReason: null });
      expect(await pipeline.claim()).toBeUndefined();
    });

    test('does not press a turn that is to be tried later', async () => {
      const { pipeline } = await start();
      await pipeline.takeTurn([{ kind: 'schedule_wake', at: testEpoch + hourMs, reason: 'ask again' }]);
      pipeline.now += hourMs;
      await pipeline.store.wakeJorbs(pipeline.fence, pipeline.now);
      await (await pipeline.openTurn()).fail('no answer', pipeline.now + minuteMs);
      expect(await pipeline.store.wakeJorbs(pipeline.fence, pipeline.now)).toBe(0);
      expect(await nextDueAt(pipeline)).toBe(pipeline.now + minuteMs);
    });

    test('that a turn did not live to see comes after it', async () => {
      const { pipeline } = await start();
      await pipeline.takeTurn([{ kind: 'schedule_wake', at: testEpoch + hourMs, reason: 'ask again' }]);
      await pipeline.deliver('hello');
      const turn = await pipeline.openTurn();
      await turn.apply(sendTo('magic', 'hi'));
      pipeline.now += hourMs;
      await turn.finish();
      expect(await pipeline.store.wakeJorbs(pipeline.fence, pipeline.now)).toBe(1);
      expect((await pipeline.claim())?.context).toMatchObject({ jorb: { wakeReason: 'ask again' } });
    });
  });
}
