import { formatDuration } from '../../lib/duration.ts';
import { formatMicros } from '../../lib/micros.ts';
import type { SystemStatus } from '../brief.ts';
import { jorbStatuses } from '../jorb.ts';
import type { Outage } from '../outage.ts';
import { formatInstant } from './instant.ts';
import { renderProgressState } from './progress-log.ts';
import { renderLine } from './quote.ts';
import { renderSchedule } from './schedule.ts';

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
    renderMail(status.mail, timeZone),
    ...status.schedules.map((schedule) => renderSchedule(schedule, timeZone)),
    `Brain: ${renderBrain(status, timeZone)}; confirmation: ${status.confirm}`,
    ...renderProgressState(status.progressLog, timeZone),
  ].join('\n');
}

/** `Mail: to you@example.com by smtp.example.com:587; last sent …; 1 unknown; problem: …`. */
function renderMail(mail: SystemStatus['mail'], timeZone?: string): string {
  const { kind, target, queued, unknown, failed, lastSentAt, error } = mail;
  const isFolder = kind === 'folder';
  const done = isFolder ? 'written' : 'sent';
  return [
    isFolder
      ? `Mail: SMTP_HOST is not set, so digests are written to ${target} and notices are not mailed`
      : `Mail: to ${target}`,
    lastSentAt === null ? `nothing ${done} yet` : `last ${done} ${formatInstant(lastSentAt, timeZone)}`,
    ...(queued > 0 ? [`${queued} queued`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(error === null ? [] : [`problem: ${renderLine(error, 300)}`]),
  ].join('; ');
}

/** `openai (gpt-6-luna), answers; models cost $0.0123 of $10.0000 in 24 hours`. */
function renderBrain({ brain, model }: Pick<SystemStatus, 'brain' | 'model'>, timeZone?: string): string {
  if (model === null) return brain;
  const { name, outage, dayMicros, dayLimitMicros } = model;
  const state = outage ? renderOutage(outage, timeZone) : 'answers';
  const cost = `models cost ${formatMicros(dayMicros)} of ${formatMicros(dayLimitMicros)} in 24 hours`;
  return `${brain} (${name}), ${state}; ${cost}`;
}

/** `has not answered since …: it is busy; asked again at …; the built-in rules take note meanwhile`. */
export function renderOutage(
  { since, error, retryAt, fallbackAt }: Outage,
  timeZone: string | undefined,
): string {
  return [
    `has not answered since ${formatInstant(since, timeZone)}: ${renderLine(error, 200)}`,
    `asked again at ${formatInstant(retryAt, timeZone)}`,
    ...(fallbackAt === null ? [] : ['the built-in rules take note meanwhile, and answer nobody']),
  ].join('; ');
}

/** The line that stands first wherever the stop switch is on. */
export function renderStop({ at, reason }: { at: number; reason: string | null }, timeZone?: string): string {
  return `STOPPED since ${formatInstant(at, timeZone)}${reason ? `: ${renderLine(reason, 200).replace(/[.!?]$/, '')}` : ''}. Nothing is sent until you resume.`;
}
