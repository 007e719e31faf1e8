import { describe, expect, test } from 'vitest';
import type { Brief } from '../../src/domain/brief.ts';
import { minuteMs } from '../../src/lib/duration.ts';
import { ask, sendTo, spend, startPipeline } from './pipeline-driver.ts';
import { buildSteering, buildWidening } from './store.ts';
import type { OpenStore } from './store-suite.ts';

const textsOf = (brief: Brief) => brief.messages.map(({ text }) => text);

export function describeBriefs(open: OpenStore): void {
  const start = async () => {
    const pipeline = await startPipeline(await open());
    const brief = (peek = false) => pipeline.store.takeBrief(peek, pipeline.now);
    return { pipeline, brief };
  };
  describeMark(start);
  describeContents(start);
}

type Start = () => Promise<{
  pipeline: Awaited<ReturnType<typeof startPipeline>>;
  brief: (peek?: boolean) => Promise<Brief>;
}>;

function describeMark(start: Start): void {
  describe('the mark of a brief', () => {
    test('lets everything be told once, and stays where it is at a peek', async () => {
      const { pipeline, brief } = await start();
      const id = await pipeline.createJorb();
      await pipeline.deliver('We have a room.');
      await pipeline.store.steerJorb(id, buildSteering({ guidance: 'Ask for a king.' }), pipeline.now);
      const peek = await brief(true);
      pipeline.now += minuteMs;
      const told = await brief();
      expect(told).toEqual({ ...peek, now: pipeline.now });
      expect(told).toMatchObject({
        since: null,
        activity: { received: 1, sent: 0, created: 1, completed: 0, failed: 0, cancelled: 0 },
        jorbs: [{ id, received: 1 }],
        messages: [{ jorbId: id, text: 'We have a room.', contactName: 'Magic', direction: 'in' }],
        highlights: [{ jorbId: id, text: 'was steered by the owner', evidence: id }],
        open: { running: 1 },
      });
      expect(await brief()).toMatchObject({
        since: pipeline.now,
        activity: { received: 0, created: 0 },
        jorbs: [],
        messages: [],
        highlights: [],
        open: { running: 1 },
      });
    });

    test('misses nothing that was written by a clock that lags behind it', async () => {
      const { pipeline, brief } = await start();
      await pipeline.createJorb();
      pipeline.now += minuteMs;
      await brief();
      pipeline.now -= minuteMs;
      await pipeline.deliver('late');
      expect(textsOf(await brief())).toEqual(['late']);
    });

    test('is read and moved at once: of two who ask together one is told everything', async () => {
      const { pipeline, brief } = await start();
      await pipeline.createJorb();
      await pipeline.deliver('We have a room.');
      const told = await Promise.all([brief(), brief(), brief(true)]);
      expect(told.slice(0, 2).map(({ activity }) => activity.received)).toEqual([1, 0]);
    });

    test('gives each message to exactly one of several who ask at once', async () => {
      const { pipeline, brief } = await start();
      await pipeline.createJorb();
      const work = Array.from({ length: 12 }, async (_, index) => {
        if (index % 3 === 0) return brief();
        await pipeline.deliver(`message ${index}`);
        return undefined;
      });
      const briefs = (await Promise.all(work)).filter((each) => each !== undefined);
      briefs.push(await brief());
      expect(briefs.flatMap(textsOf).sort()).toEqual(
        [1, 2, 4, 5, 7, 8, 10, 11].map((index) => `message ${index}`).sort(),
      );
    });
  });
}

