import type { Fence } from './fence.ts';
import type { RunId } from './ids.ts';

export const scheduleNames = ['digest', 'handoff'] as const;
export type ScheduleName = (typeof scheduleNames)[number];

export const runStatuses = ['due', 'running', 'done', 'failed'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** What happens by the calendar. `cron` has five fields, read in the time zone; null switches it off. */
export type ScheduleDefinition = { name: ScheduleName; cron: string | null; timeZone: string };

/** One run of a schedule: for one slot, once. */
export type Run = {
  id: RunId;
  schedule: ScheduleName;
  /** What the owner's clock shows at its time: `2026-11-20T08:00`. */
  slot: string;
  slotAt: number;
  /** This one included. */
  attempts: number;
};

/** As the status shows it. */
export type ScheduleState = {
  name: ScheduleName;
  cron: string;
  timeZone: string;
  /** Null: switched off. */
  nextAt: number | null;
  last: { slot: string; status: RunStatus; at: number; note: string | null } | null;
};

export type ScheduleStore = {
  /**
   * Makes the rows say what is configured, and gives a schedule whose next slot lies further away than the
   * calendar says (the clock was set back) its right one. A new one begins with its next slot.
   */
  keepSchedules(fence: Fence, definitions: readonly ScheduleDefinition[], now: number): Promise<void>;
  /** A slot that has come becomes a run; of several that were missed, the newest. Takes one that is due, or that a dead runtime left. */
  claimRun(fence: Fence, now: number): Promise<Run | undefined>;
  finishRun(fence: Fence, id: RunId, note: string, now: number): Promise<void>;
  /** It is tried again at `retryAt`; null ends it. */
  failRun(fence: Fence, id: RunId, error: string, retryAt: number | null, now: number): Promise<void>;
  listSchedules(): Promise<ScheduleState[]>;
};
