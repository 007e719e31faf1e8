import { describe, expect, test } from 'vitest';
import { StaleEpoch } from '../../src/domain/fence.ts';
import { dayMs, minuteMs, secondMs } from '../../src/lib/duration.ts';
import { buildTurn, leaseMs, type Pipeline, sendTo, startPipeline } from './pipeline-driver.ts';
import { buildSteering } from './store.ts';
import type { OpenStore } from './store-suite.ts';

export function describeTurnEnds(open: OpenStore): void {
  const start = async () => startPipeline(await open());
  describeTakingUp(start);
  describeEnding(start);
}

type Start = () => Promise<Pipeline>;

function describeTakingUp(start: Start): void {
  describe('taking up a turn that a dead runtime left', () => {
    test('goes on from its stored steps, with the inputs it began with', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      await pipeline.takeTurn([]);
      await pipeline.deliver('hello');
      const turn = await pipeline.openTurn();
      const outcome = await turn.apply(sendTo('magic', 'hi'));
      await turn.apply({ kind: 'store_data', key: 'mood', value: 'good', sourceEventId: null });
      await turn.apply({ kind: 'advance_phase' });
      const plan = [
        { title: 'Ask', status: 'done' },
        { title: 'Haggle', status: 'active' },
      ] as const;
      await turn.apply({ kind: 'update_plan', phases: [...plan] });
      await turn.apply({ kind: 'schedule_wake', at: pipeline.now + dayMs, reason: 'look' });
      await pipeline.deliver('and another');
      pipeline.fence = await pipeline.store.raiseEpoch('other', pipeline.now);
      const taken = await pipeline.claim();
      expect(taken?.id).toBe(turn.claimed.id);
      expect(taken?.context).toEqual({
        ...turn.claimed.context,
        jorb: expect.objectContaining({ id: turn.claimed.context.jorb.id, wakeAt: null, wakeReason: null }),
      });
      expect(taken?.steps).toHaveLength(1);
      expect(taken?.steps[0]?.answer.reasoning).toBe('They should know.');
      expect([...(taken?.steps[0]?.outcomes.keys() ?? [])]).toEqual([0, 1, 2, 3, 4]);
      expect(taken?.steps[0]?.outcomes.get(0)).toEqual(outcome);
      expect(await pipeline.claim()).toBeUndefined();
    });

    test('does so before it opens another, even for a jorb that has paused since', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const turn = await pipeline.openTurn();
      await turn.apply({ kind: 'pause', reason: 'I wait' });
      await pipeline.createJorb();
      pipeline.fence = await pipeline.store.raiseEpoch('other', pipeline.now);
      const taken = await pipeline.claim();
      expect(taken?.context.jorb.id).toBe(id);
      expect(taken?.steps[0]?.outcomes.get(0)?.endsTurn).toBe(true);
    });

    test('leaves nothing to write for the one that lost it', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      const turn = await pipeline.openTurn();
      const stale = pipeline.fence;
      pipeline.fence = await pipeline.store.raiseEpoch('other', pipeline.now);
      const taken = await pipeline.claim();
      pipeline.fence = stale;
      await expect(turn.answer()).rejects.toBeInstanceOf(StaleEpoch);
      await expect(turn.apply(sendTo('magic', 'hi'))).rejects.toBeInstanceOf(StaleEpoch);
      await expect(turn.finish()).rejects.toBeInstanceOf(StaleEpoch);
      await expect(turn.fail('late', null)).rejects.toBeInstanceOf(StaleEpoch);
      expect((await pipeline.store.getJorb(turn.claimed.context.jorb.id))?.jorb.status).toBe('running');
      expect(taken?.id).toBe(turn.claimed.id);
    });

    test('belongs to whoever took it up: a new fence alone is not enough to write it', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      const turn = await pipeline.openTurn();
      pipeline.fence = await pipeline.store.raiseEpoch('other', pipeline.now);
      await expect(turn.apply(sendTo('magic', 'hi'))).rejects.toBeInstanceOf(StaleEpoch);
      expect(await pipeline.depart()).toBeUndefined();
    });

    test('ends a turn of its own that outlived its lease, and tries again with the same messages', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      await pipeline.takeTurn([]);
      await pipeline.deliver('hello');
      const hung = await pipeline.openTurn();
      pipeline.now += leaseMs;
      expect(await pipeline.claim()).toBeUndefined();
      pipeline.now += 1;
      const next = await pipeline.claim();
      expect(next?.id).not.toBe(hung.claimed.id);
      expect(next).toMatchObject({ failures: 1, context: { newMessages: [{ text: 'hello' }] } });
      await expect(hung.apply(sendTo('magic', 'hi'))).rejects.toBeInstanceOf(StaleEpoch);
    });

    test('pauses a jorb whose turns hang again and again', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      while (await pipeline.claim()) pipeline.now += leaseMs + 1;
      expect((await pipeline.store.getJorb(id))?.jorb).toMatchObject({
        status: 'paused',
        pauseCause: 'error',
      });
    });

    test('gives every stored answer more time', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      const turn = await pipeline.openTurn();
      pipeline.now += leaseMs - secondMs;
      await turn.answer();
      pipeline.now += leaseMs - secondMs;
      expect(await pipeline.claim()).toBeUndefined();
      await turn.finish();
    });
  });
}

