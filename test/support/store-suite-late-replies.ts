import { describe, expect, test } from 'vitest';
import type { JorbId } from '../../src/domain/ids.ts';
import { dayMs, hourMs } from '../../src/lib/duration.ts';
import { type Pipeline, sendTo, startPipeline } from './pipeline-driver.ts';
import type { OpenStore } from './store-suite.ts';

/** A jorb that wrote to Magic and is over. */
async function startOver(open: OpenStore): Promise<{ pipeline: Pipeline; id: JorbId }> {
  const pipeline = await startPipeline(await open());
  const id = await pipeline.createJorb();
  await pipeline.deliver('Hello');
  await pipeline.takeTurn([sendTo('magic', 'Is a room free?')]);
  await pipeline.send();
  pipeline.now += hourMs;
  await pipeline.store.moveJorb(id, 'cancel', 'found another', pipeline.now);
  return { pipeline, id };
}

async function listLate({ store }: Pipeline) {
  const activity = await store.listActivity(null, 0, 500);
  return activity.filter(({ what }) => what === 'message.late');
}

export function describeLateReplies(open: OpenStore): void {
  describe('a reply to a jorb that is over', () => {
    test.each([
      ['by who wrote it', {}],
      ['by the message it answers', { inReplyTo: 'receipt-outbox_1' }],
    ])('is attached to it, found %s, and reported once for all that came together', async (_, incoming) => {
      const { pipeline, id } = await startOver(open);
      pipeline.now += dayMs;
      const first = await pipeline.receive('A room is free.', incoming);
      const second = await pipeline.receive('Are you there?', incoming);
      await pipeline.release();
      await pipeline.route();
      const events = [first.event.id, second.event.id];
      expect(await listLate(pipeline)).toMatchObject([
        { jorbId: id, actor: 'runtime', subject: 'batch_2', after: { events, status: 'cancelled' } },
      ]);
      await pipeline.deliver('Hello?');
      expect(await listLate(pipeline)).toHaveLength(2);
    });

    test('moves nothing: no status, no turn, no answer', async () => {
      const { pipeline, id } = await startOver(open);
      const before = await pipeline.store.getJorb(id);
      await pipeline.deliver('A room is free.');
      expect((await pipeline.store.getJorb(id))?.jorb).toMatchObject({
        ...{ status: 'cancelled', reason: 'found another', finishedAt: before?.jorb.finishedAt },
      });
      expect(await pipeline.claim()).toBeUndefined();
      expect(await pipeline.depart()).toBeUndefined();
    });

    test('is told apart from what came in time, in the transcript and in number', async () => {
      const { pipeline, id } = await startOver(open);
      await pipeline.deliver('A room is free.');
      const { entries } = await pipeline.store.readTranscript(id, { order: 'oldest', limit: 9, offset: 0 });
      expect(entries.map(({ text, isLate = false }) => [text, isLate])).toEqual([
        ['Hello', false],
        ['Is a room free?', false],
        ['A room is free.', true],
      ]);
      expect(await pipeline.store.getJorb(id)).toMatchObject({ received: 2, lateMessages: 1 });
    });

    test('is not what its last turn did not come to see', async () => {
      const pipeline = await startPipeline(await open());
      const id = await pipeline.createJorb();
      const turn = await pipeline.openTurn();
      await pipeline.deliver('In time, if barely.');
      await turn.apply({ kind: 'complete', outcome: 'Done.', evidence: [] });
      await turn.finish();
      expect(await listLate(pipeline)).toEqual([]);
      expect(await pipeline.store.getJorb(id)).toMatchObject({ received: 1, lateMessages: 0 });
    });
  });
}
