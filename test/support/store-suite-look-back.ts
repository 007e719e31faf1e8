import { describe, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { sendTo, spend, startPipeline } from './pipeline-driver.ts';
import type { OpenStore } from './store-suite.ts';

/** A brief that begins where its reader wants it to, and leaves the mark where it was. */
export function describeLookBack(open: OpenStore): void {
  const start = async () => {
    const pipeline = await startPipeline(await open());
    const lookBack = (ms: number) => pipeline.store.lookBack(pipeline.now - ms, pipeline.now);
    const brief = (peek: boolean) => pipeline.store.takeBrief(peek, pipeline.now);
    return { pipeline, lookBack, brief };
  };

  describe('looking back', () => {
    test('tells what happened since then, told before or not, and moves no mark', async () => {
      const { pipeline, lookBack, brief } = await start();
      const id = await pipeline.createJorb();
      await pipeline.deliver('old');
      pipeline.now += 2 * hourMs;
      const begin = pipeline.now;
      await pipeline.deliver('newer');
      await brief(false);
      pipeline.now += minuteMs;
      await pipeline.deliver('newest');
      const before = await brief(true);
      const told = await lookBack(hourMs);
      expect(told).toMatchObject({
        ...{ since: pipeline.now - hourMs, looksBack: true, now: pipeline.now },
        activity: { received: 2, created: 0 },
        jorbs: [{ id, received: 2 }],
      });
      expect(told.messages.map(({ text }) => text)).toEqual(['newest', 'newer']);
      // An entry of that very instant is in it.
      expect((await pipeline.store.lookBack(begin, pipeline.now)).activity.received).toBe(2);
      expect((await lookBack(dayMs)).activity).toMatchObject({ received: 3, created: 1 });
      expect((await lookBack(0)).activity.received).toBe(1);
      expect(await brief(true)).toEqual(before);
      expect(before).toMatchObject({ looksBack: false, activity: { received: 1 } });
    });

    test('sums the money that was committed and what models cost since then', async () => {
      const { pipeline, lookBack } = await start();
      await pipeline.createJorb();
      const send = async () => {
        await pipeline.takeTurn([sendTo('magic', 'one')], spend(400));
        await pipeline.send();
      };
      const think = async () => {
        const limits = { dayMicros: 1e9, jorbMicros: 1e9 };
        const asked = {
          purpose: 'turn',
          jorbId: null,
          turnId: null,
          model: 'm',
          worstMicros: 900,
          limits,
        } as const;
        const call = await pipeline.store.reserveModelCall(pipeline.fence, asked, pipeline.now);
        if (call.kind === 'refused') throw new Error('there is room for it');
      };
      await send();
      await think();
      pipeline.now += 2 * hourMs;
      await pipeline.deliver('Go on.');
      await send();
      await think();
      await pipeline.deliver('And on.');
      await pipeline.takeTurn([sendTo('magic', 'two')], spend(700));
      const usd = (minor: number) => ({ minor, currency: 'USD' });
      expect(await lookBack(hourMs)).toMatchObject({
        money: { committed: [usd(400)], reserved: [usd(700)] },
        models: { costMicros: 900 },
        jorbs: [{ committed: [usd(400)], reserved: [usd(700)] }],
      });
      expect(await lookBack(dayMs)).toMatchObject({
        money: { committed: [usd(800)] },
        models: { costMicros: 1800 },
      });
    });

    test('begins after the last entry that is older, whatever became of the clock', async () => {
      const { pipeline, lookBack } = await start();
      await pipeline.createJorb();
      const deliver = async (text: string, at: number) => {
        pipeline.now = at;
        await pipeline.deliver(text);
      };
      const noon = pipeline.now + dayMs;
      await deliver('noon', noon);
      // Set a year ahead, and back again; then an hour back.
      await deliver('next year', noon + 365 * dayMs);
      await deliver('half an hour later', noon + 30 * minuteMs);
      await deliver('eleven', noon - hourMs);
      await deliver('a quarter past', noon + 15 * minuteMs);
      const texts = async (ms: number) => (await lookBack(ms)).messages.map(({ text }) => text);
      expect(await texts(20 * minuteMs)).toEqual(['a quarter past']);
      expect(await texts(2 * hourMs)).toEqual([
        ...['a quarter past', 'eleven', 'half an hour later', 'next year', 'noon'],
      ]);
    });

    test('finds its beginning however many entries came since', async () => {
      const { pipeline, lookBack } = await start();
      await pipeline.createJorb();
      pipeline.now += dayMs;
      for (let index = 0; index < 1100; index += 1)
        await pipeline.store.setProfileField('name', `Ada ${index}`, pipeline.now);
      await pipeline.deliver('Hello');
      expect(await lookBack(hourMs)).toMatchObject({ activity: { received: 1, created: 0 } });
      expect(await lookBack(2 * dayMs)).toMatchObject({ activity: { received: 1, created: 1 } });
    });

    test('tells nothing of a time in which nothing happened but what still needs the owner', async () => {
      const { pipeline, lookBack } = await start();
      const id = await pipeline.createJorb();
      await pipeline.store.moveJorb(id, 'pause', 'later', pipeline.now);
      pipeline.now += dayMs;
      expect(await lookBack(hourMs)).toMatchObject({
        ...{ jorbs: [], messages: [], highlights: [], activity: { created: 0 } },
        paused: [{ id }],
      });
    });
  });
}
