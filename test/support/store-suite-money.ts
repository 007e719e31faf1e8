import { describe, expect, test } from 'vitest';
import { dayMs } from '../../src/lib/duration.ts';
import { sendTo, spend, spyOn, startPipeline } from './pipeline-driver.ts';
import type { OpenStore } from './store-suite.ts';

export function describeMoney(open: OpenStore): void {
  const start = async () => startPipeline(await open());
  const limit = (
    overrides: Partial<Record<'jorb' | 'jorbWithoutApproval' | 'ownerWithoutApproval', number>>,
  ) => ({
    limits: { jorb: null, jorbWithoutApproval: 1e9, ownerWithoutApproval: 1e9, ...overrides },
  });

  describe('money', () => {
    test('is reserved when the message is queued, and settled when it was sent', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'I take it')], spend(4000));
      const spent = async () => (await pipeline.store.getJorb(id))?.spent;
      expect(await spent()).toMatchObject({ reserved: { minor: 4000 }, committed: { minor: 0 } });
      await pipeline.send();
      expect(await spent()).toMatchObject({ reserved: { minor: 0 }, committed: { minor: 4000 } });
    });

    test('is free again when the message failed, and not when nobody knows', async () => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      await pipeline.takeTurn([sendTo('magic', 'one'), sendTo('hotel', 'two')], spend(3000));
      await pipeline.send({ kind: 'failed', error: 'no such number' });
      await pipeline.send({ kind: 'unknown', error: 'it broke off' });
      expect((await pipeline.store.getJorb(id))?.spent).toMatchObject({ reserved: { minor: 3000 } });
    });

    test.each([
      ['what the jorb may commit', limit({ jorb: 10_000 }), 'commit in all'],
      ['what the jorb may spend unasked', limit({ jorbWithoutApproval: 10_000 }), 'without approval'],
      [
        'what the owner lets all jorbs spend in a day',
        limit({ ownerWithoutApproval: 10_000 }),
        'without approval',
      ],
    ])('never passes %s, even if the gate would let it', async (_, limits, text) => {
      const pipeline = await start();
      const id = await pipeline.createJorb();
      const outcomes = await pipeline.takeTurn(
        ['one', 'two', 'three'].map((word) => sendTo('magic', word)),
        spend(4000, limits),
      );
      expect(outcomes.map(({ isError }) => isError)).toEqual([false, false, true]);
      expect(outcomes[2]?.text).toContain(text);
      expect((await pipeline.store.getJorb(id))?.spent.reserved.minor).toBe(8000);
      expect(await pipeline.send()).toMatchObject({ text: 'one' });
      expect(await pipeline.send()).toMatchObject({ text: 'two' });
      expect(await pipeline.depart()).toBeUndefined();
      expect(await pipeline.store.getAction('action_3')).toMatchObject({ status: 'rejected' });
    });

    test('fits exactly up to the limit', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      const effects = [sendTo('magic', 'one'), sendTo('magic', 'two')];
      const outcomes = await pipeline.takeTurn(effects, spend(5000, limit({ jorb: 10_000 })));
      expect(outcomes.map(({ isError }) => isError)).toEqual([false, false]);
    });

    test('without approval counts for a day over all jorbs of the owner, and only in its currency', async () => {
      const pipeline = await start();
      const owner = limit({ ownerWithoutApproval: 5000 });
      for (const name of ['one', 'two']) {
        await pipeline.createJorb({ name });
        const { seen, evaluate } = spyOn(spend(3000, owner));
        const [outcome] = await pipeline.takeTurn([sendTo('magic', name)], evaluate);
        expect(outcome?.isError).toBe(name === 'two');
        expect(seen[0]?.money.ownerWithoutApproval).toBe(name === 'two' ? 3000 : 0);
      }
      await pipeline.createJorb({ name: 'yen' });
      const [yen] = await pipeline.takeTurn(
        [sendTo('magic', 'yen')],
        spend(3000, { ...owner, currency: 'JPY' }),
      );
      expect(yen?.isError).toBe(false);
      pipeline.now += dayMs;
      await pipeline.createJorb({ name: 'next day' });
      const [next] = await pipeline.takeTurn([sendTo('magic', 'next day')], spend(3000, owner));
      expect(next?.isError).toBe(false);
    });

    test('that was approved counts against the budget alone', async () => {
      const pipeline = await start();
      await pipeline.createJorb();
      const approved = {
        approved: true,
        ...limit({ jorbWithoutApproval: 1000, ownerWithoutApproval: 1000 }),
      };
      const { seen, evaluate } = spyOn(spend(4000, approved));
      const effects = [sendTo('magic', 'one'), sendTo('magic', 'two')];
      const outcomes = await pipeline.takeTurn(effects, evaluate);
      expect(outcomes.map(({ isError }) => isError)).toEqual([false, false]);
      expect(seen[1]?.money).toEqual({
        jorbCommitted: 4000,
        jorbWithoutApproval: 0,
        ownerWithoutApproval: 0,
      });
    });
  });
}