function describeEnding(start: Start): void {
  describe('ending a turn', () => {
    test('leaves its last words as where the jorb stands, up to the end of one of them', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const claimed = await pipeline.claim();
      if (claimed === undefined) throw new Error('no turn is due');
      const turn = buildTurn(pipeline, claimed);
      await turn.answer({ reasoning: `They\nshould know${' what I know'.repeat(30)}.` });
      await turn.finish();
      const summary = (await pipeline.store.getJorb(id))?.jorb.summary;
      expect(summary).toMatch(/^They should know( what I know)+( what)?( I)?…$/);
      expect(summary?.length).toBeGreaterThan(180);
      expect(summary?.length).toBeLessThanOrEqual(200);
    });

    test('keeps one answer for a position, and one decision', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const turn = await pipeline.openTurn();
      const again = buildTurn(pipeline, turn.claimed);
      await again.answer({ reasoning: 'Something else.' });
      await turn.finish();
      const decisions = await pipeline.listDecisions(id);
      expect(decisions).toMatchObject([
        {
          kind: 'turn',
          by: 'rules',
          reasoning: 'They should know.',
          turnId: turn.claimed.id,
          inputTokens: 10,
        },
      ]);
      expect((await pipeline.store.getJorb(id))?.jorb.summary).toBe('They should know.');
    });

    test('handles what it saw, once it has finished', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      await pipeline.takeTurn([]);
      await pipeline.deliver('hello');
      await pipeline.takeTurn([]);
      const { entries } = await pipeline.store.readTranscript(id, { order: 'oldest', limit: 5, offset: 0 });
      expect(entries).toMatchObject([{ text: 'hello', status: 'handled' }]);
      expect(await pipeline.claim()).toBeUndefined();
    });

    test('shows all of it again after a failure, when the time for it has come', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      await pipeline.deliver('hello');
      await pipeline.store.steerJorb(id, buildSteering({ guidance: 'be quick' }), pipeline.now);
      const turn = await pipeline.openTurn();
      await turn.fail('no answer', pipeline.now + minuteMs);
      expect(await pipeline.claim()).toBeUndefined();
      pipeline.now += minuteMs;
      const next = await pipeline.claim();
      expect(next?.failures).toBe(1);
      expect(next?.context).toMatchObject({
        triggers: ['started', 'message', 'guidance'],
        newMessages: [{ text: 'hello' }],
        guidance: [{ text: 'be quick' }],
      });
    });

    test('pauses with the error when there is no other try', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      await (await pipeline.openTurn()).fail('no answer', pipeline.now);
      await (await pipeline.openTurn()).fail('still none', null);
      const paused = (await pipeline.store.getJorb(id))?.jorb;
      expect(paused).toMatchObject({ status: 'paused', pauseCause: 'error', reason: 'still none' });
    });

    test('forgets failures after a success', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      await (await pipeline.openTurn()).fail('no answer', pipeline.now);
      const second = await pipeline.openTurn();
      expect(second.claimed.failures).toBe(1);
      await second.finish();
      await pipeline.deliver('hello');
      expect((await pipeline.claim())?.failures).toBe(0);
    });

    test('does not count it as a failure that the owner stopped it', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const turn = await pipeline.openTurn();
      await pipeline.store.moveJorb(id, 'pause', 'wait', pipeline.now);
      await turn.fail('the owner paused it', pipeline.now);
      expect((await pipeline.store.getJorb(id))?.jorb).toMatchObject({ pauseCause: 'owner', reason: 'wait' });
      await pipeline.store.moveJorb(id, 'resume', null, pipeline.now);
      expect((await pipeline.claim())?.failures).toBe(0);
    });

    test('is wanted until the owner stops, pauses or cancels, or another runtime begins', async () => {
      const pipeline = await start();
      const { store } = pipeline;
      const id = await pipeline.createJorb();
      const { claimed } = await pipeline.openTurn();
      const isWanted = () => store.isTurnWanted(claimed.id);
      expect(await isWanted()).toBe(true);
      await store.stopEverything(null, pipeline.now);
      expect(await isWanted()).toBe(false);
      await store.resumeEverything(pipeline.now);
      expect(await isWanted()).toBe(true);
      await store.moveJorb(id, 'pause', null, pipeline.now);
      expect(await isWanted()).toBe(false);
      await store.moveJorb(id, 'resume', null, pipeline.now);
      expect(await isWanted()).toBe(true);
      await store.raiseEpoch('other', pipeline.now);
      expect(await isWanted()).toBe(false);
    });

    test('leaves no message waiting for a jorb that has completed', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const turn = await pipeline.openTurn();
      await pipeline.deliver('one more thing');
      await turn.apply({ kind: 'complete', outcome: 'done', evidence: [] });
      await turn.finish();
      const { entries } = await pipeline.store.readTranscript(id, { order: 'oldest', limit: 5, offset: 0 });
      expect(entries).toMatchObject([{ text: 'one more thing', status: 'handled' }]);
    });
  });
}
