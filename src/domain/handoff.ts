import type { ApprovalId, PromiseId } from './ids.ts';
import type { Promisor } from './promise.ts';

export const handoffStatuses = ['due', 'writing', 'accepted', 'failed'] as const;
export type HandoffStatus = (typeof handoffStatuses)[number];

/** `interval`: so many days passed. `long_context`: one jorb's prompt grew too long. */
export const resetReasons = ['interval', 'long_context'] as const;
export type ResetReason = (typeof resetReasons)[number];

/** When contexts are reset: after so many days, or once the prompt of a turn is so many tokens long. */
export type ResetLimits = { days: number; tokens: number };

/** A line of a handoff, with the public ids of the rows that it rests on. */
export type HandoffNote = { text: string; ids: string[] };

/**
 * What an agent hands over to its own next context. Promises, approvals and limits are drawn from the rows by
 * code: a brain can remark on them and cannot lose or invent one.
 */
export type Handoff = {
  /** Where the errand stands, in two or three sentences. */
  status: string;
  done: HandoffNote[];
  openQuestions: HandoffNote[];
  promises: {
    id: PromiseId;
    by: Promisor;
    /** The key of the address: `loopback:magic`. */
    with: string;
    text: string;
    dueAt: number | null;
    remark: string | null;
  }[];
  /** The questions to the owner that were pending. */
  approvals: { id: ApprovalId; asked: string; remark: string | null }[];
  facts: HandoffNote[];
  decisions: HandoffNote[];
  contractVersion: number;
  /** Each clause of that contract, as the owner reads it. */
  limits: string[];
  nextSteps: { text: string; at: number | null }[];
  learnings: string[];
};
