/** One station of the pipeline. */
export type Stage = {
  name: string;
  /** Does one unit of what is due. False when nothing was. Safe to call at any time, in any order. */
  tick(): Promise<boolean>;
};

/**
 * Every point between a committed write and the effect that follows it. A process may die at any of
 * them; the tests kill it at each. `owner.written` is passed by whoever builds `OwnerContext.written`.
 */
export const failpoints = [
  'inbox.stored',
  'batch.released',
  'routing.leased',
  'routing.asked',
  'routing.postponed',
  'batch.routed',
  'turn.claimed',
  'answer.saved',
  'effect.before',
  'effect.applied',
  'outcome.saved',
  'turn.ended',
  'turn.settled',
  'delivery.claimed',
  'delivery.sent',
  'delivery.settled',
  'delivery.looked_up',
  'delivery.recovered',
  'mail.claimed',
  'mail.sent',
  'mail.settled',
  'mail.looked_up',
  'mail.recovered',
  'notices.composed',
  'schedule.kept',
  'calendar.kept',
  'run.claimed',
  'run.worked',
  'run.ended',
  'reset.begun',
  'handoff.claimed',
  'handoff.asked',
  'handoff.accepted',
  'handoff.postponed',
  'handoff.failed',
  'progress.claimed',
  'progress.appended',
  'progress.settled',
  'owner.written',
] as const;
export type FailpointName = (typeof failpoints)[number];

/** Called at named points between a write and the next effect. Tests crash the process there. */
export type Failpoint = (name: FailpointName) => void;
