import type { Contract } from './contract.ts';
import type { Fence } from './fence.ts';
import type { ApprovalId, HandoffId, PromiseId, ResetId, RunId } from './ids.ts';
import type { OpenPromise, Promisor } from './promise.ts';
import type { TurnContext } from './turn.ts';

export const handoffStatuses = ['due', 'writing', 'accepted', 'failed'] as const;

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

/** What a brain writes, as it wrote it: ids and times may be wrong, and what it leaves out is not lost. */
export type HandoffDraft = Pick<
  Handoff,
  'status' | 'done' | 'openQuestions' | 'facts' | 'decisions' | 'learnings'
> & {
  promises: { id: string; remark: string | null }[];
  approvals: { id: string; remark: string | null }[];
  /** `at` is an instant in ISO 8601. */
  nextSteps: { text: string; at: string | null }[];
};

/** What holds of one jorb while its handoff is accepted, whatever the draft says. */
export type HandoffGround = {
  /** All that are open, the first due first. */
  promises: OpenPromise[];
  /** All questions to the owner that are pending. */
  approvals: { id: ApprovalId; asked: string }[];
  contract: Contract;
  contractVersion: number;
  /** Whether there is a row with that public id in this jorb. */
  knows: (id: string) => boolean;
};

/** A handoff that is to be written now. */
export type ClaimedHandoff = {
  id: HandoffId;
  /**
   * As of a turn that sees nothing new: messages and answers that no turn has seen are left to the next one.
   * `guidance` is what the owner said since the last handoff.
   */
  context: TurnContext;
  /** How often it could not be had. */
  failures: number;
  /** The model has been down for so long that the fallback is at work, or fails at this one again and again. */
  isFallback: boolean;
};

/** A draft that is to be accepted. `by` is the brain that wrote it; with `repair`, what is wrong with it is mended. */
export type HandoffOffer = { draft: HandoffDraft; by: string; repair: boolean };

/** `over`: it is not this runtime's to write, or its jorb has ended. */
export type Acceptance = { kind: 'accepted' } | { kind: 'wrong'; problems: string[] } | { kind: 'over' };

/** What the daily look came to. */
export type ResetOutcome =
  | { kind: 'begun'; handoffs: number }
  | { kind: 'no_activity' }
  /** `inDays`: local days until the next one may begin. */
  | { kind: 'not_due'; inDays: number };

export type HandoffStore = {
  /**
   * Begins the reset that is due by the calendar, once for each run: a handoff for every active jorb in which
   * the owner or the world did something since its last one.
   */
  beginReset(
    fence: Fence,
    request: { run: RunId; days: number; timeZone: string },
    now: number,
  ): Promise<ResetOutcome>;
  /** Begins the reset of one running jorb whose prompts have grown to so many tokens, if there is one. */
  beginLongReset(fence: Fence, tokens: number, now: number): Promise<ResetId | undefined>;
  /**
   * Takes one handoff that is due, or that was left in the middle, of a jorb that no turn is running for.
   * None while all is stopped, nor while the model is down and left alone. One whose jorb has finished ends
   * without a body.
   */
  claimHandoff(fence: Fence, leaseMs: number, now: number): Promise<ClaimedHandoff | undefined>;
  /**
   * Checks the draft against the rows as they are now, and accepts it when nothing is wrong with it. The next turn of the jorb begins with it.
   */
  acceptHandoff(fence: Fence, id: HandoffId, offer: HandoffOffer, now: number): Promise<Acceptance>;
  /** It is tried again at `retryAt`; null ends it, and the jorb goes on with the context that it had. */
  failHandoff(fence: Fence, id: HandoffId, error: string, retryAt: number | null, now: number): Promise<void>;
  /** It waits, not to be tried before `until`: the model is down. */
  postponeHandoff(fence: Fence, id: HandoffId, until: number): Promise<void>;
};
