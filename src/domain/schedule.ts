import type { Fence } from './fence.ts';
import type { RunId } from './ids.ts';

export const scheduleNames = ['digest', 'handoff'] as const;
export type ScheduleName = (typeof scheduleNames)[number];

export const runStatuses = ['due', 'running', 'done', 'failed'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** What happens by the calendar. `cron` has five fields, read in the time zone; null switches it off. */
export type ScheduleDefinition = { name: ScheduleName; cron: string | null; timeZone: string };

/** When slots begin. Pure, and callable inside a transaction. */
export type Calendar = {
  /** The first slot after that instant; null when there is none. */
  findNext(cron: string, timeZone: string, after: number): number | null;
  /** The newest slot after the one instant and not after the other. */
  findLast(cron: string, timeZone: string, after: number, until: number): number | null;
  /** What the owner's clock shows there: `2026-11-20T08:00`. */
  formatSlot(at: number, timeZone: string): string;
};

/** One run of a schedule: for one slot, once. */
export type Run = {
  id: RunId;
  schedule: ScheduleName;
  /** What the owner's clock shows at its time: `2026-11-20T08:00`. */
  slot: string;
  slotAt: number;
  /** When it was first begun: well after its slot where nothing ran then. */
  startedAt: number;
  /** This one included. */
  attempts: number;
};

/**
 * Carries a run out and says, in words for the owner, what came of it. Called again for the same run when
 * it throws, and when the process dies before the run has ended: the second time must do no harm.
 */
export type CarryOut = (run: Run, now: number) => Promise<string>;

/** As the status shows it. */
export type ScheduleState = {
  name: ScheduleName;
  /** `off` when it is switched off. */
  cron: string;
  timeZone: string;
  /** Null: switched off. */
  nextAt: number | null;
  last: { slot: string; status: RunStatus; at: number; note: string | null } | null;
};

export type ScheduleStore = {
  /**
   * Makes the rows say what is configured, and sets right what a clock that was set back left too far ahead.
   * A new schedule and a changed one begin with their next slot; one that had come by then still becomes a run.
   */
  keepSchedules(
    fence: Fence,
    definitions: readonly ScheduleDefinition[],
    calendar: Calendar,
    now: number,
  ): Promise<void>;
  /**
   * A slot that has come becomes a run, unless it had one; of several that were missed, the newest. Takes a
   * run that is due, or that a dead runtime left; one that was left too often fails.
   */
  claimRun(fence: Fence, calendar: Calendar, now: number): Promise<Run | undefined>;
  /** Writes nothing for a run that this runtime is not at. */
  finishRun(fence: Fence, id: RunId, note: string, now: number): Promise<void>;
  /** It is tried again at `retryAt`; null ends it. Writes nothing for a run that this runtime is not at. */
  failRun(fence: Fence, id: RunId, error: string, retryAt: number | null, now: number): Promise<void>;
  listSchedules(): Promise<ScheduleState[]>;
};
