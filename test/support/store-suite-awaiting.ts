import { describe, expect, test } from 'vitest';
import type { Effect } from '../../src/domain/turn.ts';
import { dayMs, hourMs } from '../../src/lib/duration.ts';
import { testEpoch } from './clock.ts';
import { allow, type Pipeline, sendTo, startPipeline, type Turn } from './pipeline-driver.ts';
import { buildSteering, buildWidening } from './store.ts';
import type { OpenStore } from './store-suite.ts';

const promise = (dueAt: number | null): Effect => ({
  kind: 'record_promise',
  promise: { kind: 'made', by: 'them', with: 'loopback:magic', text: 'to call', dueAt, sourceEventId: null },
});
const wake = { kind: 'schedule_wake', at: testEpoch + dayMs, reason: 'look' } as const;

/** What a jorb may wait for, by its rows. */
export function describeAwaiting(open: OpenStore): void {
  const start = async () => {
    const pipeline = await startPipeline(await open());
    const id = await pipeline.createJorb();
    return { pipeline, id };
  };
  const isAwaiting = ({ store }: Pipeline, { claimed }: Turn) => store.isJorbAwaiting(claimed.id);

  describe('whether a jorb awaits something', () => {
    test('is no for one that has a turn and nothing else', async () => {
      const { pipeline } = await start();
      const turn = await pipeline.openTurn();
      await turn.apply({ kind: 'store_data', key: 'price', value: '289', sourceEventId: null });
      expect(await isAwaiting(pipeline, turn)).toBe(false);
    });

    test.each<[string, Effect, boolean]>([
      ['a wake', wake, true],
      ['a promise with a time', promise(testEpoch + dayMs), true],
      ['a promise without one', promise(null), false],
      ['a message on its way', sendTo('magic', 'hello'), true],
      ['a request to a host on its way', sendTo('web:api.example.com', 'GET /rooms'), true],
      ['its own pause', { kind: 'pause', reason: 'I wait' }, true],
      ['a question to the owner', { kind: 'ask_owner', question: 'Smoking?' }, true],
    ])('with %s', async (_, effect, expected) => {
      const { pipeline } = await start();
      const turn = await pipeline.openTurn();
      const asks = effect.kind === 'ask_owner';
      const evaluate: typeof allow = (request, facts) =>
        asks
          ? { kind: 'ask', payload: request.payload, consequence: 'none', findings: [] }
          : allow(request, facts);
      expect((await turn.apply(effect, evaluate)).isError).toBe(false);
      expect(await isAwaiting(pipeline, turn)).toBe(expected);
    });

    test('counts neither a wake nor a promise that has brought its turn', async () => {
      const { pipeline } = await start();
      await pipeline.takeTurn([wake, promise(testEpoch + dayMs)]);
      pipeline.now += dayMs;
      await pipeline.store.wakeJorbs(pipeline.fence, pipeline.now);
      const turn = await pipeline.openTurn();
      expect(await isAwaiting(pipeline, turn)).toBe(false);
      await turn.apply({ ...wake, at: pipeline.now + hourMs });
      expect(await isAwaiting(pipeline, turn)).toBe(true);
    });

    test('is yes while a message of ours is unanswered, and no once that address has written', async () => {
      const { pipeline } = await start();
      await pipeline.takeTurn([sendTo('magic', 'hello'), sendTo('hotel', 'hello')]);
      await pipeline.send();
      await pipeline.send();
      pipeline.now += 1;
      await pipeline.deliver('hi', { from: 'magic' });
      const half = await pipeline.openTurn();
      expect(await isAwaiting(pipeline, half)).toBe(true);
      await half.finish();
      await pipeline.deliver('hi', { from: 'hotel' });
      const turn = await pipeline.openTurn();
      expect(await isAwaiting(pipeline, turn)).toBe(false);
      await turn.apply(sendTo('hotel', 'and breakfast?'));
      await pipeline.send({ kind: 'unknown', error: 'no answer' });
      expect(await isAwaiting(pipeline, turn)).toBe(true);
    });

    test('is no when its message failed for good', async () => {
      const { pipeline } = await start();
      await pipeline.takeTurn([sendTo('magic', 'hello')]);
      await pipeline.send({ kind: 'failed', error: 'no such address' });
      const turn = await pipeline.openTurn();
      expect(await isAwaiting(pipeline, turn)).toBe(false);
    });

    test.each<[string, (pipeline: Pipeline, id: `jorb_${number}`) => Promise<unknown>]>([
      ['a message', ({ deliver }) => deliver('hello')],
      [
        'words of the owner',
        ({ store, now }, id) => store.steerJorb(id, buildSteering({ guidance: 'hurry' }), now),
      ],
      [
        'a question to the owner',
        ({ store, now }, id) => store.steerJorb(id, buildSteering({ widening: buildWidening() }), now),
      ],
      ['a cancellation', ({ store, now }, id) => store.moveJorb(id, 'cancel', null, now)],
    ])('is yes after %s has come meanwhile', async (_, happen) => {
      const { pipeline, id } = await start();
      const turn = await pipeline.openTurn();
      await happen(pipeline, id);
      expect(await isAwaiting(pipeline, turn)).toBe(true);
    });

    test('does not see another jorb', async () => {
      const { pipeline } = await start();
      await pipeline.takeTurn([wake, promise(testEpoch + dayMs), sendTo('magic', 'hello')]);
      await pipeline.createJorb();
      const turn = await pipeline.openTurn();
      expect(await isAwaiting(pipeline, turn)).toBe(false);
    });
  });

  describe('a turn that came to no conclusion', () => {
    test('has handled what it saw, and its jorb pauses with the reason', async () => {
      const { pipeline, id } = await start();
      await pipeline.deliver('hello');
      const { claimed } = await pipeline.openTurn();
      await pipeline.store.finishStuckTurn(pipeline.fence, claimed.id, 'I am lost.', pipeline.now);
      expect((await pipeline.store.getJorb(id))?.jorb).toMatchObject({
        status: 'paused',
        pauseCause: 'agent',
        reason: 'I am lost.',
      });
      const { entries } = await pipeline.store.readTranscript(id, { order: 'oldest', limit: 5, offset: 0 });
      expect(entries).toMatchObject([{ text: 'hello', status: 'handled' }]);
    });

    test('is finished like any other when something came at the last instant', async () => {
      const { pipeline, id } = await start();
      const { claimed } = await pipeline.openTurn();
      await pipeline.deliver('hello');
      await pipeline.store.finishStuckTurn(pipeline.fence, claimed.id, 'I am lost.', pipeline.now);
      expect((await pipeline.store.getJorb(id))?.jorb.status).toBe('running');
      expect((await pipeline.claim())?.context.newMessages).toMatchObject([{ text: 'hello' }]);
    });
  });
}
