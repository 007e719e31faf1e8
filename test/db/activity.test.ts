import { expect, it, onTestFinished } from 'vitest';
import { testEpoch } from '../support/clock.ts';
import { buildNewJorb, openTestStore } from '../support/store.ts';

async function openStore() {
  const { store, close } = await openTestStore();
  onTestFinished(close);
  return store;
}

it('lists what happened after an entry, oldest first, of one jorb or of all', async () => {
  const store = await openStore();
  const { jorb } = await store.createJorb(buildNewJorb(), testEpoch);
  await store.stopEverything('on holiday', testEpoch + 1);
  await store.moveJorb(jorb.id, 'pause', 'wait', testEpoch + 2);

  const all = await store.listActivity(null, 0, 100);
  expect(all.map(({ what }) => what)).toContain('owner.stopped');
  expect(all.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq).toSorted((a, b) => a - b));

  const own = await store.listActivity(jorb.id, 0, 100);
  expect(new Set(own.map(({ jorbId }) => jorbId))).toEqual(new Set([jorb.id]));
  expect(own.at(-1)).toMatchObject({
    what: 'jorb.status',
    actor: 'owner',
    subject: jorb.id,
    after: { status: 'paused' },
  });

  const [first] = all;
  expect(await store.listActivity(null, first?.seq ?? 0, 1)).toEqual([all[1]]);
  expect(await store.listActivity(null, all.at(-1)?.seq ?? 0, 100)).toEqual([]);
});

it('knows no action that was never proposed', async () => {
  const store = await openStore();
  expect(await store.getAction('action_9')).toBeUndefined();
});
