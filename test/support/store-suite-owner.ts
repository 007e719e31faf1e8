import { describe, expect, test } from 'vitest';
import { jorbStatuses } from '../../src/domain/jorb.ts';
import { testEpoch } from './clock.ts';
import { sendTo, startPipeline } from './pipeline-driver.ts';
import { buildNewJorb, buildWidening } from './store.ts';
import type { OpenStore } from './store-suite.ts';

const now = testEpoch;

export function describeOwner(open: OpenStore): void {
  describeStop(open);
  describeProfile(open);
}

function describeStop(open: OpenStore): void {
  describe('stopping everything', () => {
    test('keeps the first stop until everything is resumed', async () => {
      const store = await open();
      await store.stopEverything('enough', now);
      await store.stopEverything('more', now + 1);
      expect(await store.readStatus(now)).toMatchObject({ stopped: { at: now, reason: 'enough' } });
      await store.resumeEverything(now + 2);
      await store.resumeEverything(now + 3);
      expect(await store.readStatus(now)).toMatchObject({ stopped: null });
    });

    test('leaves what is due until it is over', async () => {
      const store = await open();
      await store.createJorb(buildNewJorb(), now);
      await store.stopEverything(null, now);
      expect((await store.readStatus(now)).nextDueAt).toBeNull();
      await store.resumeEverything(now + 5);
      expect((await store.readStatus(now)).nextDueAt).toBe(now);
    });
  });

  test('the status tells who runs and what waits', async () => {
    const pipeline = await startPipeline(await open());
    const { store, fence } = pipeline;
    const id = await pipeline.createJorb({ widening: buildWidening() });
    await pipeline.deliver('Hello?', { from: 'stranger' });
    await store.moveJorb(id, 'start', null, now);
    await pipeline.takeTurn([sendTo('magic', 'one'), sendTo('magic', 'two'), sendTo('hotel', 'three')]);
    await pipeline.send({ kind: 'unknown', error: 'the line broke' });
    await pipeline.depart();
    await pipeline.receive('And now?', { from: 'stranger', silenceMs: 1000 });
    const none = Object.fromEntries(jorbStatuses.map((status) => [status, 0]));
    expect(await store.readStatus(now)).toEqual({
      stopped: null,
      jorbs: { ...none, running: 1 },
      pending: { approvals: 1, unmatched: 1, openBatches: 1, queued: 1, sending: 1, unknown: 1 },
      nextDueAt: now,
      runtime: { epoch: fence.epoch, holder: 'test', since: now },
    });
  });
}

function describeProfile(open: OpenStore): void {
  test('the profile keeps the newest value of a field, and none once it is removed', async () => {
    const store = await open();
    await store.setProfileField('home_address', 'Main Street 1', now);
    await store.setProfileField('name', 'Ada', now);
    await store.setProfileField('home_address', 'Main Street 2', now + 1);
    expect(await store.listProfile()).toEqual([
      { field: 'home_address', value: 'Main Street 2' },
      { field: 'name', value: 'Ada' },
    ]);
    await store.setProfileField('home_address', null, now + 2);
    expect(await store.listProfile()).toEqual([{ field: 'name', value: 'Ada' }]);
  });
}
