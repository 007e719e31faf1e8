import { routeBatch } from '../domain/routing.ts';
import type { Fence, Store } from '../domain/store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Failpoint, Stage } from './stage.ts';

export type RouterDeps = { store: Pick<Store, 'routeBatch'>; clock: Clock; log: Log; failpoint: Failpoint };

/** Gives each released batch to its jorb, or to the owner's inbox when the rules do not decide. */
export function buildRouter({ store, clock, log, failpoint }: RouterDeps, fence: Fence): Stage {
  return {
    name: 'router',
    async tick() {
      const routed = await store.routeBatch(fence, routeBatch, clock.now());
      if (routed === undefined) return false;
      failpoint('batch.routed');
      log.info({ batch: routed.batchId, route: routed.route.kind }, 'batch routed');
      return true;
    },
  };
}
