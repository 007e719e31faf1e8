import type { Debounce } from '../domain/debounce.ts';
import type { Fence } from '../domain/fence.ts';
import { longestPatienceMs } from '../domain/outage.ts';
import type { LongestWaits } from '../domain/set-back.ts';
import type { Store } from '../domain/store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { longestMailDelayMs } from './mailer.ts';
import type { ModelDeps } from './model-deps.ts';
import { computeLeaseMs } from './model-router.ts';
import { longestDeliveryDelayMs } from './outbox.ts';
import type { Stage } from './stage.ts';
import { findLeaseMs } from './turn.ts';
import { longestTurnDelayMs } from './turn-ending.ts';

export type SetBackDeps = {
  store: Pick<Store, 'bringBackTimes'>;
  clock: Clock;
  log: Log;
  debounce: Debounce;
  model: ModelDeps | null;
};

/**
 * Looks whether the clock was set back, once at first and then whenever it shows an earlier time than before:
 * what was planned by the time before would wait for it to come again.
 */
export function buildSetBack(deps: SetBackDeps, fence: Fence): Stage {
  const { store, clock, log } = deps;
  const waits = findLongestWaits(deps);
  let lookedAt = Number.POSITIVE_INFINITY;
  return {
    name: 'set-back',
    async tick() {
      const now = clock.now();
      const isEarlier = now < lookedAt;
      lookedAt = now;
      if (!isEarlier) return false;
      const times = await store.bringBackTimes(fence, waits, now);
      if (times > 0) log.warn({ times }, 'the clock was set back: what lay too far ahead was brought back');
      return times > 0;
    },
  };
}

function findLongestWaits({ debounce, model }: Pick<SetBackDeps, 'debounce' | 'model'>): LongestWaits {
  const leaseMs = findLeaseMs({ model });
  return {
    leaseMs,
    // Who asks first has its lease for it.
    retryMs: Math.max(longestTurnDelayMs, longestPatienceMs, leaseMs),
    routeMs: Math.max(longestPatienceMs, model === null ? 0 : computeLeaseMs(model)),
    silenceMs: Math.max(...Object.values(debounce)),
    deliveryMs: longestDeliveryDelayMs,
    mailMs: longestMailDelayMs,
  };
}
