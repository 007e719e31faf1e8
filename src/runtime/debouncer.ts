import type { Fence } from '../domain/fence.ts';
import type { Store } from '../domain/store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Failpoint, Stage } from './stage.ts';

export type DebouncerDeps = { store: Pick<Store, 'releaseBatch'>; clock: Clock; failpoint: Failpoint };

/** Releases the messages of a conversation together, once it has been silent for long enough. */
export function buildDebouncer({ store, clock, failpoint }: DebouncerDeps, fence: Fence): Stage {
  return {
    name: 'debouncer',
    async tick() {
      const batchId = await store.releaseBatch(fence, clock.now());
      if (batchId === undefined) return false;
      failpoint('batch.released');
      return true;
    },
  };
}
