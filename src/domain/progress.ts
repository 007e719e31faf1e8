import type { Money } from '../lib/money.ts';
import type { Fence } from './fence.ts';
import type { Handoff, ResetReason } from './handoff.ts';
import type { JorbId, ProgressId, ResetId } from './ids.ts';
import type { JorbStatus } from './jorb.ts';

/** What one reset puts on record: gathered from rows when its last handoff has ended. */
export type ProgressSession = {
  resetId: ResetId;
  /** At random, so that the entry can be found in the file, which outlives data folders and their backups. */
  key: string;
  reason: ResetReason;
  /** Of an `interval`. */
  days: number | null;
  /** When the reset began: the session is what happened before. */
  at: number;
  /** When the session began; null for the first. */
  since: number | null;
  /** The active ones; of a `long_context` that one. */
  jorbs: ProgressJorb[];
  /** How many more are active and not listed. */
  moreJorbs: number;
  counts: SessionCounts;
};

export type ProgressJorb = {
  id: JorbId;
  name: string;
  status: JorbStatus;
  account:
    | { kind: 'handoff'; handoff: Handoff }
    /** Nothing happened in it: there was nothing to hand over. */
    | { kind: 'unchanged'; since: number }
    /** It finished before it was asked. */
    | { kind: 'ended' }
    /** It goes on with the context that it had. */
    | { kind: 'failed'; error: string };
};

/** Of a `long_context`: of that jorb alone. */
export type SessionCounts = {
  /** Messages by channel. */
  received: Record<string, number>;
  sent: Record<string, number>;
  created: number;
  completed: number;
  failed: number;
  cancelled: number;
  /** Of approvals. */
  asked: number;
  answered: number;
  /** That left for the wire and may bind the owner, and the money of both. */
  purchases: number;
  commitments: number;
  committed: Money[];
  modelMicros: number;
};

/** One entry on its way to the file. `text` ends with a line that is found nowhere else. */
export type ProgressEntry = { id: ProgressId; text: string; attempts: number };

/** Whether the progress log keeps up. */
export type ProgressState = {
  /** When an entry was last written. */
  lastAt: number | null;
  /** Entries that are not in the file yet. */
  waiting: number;
  /** Why the oldest of them is not. */
  error: string | null;
};

export type ProgressStore = {
  /**
   * The oldest entry that is not in the file, once its time has come: younger ones wait behind it. Claiming
   * writes nothing; whoever appends it looks for it in the file first.
   */
  claimProgressEntry(fence: Fence, now: number): Promise<ProgressEntry | undefined>;
  /** It is in the file. Twice is harmless. */
  finishProgressEntry(fence: Fence, id: ProgressId, now: number): Promise<void>;
  /** It is tried again at `retryAt`, and never given up. */
  postponeProgressEntry(fence: Fence, id: ProgressId, error: string, retryAt: number): Promise<void>;
  readProgress(): Promise<ProgressState>;
};
