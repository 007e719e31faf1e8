import type { ApprovalStore } from './approval.ts';
import type { Brief, SystemStatus } from './brief.ts';
import type { DigestStore } from './digest.ts';
import type { ExtensionStore } from './extension.ts';
import type { Fence } from './fence.ts';
import type { ProfileField } from './gate.ts';
import type { HandoffStore } from './handoff.ts';
import type { ApprovalId } from './ids.ts';
import type { JorbStore } from './jorb.ts';
import type { MailStore } from './mail.ts';
import type { InboxStore, OutboxStore } from './message.ts';
import type { ModelStore } from './model-money.ts';
import type { NoticeStore } from './notice.ts';
import type { ProgressStore } from './progress.ts';
import type { ScheduleStore } from './schedule.ts';
import type { SetBackStore } from './set-back.ts';
import type { TurnStore } from './turn.ts';

/**
 * The contract of the store: named operations, each one whole transaction, committed durably before
 * its promise resolves. Anything wrong with a request rejects with `Refusal` and leaves no trace.
 * Operations that take a `Fence` belong to the runtime and reject with `StaleEpoch`, writing nothing,
 * once another process has raised the epoch. `now` is always the caller's clock.
 */
export type Store = JorbStore &
  ApprovalStore &
  InboxStore &
  TurnStore &
  OutboxStore &
  DigestStore &
  MailStore &
  NoticeStore &
  OwnerStore &
  ModelStore &
  ProgressStore &
  HandoffStore &
  ScheduleStore &
  SetBackStore &
  RuntimeStore & {
    /** A consistent copy while others write. The file must not exist. */
    backup(file: string): Promise<void>;
    close(): Promise<void>;
  };

export type OwnerStore = {
  /** After it resolves no effect starts until `resumeEverything`. Saying it twice keeps the first. */
  stopEverything(reason: string | null, now: number): Promise<void>;
  resumeEverything(now: number): Promise<void>;
  /** With `peek` the mark stays where it was. */
  takeBrief(peek: boolean, now: number): Promise<Brief>;
  /** Everything after the last audit entry that is older than `since`. Moves no mark. */
  lookBack(since: number, now: number): Promise<Brief>;
  readStatus(now: number): Promise<
    Pick<SystemStatus, 'stopped' | 'jorbs' | 'pending' | 'nextDueAt'> & {
      runtime: { epoch: number; holder: string; since: number } | null;
    }
  >;
  listProfile(): Promise<ProfileField[]>;
  /** A null value removes the field. */
  setProfileField(field: string, value: string | null, now: number): Promise<void>;
};

export type RuntimeStore = ExtensionStore & {
  /** Takes the runtime's place: every older fence is stale from now on. */
  raiseEpoch(holder: string, now: number): Promise<Fence>;
  /**
   * When something will have to be done, or undefined when nothing is due at any time. What is due but
   * cannot move (all is stopped, its turn is running) does not count. `staleMs` as for `pauseStaleJorbs`;
   * with `fallbackMs`, the fallback takes over when the model has been down for so long.
   */
  getNextDueAt(
    fence: Fence,
    options: { staleMs: number; fallbackMs?: number | undefined },
    now: number,
  ): Promise<number | undefined>;
  expireApprovals(fence: Fence, now: number): Promise<number>;
  /** Marks the reminders that are due and returns their approvals. */
  remindApprovals(fence: Fence, now: number): Promise<ApprovalId[]>;
  /** Makes due the jorbs whose wake or deadline has come. */
  wakeJorbs(fence: Fence, now: number): Promise<number>;
  /** Pauses running jorbs in which nothing happened for `staleMs`. */
  pauseStaleJorbs(fence: Fence, staleMs: number, now: number): Promise<number>;
  /** Changes when another connection has committed, in this process or another. Cheap enough to poll. */
  readDataVersion(): number;
};
