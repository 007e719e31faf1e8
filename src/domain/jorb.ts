import type { Money } from '../lib/money.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { Action } from './action.ts';
import type { Activity } from './activity.ts';
import type { Counterparty } from './contact.ts';
import type { Contract } from './contract.ts';
import type { DecisionFilter, DecisionPage } from './decision.ts';
import type { ActionId, ApprovalId, EventId, FactId, JorbId } from './ids.ts';
import type { TranscriptPage } from './message.ts';
import type { ModelUse } from './model-money.ts';
import type { NewJorb } from './new-jorb.ts';
import type { NotifyOn } from './notice.ts';
import type { OpenPromise } from './promise.ts';
import type { Steering } from './steering.ts';

export const jorbStatuses = ['planning', 'running', 'paused', 'complete', 'failed', 'cancelled'] as const;
export type JorbStatus = (typeof jorbStatuses)[number];

export const openStatuses = ['planning', 'running', 'paused'] as const satisfies JorbStatus[];

/** The jorbs that a message can be given to. */
export const liveStatuses = ['running', 'paused'] as const satisfies JorbStatus[];

export function isLive(status: JorbStatus): boolean {
  return status === 'running' || status === 'paused';
}

/** A finished jorb never begins again. */
export function isFinished(status: JorbStatus): boolean {
  return status === 'complete' || status === 'failed' || status === 'cancelled';
}

/** Why a paused jorb waits. An `owner` pause holds messages that are already queued; the others do not. */
export const pauseCauses = ['approval', 'question', 'agent', 'owner', 'limit', 'error'] as const;
export type PauseCause = (typeof pauseCauses)[number];

/** Whether it waits for the owner's answer to a question that is asked. */
export function waitsForAnswer(cause: PauseCause | null): boolean {
  return cause === 'approval' || cause === 'question';
}

/** Paused for one of these it goes on only when the owner says so, and no question asks them. */
export const unaskedCauses = ['agent', 'limit', 'error'] as const satisfies PauseCause[];

export function waitsUnasked(cause: PauseCause | null): boolean {
  return unaskedCauses.some((each) => each === cause);
}

export const actors = ['owner', 'agent', 'runtime'] as const;
export type Actor = (typeof actors)[number];

export const jorbCommands = ['start', 'pause', 'resume', 'cancel', 'complete', 'fail'] as const;
export type JorbCommand = (typeof jorbCommands)[number];

export type Phase = { title: string; status: 'pending' | 'active' | 'done' };

export type Jorb = {
  id: JorbId;
  name: string;
  plan: string;
  status: JorbStatus;
  /** Set exactly while paused. */
  pauseCause: PauseCause | null;
  /** Why it has this status, in words for the owner. */
  reason: string | null;
  /** One line on where it stands, kept apart from errors. */
  summary: string | null;
  /** What proves its outcome. A completion without any is shown as unconfirmed. */
  evidence: EventId[];
  contractVersion: number;
  createdAt: number;
  updatedAt: number;
  lastActivityAt: number;
  finishedAt: number | null;
  /** When the agent wants to look again, and why. */
  wakeAt: number | null;
  wakeReason: string | null;
};

export type Fact = {
  id: FactId;
  key: string;
  value: string;
  sourceEventId: EventId | null;
  at: number;
};

/** One line of a list. */
export type JorbSummary = Pick<
  Jorb,
  'id' | 'name' | 'status' | 'pauseCause' | 'reason' | 'summary' | 'lastActivityAt' | 'createdAt'
> & { pendingApprovals: number; received: number; sent: number };

export type PendingQuestion = { id: ApprovalId; remindAt: number | null; expiresAt: number };

/** Everything the owner may want to know about one jorb, but for its transcript. */
export type JorbDetail = {
  jorb: Jorb;
  contract: Contract;
  counterparties: Counterparty[];
  phases: Phase[];
  facts: Fact[];
  /** Those still open, the first due first. */
  promises: OpenPromise[];
  pendingApprovals: ApprovalId[];
  /** The same with their times: when the owner is reminded of it, and when it expires. */
  questions: PendingQuestion[];
  /** When the owner is asked whether it may go on. Null: they are asked now, or it is not open. */
  endsAt: number | null;
  /** When the handoff was written that its context begins with. */
  handoffAt: number | null;
  /** Messages that came after it was over: nobody answers them. */
  lateMessages: number;
  /** What of it the owner is mailed at once. */
  notifyOn: NotifyOn;
  spent: { committed: Money; reserved: Money };
  /** What models took for it, routing included. */
  models: ModelUse;
  /** Absent where no model thinks. */
  modelLimitMicros?: number;
  received: number;
  sent: number;
};

const moves: Record<JorbCommand, { from: readonly JorbStatus[]; to: JorbStatus; by: readonly Actor[] }> = {
  start: { from: ['planning'], to: 'running', by: ['owner'] },
  pause: { from: ['running'], to: 'paused', by: ['owner', 'agent', 'runtime'] },
  resume: { from: ['paused'], to: 'running', by: ['owner'] },
  cancel: { from: ['planning', 'running', 'paused'], to: 'cancelled', by: ['owner'] },
  complete: { from: ['running'], to: 'complete', by: ['agent'] },
  fail: { from: ['running', 'paused'], to: 'failed', by: ['agent', 'runtime'] },
};

const participles: Record<JorbCommand, string> = {
  start: 'started',
  pause: 'paused',
  resume: 'resumed',
  cancel: 'cancelled',
  complete: 'completed',
  fail: 'failed',
};

/** The next status, or the sentence that says why there is none. Only this function moves a jorb. */
export function transition(status: JorbStatus, command: JorbCommand, by: Actor): Result<JorbStatus, string> {
  const move = moves[command];
  if (!move.by.includes(by)) return err(`only the ${move.by.join(' or the ')} can ${command} a jorb`);
  if (!move.from.includes(status)) {
    return err(
      `a jorb that is ${status} cannot be ${participles[command]}; it must be ${move.from.join(' or ')}`,
    );
  }
  return ok(move.to);
}

export type JorbStore = {
  /** `created` is false when the idempotency key was known: nothing was written. */
  createJorb(
    input: NewJorb,
    now: number,
  ): Promise<{ jorb: Jorb; created: boolean; approvalId: ApprovalId | null }>;
  getJorb(id: JorbId): Promise<JorbDetail | undefined>;
  /** Latest activity first. */
  listJorbs(filter: {
    statuses: readonly JorbStatus[];
    limit: number;
    offset: number;
  }): Promise<{ jorbs: JorbSummary[]; total: number }>;
  /** One contract version for each changed contract; pending approvals of an older version expire. */
  steerJorb(
    id: JorbId,
    steering: Steering,
    now: number,
  ): Promise<{ jorb: Jorb; approvalId: ApprovalId | null }>;
  /** The owner's command. `complete` and `fail` are the agent's and are refused here. */
  moveJorb(id: JorbId, command: JorbCommand, reason: string | null, now: number): Promise<Jorb>;
  readTranscript(
    id: JorbId,
    page: { order: 'newest' | 'oldest'; limit: number; offset: number },
  ): Promise<TranscriptPage>;
  listDecisions(filter: DecisionFilter): Promise<DecisionPage>;
  /** What happened after entry `afterSeq`, oldest first; null for every jorb and what belongs to none. */
  listActivity(jorbId: JorbId | null, afterSeq: number, limit: number): Promise<Activity[]>;
  /** What the agent proposed, and what the gate found in it. */
  getAction(id: ActionId): Promise<Action | undefined>;
};
