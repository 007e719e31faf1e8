/** Anybody may write, and each message that no rule decides costs a question to a model. */
import { expect, test } from 'vitest';
import { hourMs, minuteMs } from '../../src/lib/duration.ts';
import { openUndecided, readBatch, route } from '../support/undecided.ts';

async function openFlooded() {
  const opened = await openUndecided(() => [route(null)]);
  const { world } = opened;
  const flood = async (messages: number, from: (number: number) => string) => {
    for (let number = 0; number < messages; number++) {
      await world.receive({ from: from(number), text: `Hello ${number}` });
      await world.settle();
    }
  };
  return { ...opened, flood };
}

const reasons = 'select distinct route_reason as reason from batch order by id desc limit 1';

test('a model is asked about twenty messages of one sender in an hour, and the owner has the rest', async () => {
  const { world, router, flood } = await openFlooded();
  await flood(30, () => 'magic');
  expect(router.requests).toHaveLength(20);
  expect(world.sql('select distinct status from event')).toEqual([{ status: 'unmatched' }]);
  expect(world.sql(reasons)).toEqual([
    {
      reason:
        '2 open jorbs have this counterparty: jorb_1, jorb_2; so much came within an hour that no model is asked about it',
    },
  ]);
  await flood(1, () => 'stranger');
  expect(router.requests).toHaveLength(21);
  await world.advance(hourMs);
  await flood(1, () => 'magic');
  expect(router.requests).toHaveLength(22);
});

test('a model is asked sixty times in an hour in all, however many write', async () => {
  const { world, router, flood } = await openFlooded();
  await flood(80, (number) => `stranger${number}`);
  expect(router.requests).toHaveLength(60);
  await world.advance(hourMs);
  await flood(1, () => 'magic');
  expect(router.requests).toHaveLength(61);
});

test('routing takes half of the money of a day, and the jorbs think with the other half', async () => {
  const { world, router, flood } = await openFlooded();
  for (let hour = 0; hour < 12; hour++) {
    await flood(55, (number) => `stranger-${hour}-${number}`);
    await world.advance(61 * minuteMs);
  }
  expect(world.sql('select sum(cost_micros) <= 5000000 as isHalf from model_call')).toEqual([{ isHalf: 1 }]);
  const asked = router.requests.length;
  await flood(1, () => 'magic');
  expect(router.requests).toHaveLength(asked);
  expect(world.sql(reasons)[0]?.reason).toContain('routing may cost in 24 hours');
  expect(readBatch(world)).toBeDefined();
});
