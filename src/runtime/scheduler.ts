import type { Fence } from '../domain/fence.ts';
import type { Store } from '../domain/store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { ModelDeps } from './model-deps.ts';
import type { Failpoint, Stage } from './stage.ts';

export type SchedulerDeps = {
  store: Pick<
    Store,
    | 'expireApprovals'
    | 'remindApprovals'
    | 'askExtensions'
    | 'wakeJorbs'
    | 'pauseStaleJorbs'
    | 'readOutage'
    | 'noteFallback'
  >;
  clock: Clock;
  log: Log;
  failpoint: Failpoint;
  /** How long a running jorb may be without any activity before it is paused. */
  staleMs: number;
  model: Pick<ModelDeps, 'fallbackMs'> | null;
};

/**
 * Does what only time makes due. Each operation marks what it did in the row it did it to, so a crash
 * between two of them neither skips nor repeats one.
 */
export function buildScheduler(deps: SchedulerDeps, fence: Fence): Stage {
  const { store, clock, log, failpoint, staleMs, model } = deps;

  /** Whether it was time that the fallback takes over. */
  async function beginFallback(now: number): Promise<boolean> {
    if (model === null) return false;
    const outage = await store.readOutage();
    const isTime = outage?.fallbackAt === null && outage.since + model.fallbackMs <= now;
    if (isTime) await store.noteFallback(fence, now);
    return isTime;
  }

  return {
    name: 'scheduler',
    async tick() {
      const now = clock.now();
      const expired = await store.expireApprovals(fence, now);
      failpoint('schedule.kept');
      const reminded = await store.remindApprovals(fence, now);
      for (const approval of reminded) log.warn({ approval }, 'an approval waits for the owner');
      failpoint('schedule.kept');
      const over = await store.askExtensions(fence, now);
      failpoint('schedule.kept');
      const woken = await store.wakeJorbs(fence, now);
      failpoint('schedule.kept');
      const stale = await store.pauseStaleJorbs(fence, staleMs, now);
      failpoint('schedule.kept');
      const hasFallback = await beginFallback(now);
      failpoint('schedule.kept');
      return hasFallback || expired + reminded.length + over + woken + stale > 0;
    },
  };
}
