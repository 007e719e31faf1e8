import type { Fence } from '../domain/fence.ts';
import {
  type Asking,
  concludeWithoutModel,
  isFlood,
  leaveToOwner,
  type Route,
  type RouteInput,
  routeBatch,
} from '../domain/routing.ts';
import type { Store } from '../domain/store.ts';
import type { Thresholds } from '../domain/thresholds.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { ModelDeps } from './model-deps.ts';
import { buildModelRouter, computeLeaseMs } from './model-router.ts';
import type { Failpoint, Stage } from './stage.ts';

export type RouterDeps = {
  store: Store;
  clock: Clock;
  log: Log;
  /** Null: what the rules do not decide is the owner's. */
  model: ModelDeps | null;
  thresholds: Thresholds;
  random: () => number;
  failpoint: Failpoint;
};

/**
 * Gives each released batch to its jorb by rule, else by what a model answers, else to the owner's inbox.
 * A batch that a model is asked about is leased: other ticks route the others meanwhile.
 */
export function buildRouter(deps: RouterDeps, fence: Fence, signal: AbortSignal): Stage {
  const { store, clock, log, model, failpoint } = deps;
  const askAbout = model && buildModelRouter({ ...deps, model }, fence, signal);

  function decide(input: RouteInput): Route | Asking {
    const verdict = routeBatch(input);
    // While all is stopped nobody is asked: it would send words out and cost money.
    if (verdict.kind !== 'undecided' || model === null || input.stopped) return leaveToOwner(verdict);
    if (isFlood(input)) {
      return concludeWithoutModel(input, 'so much came within an hour that no model is asked about it');
    }
    return { kind: 'ask', leasedUntil: input.now + computeLeaseMs(model) };
  }

  return {
    name: 'router',
    async tick() {
      if (signal.aborted) return false;
      const routed = await store.routeBatch(fence, decide, clock.now());
      if (routed === undefined) return false;
      if ('question' in routed) {
        await askAbout?.(routed);
      } else {
        failpoint('batch.routed');
        log.info({ batch: routed.batchId, route: routed.route.kind }, 'batch routed');
      }
      return true;
    },
  };
}
