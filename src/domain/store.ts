import type { Action, Finding } from './action.ts';
import type { Activity } from './activity.ts';
import type { Approval, ApprovalAnswer, Confirmation } from './approval.ts';
import type { BrainAnswer } from './brain.ts';
import type { Brief, SystemStatus } from './brief.ts';
import type { SendOutcome } from './channel.ts';
import type { NewCounterparty } from './contact.ts';
import type { Contract } from './contract.ts';
import type { DecisionFilter, DecisionPage } from './decision.ts';
import type { Fence } from './fence.ts';
import type { EvaluateDeparture, EvaluateGate, ProfileField } from './gate.ts';
import type { ActionId, ApprovalId, BatchId, EventId, JorbId, ModelCallId, OutboxId, TurnId } from './ids.ts';
import type { Jorb, JorbCommand, JorbDetail, JorbStatus, JorbSummary, PauseCause } from './jorb.ts';
import type { Delivery, Event, Inbound, InboxItem, TranscriptPage } from './message.ts';
import type { ModelCallEnd, ModelReservation, ModelSpend, NewModelCall } from './model-money.ts';
import type { NewOutage, Outage } from './outage.ts';
import type { Asking, Route, RouteInput, RoutingQuestion, RoutingSettlement } from './routing.ts';
import type { ClaimedTurn, Effect, EffectOutcome } from './turn.ts';

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
  OwnerStore &
  ModelStore &
  RuntimeStore & {
    /** A consistent copy while others write. The file must not exist. */
    backup(file: string): Promise<void>;
    close(): Promise<void>;
  };

/** A contract beyond what may be set without a human, and what makes it so. */
export type Widening = { contract: Contract; findings: Finding[] };

export type NewJorb = {
  name: string;
  plan: string;
  phases: string[];
  counterparties: NewCounterparty[];
  /** In force at once. */
  contract: Contract;
  /** Asked of the owner; in force when they accept. */
  widening: Widening | null;
  /** With a widening, it starts when the owner accepts. */
  start: boolean;
  idempotencyKey: string | null;
  /** Of the whole request: the same key with another hash is a conflict. */
  requestHash: string;
};

export type Steering = {
  guidance: string | null;
  plan: string | null;
  phases: string[] | null;
  /** All counterparties of the new contract, the known ones included. */
  counterparties: NewCounterparty[] | null;
  contract: Contract | null;
  widening: Widening | null;
  /** The contract version the change was computed from; another one is a conflict. */
  contractVersion: number;
};

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

export type ApprovalStore = {
  getApproval(id: ApprovalId): Promise<Approval | undefined>;
  /** Oldest first: the first asked is the first shown. */
  listPendingApprovals(filter: { jorbId: JorbId | null; limit: number }): Promise<Approval[]>;
  /**
   * Consumes a pending approval once, and queues its action in the same transaction. `hash` is of the
   * bytes the owner saw. Refused, with the approval still pending, when the gate refuses now (stopped,
   * a rate); refused for good when it was answered, expired, or its payload or contract changed.
   */
  answerApproval(
    request: {
      id: ApprovalId;
      hash: string;
      answer: ApprovalAnswer;
      confirmedBy: Confirmation | null;
      evaluate: EvaluateGate;
    },
    now: number,
  ): Promise<Approval>;
};

export type InboxStore = {
  /** Not fenced: any process may bring a message in. A known external id writes nothing. */
  receiveEvent(
    inbound: Inbound,
    silenceMs: number,
    now: number,
  ): Promise<{ event: Event; isNew: boolean; releaseAt: number }>;
  /** Releases one batch that is due. */
  releaseBatch(fence: Fence, now: number): Promise<BatchId | undefined>;
  /** Routes one released batch that is free, or leases it for a model where `route` says so. */
  routeBatch(
    fence: Fence,
    route: (input: RouteInput) => Route | Asking,
    now: number,
  ): Promise<RoutedBatch | undefined>;
  /** Routes a batch that is still leased by this runtime. Undefined, and nothing written, for any other. */
  settleRouting(
    fence: Fence,
    id: BatchId,
    settlement: RoutingSettlement,
    now: number,
  ): Promise<Route | undefined>;
  /** Gives such a batch back, not to be routed before `until`. */
  postponeRouting(fence: Fence, id: BatchId, until: number): Promise<void>;
  /** Unmatched messages, newest first. */
  listInbox(page: { limit: number; offset: number }): Promise<{ items: InboxItem[]; total: number }>;
  /** Gives the message, and every unmatched one of its conversation, to the jorb; later ones follow. */
  assignMessage(id: EventId, jorbId: JorbId, now: number): Promise<Event>;
};

/** `failures`: how often a model did not answer about it. */
export type RoutedBatch =
  | { batchId: BatchId; route: Route }
  | { batchId: BatchId; question: RoutingQuestion; failures: number };

