import type { Fence } from '../domain/fence.ts';
import { renderResetOutcome } from '../domain/reset.ts';
import type { CarryOut } from '../domain/schedule.ts';
import type { Store } from '../domain/store.ts';
import type { Log } from '../lib/log.ts';
import type { Failpoint } from './stage.ts';

export type ResetRunDeps = {
  store: Pick<Store, 'beginReset'>;
  log: Log;
  contextReset: { days: number };
  timeZone: () => string;
  failpoint: Failpoint;
};

/** The daily look whether contexts are to be handed over. The stage `handoffs` does the rest. */
export function buildResetRun(deps: ResetRunDeps, fence: Fence): CarryOut {
  const { store, log, contextReset, timeZone, failpoint } = deps;
  return async ({ id }, now) => {
    const request = { run: id, days: contextReset.days, timeZone: timeZone() };
    const outcome = await store.beginReset(fence, request, now);
    failpoint('reset.begun');
    const note = renderResetOutcome(outcome);
    log.info({ run: id, note }, 'contexts looked at');
    return note;
  };
}
