import { describe, expect, test } from 'vitest';
import { minuteMs } from '../../src/lib/duration.ts';
import { ask, type Pipeline, refuse, sendTo, startPipeline } from './pipeline-driver.ts';
import type { OpenStore } from './store-suite.ts';

const all = { jorbId: null, status: null, since: null, limit: 50, offset: 0 };

async function list({ store }: Pipeline, filter: Partial<Parameters<Pipeline['store']['listDecisions']>[0]>) {
  const { decisions, rest } = await store.listDecisions({ ...all, ...filter });
  return { ids: decisions.map(({ id }) => id), rest };
}

export function describeDecisions(open: OpenStore): void {
  describe('decisions', () => {
    test('say what was called, what came of it and what became of the actions', async () => {
      const pipeline = await startPipeline(await open());
      const id = await pipeline.createJorb();
      await pipeline.takeTurn([]);
      await pipeline.deliver('A room is free.');
      const turn = await pipeline.openTurn();
      await turn.answer({
        reasoning: 'It is free.',
        basedOn: ['event_1'],
        toolCalls: ['send_message', 'store_data', 'pause'].map((name) => ({ id: name, name, arguments: {} })),
      });
      await turn.apply(sendTo('magic', 'We take it.'));
      const outcome = { text: 'value: is empty', isError: true, endsTurn: false };
      await pipeline.store.saveOutcome(pipeline.fence, turn.step(), 1, outcome, pipeline.now);
      await turn.finish();
      await pipeline.send();
      const [decision] = await pipeline.listDecisions(id);
      expect(decision).toMatchObject({
        reasoning: 'It is free.',
        after: [{ eventId: 'event_1', channel: 'loopback', address: 'magic' }],
        calls: [
          { tool: 'send_message', outcome: expect.stringContaining('action_1 is queued'), isError: false },
          { tool: 'store_data', outcome: 'value: is empty', isError: true },
          { tool: 'pause', outcome: null, isError: false },
        ],
        actions: [{ id: 'action_1', kind: 'send_message', consequence: 'message', status: 'done' }],
      });
    });

    test('are filtered by jorb, status of an action and time, newest first, page by page', async () => {
      const pipeline = await startPipeline(await open());
      const first = await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'one')]);
      pipeline.now += minuteMs;
      const second = await pipeline.createJorb();
      const since = pipeline.now;
      await pipeline.takeTurn([sendTo('magic', 'two')], ask);
      pipeline.now += minuteMs;
      await pipeline.deliver('who?', { from: 'stranger' });
      await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'three')], refuse());

      expect(await list(pipeline, {})).toEqual({
        ids: ['decision_4', 'decision_3', 'decision_2', 'decision_1'],
        rest: 'none',
      });
      expect(await list(pipeline, { jorbId: first })).toMatchObject({ ids: ['decision_1'] });
      expect(await list(pipeline, { jorbId: second })).toMatchObject({ ids: ['decision_2'] });
      expect(await list(pipeline, { status: 'awaiting_approval' })).toMatchObject({ ids: ['decision_2'] });
      expect(await list(pipeline, { status: 'rejected' })).toMatchObject({ ids: ['decision_4'] });
      expect(await list(pipeline, { status: 'queued', jorbId: second })).toMatchObject({ ids: [] });
      expect(await list(pipeline, { since })).toMatchObject({
        ids: ['decision_4', 'decision_3', 'decision_2'],
      });
      expect(await list(pipeline, { since: pipeline.now + 1 })).toEqual({ ids: [], rest: 'none' });
      expect(await list(pipeline, { limit: 1, offset: 1 })).toEqual({ ids: ['decision_3'], rest: 'more' });
      expect(await list(pipeline, { limit: 2, offset: 2 })).toEqual({
        ids: ['decision_2', 'decision_1'],
        rest: 'none',
      });
    });

    test('that few pass a filter are looked for among the newest only, and it says so', async () => {
      const pipeline = await startPipeline(await open());
      await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'one')], refuse());
      await pipeline.createJorb();
      const turn = await pipeline.openTurn();
      for (let n = 0; n < 2000; n++) await turn.answer();
      expect(await list(pipeline, { status: 'rejected' })).toEqual({ ids: [], rest: 'not_looked_at' });
      expect(await list(pipeline, { status: 'rejected', jorbId: 'jorb_1' })).toEqual({
        ids: ['decision_1'],
        rest: 'none',
      });
    });
  });
}
