import type { FailpointName } from '../../src/runtime/stage.ts';

/** Where processes die: real ones in `process`, those of a world in the test of that name. */
export type Killer = 'process' | 'errand' | 'router' | 'mailer' | 'schedules' | 'handoffs' | 'progress';

/** Each failpoint is somebody's. What children of `process` do not pass within seconds is killed in a world. */
const killers: Record<FailpointName, Killer> = {
  'inbox.stored': 'process',
  'batch.released': 'process',
  'batch.routed': 'process',
  'turn.claimed': 'process',
  'answer.saved': 'process',
  'effect.before': 'process',
  'effect.applied': 'process',
  'outcome.saved': 'process',
  'turn.ended': 'process',
  'turn.settled': 'process',
  'delivery.claimed': 'process',
  'delivery.looked_up': 'process',
  'delivery.recovered': 'process',
  'delivery.sent': 'process',
  'delivery.settled': 'process',
  'schedule.kept': 'process',
  'owner.written': 'process',
  'notices.composed': 'errand',
  'mail.claimed': 'errand',
  'mail.sent': 'errand',
  'mail.settled': 'errand',
  'mail.looked_up': 'mailer',
  'mail.recovered': 'mailer',
  'routing.leased': 'router',
  'routing.asked': 'router',
  'routing.postponed': 'router',
  'calendar.kept': 'schedules',
  'run.claimed': 'schedules',
  'run.worked': 'schedules',
  'run.ended': 'schedules',
  'reset.begun': 'handoffs',
  'handoff.claimed': 'handoffs',
  'handoff.asked': 'handoffs',
  'handoff.accepted': 'handoffs',
  'handoff.postponed': 'handoffs',
  'handoff.failed': 'handoffs',
  'progress.claimed': 'progress',
  'progress.appended': 'progress',
  'progress.settled': 'progress',
};

/** The failpoints that one of them kills at, in an order in which they can be passed. */
export function listKilledBy(killer: Killer): FailpointName[] {
  return (Object.keys(killers) as FailpointName[]).filter((name) => killers[name] === killer);
}
