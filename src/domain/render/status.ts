import { formatDuration } from '../../lib/duration.ts';
import type { SystemStatus } from '../brief.ts';
import { jorbStatuses } from '../jorb.ts';
import { formatInstant } from './instant.ts';
import { renderLine } from './quote.ts';

/** Who runs, what waits, what is wrong, one line each. */
export function renderStatus(status: SystemStatus, timeZone?: string): string {
  const { now, runtime, pending } = status;
  const counts = jorbStatuses
    .filter((name) => status.jorbs[name] > 0)
    .map((name) => `${status.jorbs[name]} ${name}`)
    .join(', ');
  const waiting = [
    `${pending.approvals} to approve`,
    `${pending.unmatched} unmatched`,
    `${pending.openBatches} still gathering`,
    `${pending.queued} queued`,
    `${pending.sending} being sent`,
    `${pending.unknown} unknown`,
  ].join(', ');
  return [
    ...(status.stopped ? [renderStop(status.stopped, timeZone)] : []),
    `jorbs ${status.version}, data in ${status.dataDir}`,
    runtime?.live
      ? `Runtime: ${renderLine(runtime.holder, 80)} since ${formatInstant(runtime.since, timeZone)} (epoch ${runtime.epoch})`
      : `Runtime: nobody runs now${runtime ? `; the last was ${renderLine(runtime.holder, 80)}, epoch ${runtime.epoch}` : ''}`,
    `Jorbs: ${counts || 'none'}`,
    `Waiting: ${waiting}`,
    status.nextDueAt === null
      ? 'Next: nothing is due'
      : `Next: due ${status.nextDueAt <= now ? 'now' : `in ${formatDuration(status.nextDueAt - now)}`}`,
    `Channels: ${status.channels.map(({ kind, account, state }) => `${kind} (${account}) ${state}`).join(', ') || 'none'}`,
    `Brain: ${status.brain}; confirmation: ${status.confirm}`,
  ].join('\n');
}

/** The line that stands first wherever the stop switch is on. */
export function renderStop({ at, reason }: { at: number; reason: string | null }, timeZone?: string): string {
  return `STOPPED since ${formatInstant(at, timeZone)}${reason ? `: ${renderLine(reason, 200).replace(/[.!?]$/, '')}` : ''}. Nothing is sent until you resume.`;
}