function describeContents(start: Start): void {
  describe('a brief', () => {
    test('tells how jorbs ended, with the outcome and its evidence', async () => {
      const { pipeline, brief } = await start();
      await pipeline.createJorb({ name: 'Done' });
      const { id: proof } = await pipeline.deliver('Confirmed.');
      await pipeline.takeTurn([{ kind: 'complete', outcome: 'Booked the Grand.', evidence: [proof] }]);
      await pipeline.createJorb({ name: 'Lost' });
      await pipeline.takeTurn([{ kind: 'fail', reason: 'Sold out.' }]);
      const cancelled = await pipeline.createJorb({ name: 'Dropped' });
      await pipeline.store.moveJorb(cancelled, 'cancel', 'no longer wanted', pipeline.now);
      expect(await brief()).toMatchObject({
        activity: { created: 3, completed: 1, failed: 1, cancelled: 1 },
        completed: [{ id: 'jorb_1', name: 'Done', outcome: 'Booked the Grand.', evidence: [proof] }],
        failed: [{ id: 'jorb_2', name: 'Lost', reason: 'Sold out.' }],
        more: { failed: 0 },
      });
      expect(await brief()).toMatchObject({ completed: [], failed: [] });
    });

    test('tells what was sent, what may not have arrived, and what did not', async () => {
      const { pipeline, brief } = await start();
      const jorbId = await pipeline.createJorb();
      await pipeline.takeTurn(['one', 'two', 'three'].map((text) => sendTo('magic', text)));
      await pipeline.send();
      await pipeline.send({ kind: 'unknown', error: 'the line broke' });
      await pipeline.send({ kind: 'failed', error: 'no such number' });
      const told = await brief();
      expect(told).toMatchObject({
        activity: { sent: 1 },
        messages: [{ direction: 'out', id: 'outbox_1', text: 'one', status: 'sent', jorbId }],
        more: { problems: 0 },
      });
      const to = 'Magic (loopback:magic)';
      expect(told.problems).toEqual([
        {
          id: 'outbox_3',
          jorbId,
          kind: 'failed',
          to,
          text: 'three',
          error: 'no such number',
          at: pipeline.now,
        },
        {
          id: 'outbox_2',
          jorbId,
          kind: 'unknown',
          to,
          text: 'two',
          error: 'the line broke',
          at: pipeline.now,
        },
      ]);
      expect((await brief()).problems).toEqual([]);
    });

    test('tells what was newly committed and all that is reserved', async () => {
      const { pipeline, brief } = await start();
      await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'one'), sendTo('hotel', 'two')], spend(400));
      await pipeline.send();
      const money = async () => (await brief()).money;
      const usd = (minor: number) => ({ minor, currency: 'USD' });
      expect(await money()).toEqual({ committed: [usd(400)], reserved: [usd(400)] });
      expect(await money()).toEqual({ committed: [], reserved: [usd(400)] });
      await pipeline.send();
      expect(await money()).toEqual({ committed: [usd(400)], reserved: [] });
    });

    test('puts the latest into sentences, newest first', async () => {
      const { pipeline, brief } = await start();
      const id = await pipeline.createJorb();
      await brief();
      await pipeline.takeTurn([
        { kind: 'store_data', key: 'price', value: '$289 a night', sourceEventId: null },
        { kind: 'advance_phase' },
      ]);
      await pipeline.deliver('STOP');
      await pipeline.store.stopEverything('enough', pipeline.now);
      const { highlights } = await brief();
      expect(highlights.map(({ text, jorbId, evidence }) => ({ text, jorbId, evidence }))).toEqual([
        { text: 'everything was stopped: “enough”', jorbId: null, evidence: 'owner' },
        { text: 'loopback:magic wants no more messages', jorbId: null, evidence: 'address_1' },
        { text: 'reached the phase “Book”', jorbId: id, evidence: id },
        { text: 'noted “price: $289 a night”', jorbId: id, evidence: 'fact_1' },
      ]);
    });

    test('shows the newest of many, and says how many it leaves out', async () => {
      const { pipeline, brief } = await start();
      for (let index = 0; index < 24; index += 1) {
        pipeline.now += 1;
        const id = await pipeline.createJorb({ name: `jorb ${index}` });
        await pipeline.store.steerJorb(
          id,
          buildSteering({ guidance: 'Later.', widening: buildWidening() }),
          pipeline.now,
        );
        await pipeline.store.moveJorb(id, 'pause', 'later', pipeline.now);
        await pipeline.deliver(`message ${index}`, { from: 'stranger' });
      }
      const { approvals, paused, unmatched, jorbs, highlights, more } = await brief();
      expect(approvals.map(({ id }) => id)).toEqual(
        Array.from({ length: 20 }, (_, index) => `approval_${index + 1}`),
      );
      expect(paused.map(({ name }) => name)).toEqual(
        Array.from({ length: 10 }, (_, index) => `jorb ${23 - index}`),
      );
      expect(unmatched.map(({ event }) => event.text)[0]).toBe('message 23');
      expect([unmatched, jorbs, highlights].map((list) => list.length)).toEqual([10, 10, 5]);
      expect(more).toMatchObject({
        approvals: 4,
        paused: 14,
        failed: 0,
        problems: 0,
        unmatched: 14,
        jorbs: 14,
      });
    });

    test('goes on showing what still needs the owner, each thing in one place', async () => {
      const { pipeline, brief } = await start();
      const asking = await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'We take it.')], ask);
      const resting = await pipeline.createJorb();
      await pipeline.store.moveJorb(resting, 'pause', 'later', pipeline.now);
      await brief();
      const told = await brief();
      expect(told.approvals).toMatchObject([{ id: 'approval_1', jorb: { id: asking } }]);
      expect(told.paused).toEqual([
        { id: resting, name: 'Find a hotel', pauseCause: 'owner', reason: 'later' },
      ]);
    });
  });
}