export type TurnStore = {
  /**
   * Adopts a turn that an earlier epoch left running, else opens one for a jorb that is due. While the model
   * is down, a jorb that is due waits with the others for the next try, of which there is one at a time; but
   * the fallback, once it is at work, gets a turn for each message that it has not seen.
   */
  claimTurn(fence: Fence, leaseMs: number, now: number): Promise<ClaimedTurn | undefined>;
  /** Stores what the brain said before anything is done with it, with its decision; extends the lease. */
  saveAnswer(fence: Fence, step: TurnStep, answer: BrainAnswer, by: string, now: number): Promise<void>;
  /**
   * Applies the effect of one call and stores its outcome with it. Applied again, it changes nothing
   * and returns the stored outcome. A sending passes the gate here.
   */
  applyEffect(
    fence: Fence,
    request: { step: TurnStep; call: number; effect: Effect; evaluate: EvaluateGate },
    now: number,
  ): Promise<EffectOutcome>;
  /** Stores the outcome of a call without an effect: a bad argument, an unknown tool. */
  saveOutcome(fence: Fence, step: TurnStep, call: number, outcome: EffectOutcome, now: number): Promise<void>;
  /** What the turn saw becomes handled. */
  finishTurn(fence: Fence, id: TurnId, now: number): Promise<void>;
  /** Finishes a turn that came to no conclusion. Unless something is awaited by now, the jorb pauses with the reason. */
  finishStuckTurn(fence: Fence, id: TurnId, reason: string, now: number): Promise<void>;
  /** What it saw is due again at `retryAt`; null pauses the jorb with the error. */
  failTurn(fence: Fence, id: TurnId, error: string, retryAt: number | null, now: number): Promise<void>;
  /** What it saw is seen again when the model is tried again, or at once if it answers. Says nothing about the jorb. */
  putBackTurn(fence: Fence, id: TurnId, error: string, now: number): Promise<void>;
  /** What it saw is seen again when the jorb goes on. */
  pauseTurn(
    fence: Fence,
    id: TurnId,
    pause: { cause: PauseCause; reason: string },
    now: number,
  ): Promise<void>;
  /** Whether the turn should end between two steps: stop switch, pause or cancellation by the owner. */
  isTurnWanted(id: TurnId): Promise<boolean>;
  /**
   * Whether the turn's jorb has, by its rows, something that will bring it another turn (a wake, a question,
   * a promise with a time, a message on its way or unanswered, news), or does not run any more.
   */
  isJorbAwaiting(id: TurnId): Promise<boolean>;
};

export type TurnStep = { turnId: TurnId; position: number; leaseMs: number };

export type OutboxStore = {
  /** Takes one message that is due and may leave; drops those that have lost their ground. */
  claimDelivery(fence: Fence, evaluate: EvaluateDeparture, now: number): Promise<Delivery | undefined>;
  /** Writes what came of it, and settles or releases its money. `retryAt` is for a `retry`. */
  settleDelivery(
    fence: Fence,
    id: OutboxId,
    outcome: SendOutcome,
    retryAt: number,
    now: number,
  ): Promise<void>;
  /** Messages an earlier epoch left in `sending`: each may have happened. */
  listUncertainDeliveries(fence: Fence): Promise<Delivery[]>;
};

export type ModelStore = {
  /**
   * Sets the worst that a call may cost aside, unless that would pass a limit: one statement sums and
   * inserts. What was set aside counts until it is settled, so a call whose process died counts for ever.
   */
  reserveModelCall(fence: Fence, call: NewModelCall, now: number): Promise<ModelReservation>;
  /** Without usage the worst stays counted; null, and it cost nothing. */
  settleModelCall(fence: Fence, id: ModelCallId, end: ModelCallEnd, now: number): Promise<void>;
  readModelSpend(filter: { jorbId: JorbId | null }, now: number): Promise<ModelSpend>;
  /** Null: the model answers, as far as anybody knows. */
  readOutage(): Promise<Outage | null>;
  /** The model did not answer. What waits for it waits on until the next try. */
  noteOutage(fence: Fence, failure: NewOutage, now: number): Promise<Outage>;
  /** The model answers again, and what waited for it is due. Without an outage it does nothing. */
  endOutage(fence: Fence, now: number): Promise<void>;
  /** The fallback takes over; what waits for the model is due for it to look at. Once in an outage. */
  noteFallback(fence: Fence, now: number): Promise<void>;
};

export type OwnerStore = {
  /** After it resolves no effect starts until `resumeEverything`. Saying it twice keeps the first. */
  stopEverything(reason: string | null, now: number): Promise<void>;
  resumeEverything(now: number): Promise<void>;
  /** With `peek` the mark stays where it was. */
  takeBrief(peek: boolean, now: number): Promise<Brief>;
  readStatus(now: number): Promise<
    Pick<SystemStatus, 'stopped' | 'jorbs' | 'pending' | 'nextDueAt'> & {
      runtime: { epoch: number; holder: string; since: number } | null;
    }
  >;
  listProfile(): Promise<ProfileField[]>;
  /** A null value removes the field. */
  setProfileField(field: string, value: string | null, now: number): Promise<void>;
};

export type RuntimeStore = {
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
