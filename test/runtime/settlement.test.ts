import { expect, test } from 'vitest';
import { StaleEpoch } from '../../src/domain/fence.ts';
import { buildSettlement } from '../../src/runtime/settlement.ts';

function buildStore() {
  const store = { fails: undefined as Error | undefined, written: [] as string[] };
  const settlement = buildSettlement(async (result: string) => {
    if (store.fails) throw store.fails;
    store.written.push(result);
  });
  return { store, ...settlement };
}

test('keeps what the store did not take until it takes it', async () => {
  const { store, settle, settleLeft } = buildStore();
  store.fails = new Error('the disk is full');
  await expect(settle('a')).rejects.toThrow('full');
  await expect(settle('b')).rejects.toThrow('full');
  await expect(settleLeft()).rejects.toThrow('full');
  store.fails = undefined;
  const settled = [await settleLeft(), await settleLeft(), await settleLeft()];
  expect(settled).toEqual([true, true, false]);
  expect(store.written.toSorted()).toEqual(['a', 'b']);
});

test('forgets what is another runtime’s by now', async () => {
  const { store, settle, settleLeft } = buildStore();
  store.fails = new StaleEpoch('over');
  await expect(settle('a')).rejects.toThrow(StaleEpoch);
  expect(await settleLeft()).toBe(false);
});
