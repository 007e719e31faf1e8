import type { ActionStatus, Payload, Price } from './action.ts';
import type { ApprovalStatus } from './approval.ts';
import type { BrainAnswer } from './brain.ts';
import type { ChannelKind, Counterparty } from './contact.ts';
import type { Consequence, Contract } from './contract.ts';
import type { Fence } from './fence.ts';
import type { EvaluateGate } from './gate.ts';
import type { Handoff } from './handoff.ts';
import type { ActionId, ApprovalId, BatchId, EventId, HandoffId, PromiseId, TurnId } from './ids.ts';
import type { Fact, Jorb, PauseCause, Phase } from './jorb.ts';
import type { Grade, TranscriptEntry } from './message.ts';
import type { OpenPromise, Promisor } from './promise.ts';

export const turnStatuses = ['running', 'finished', 'failed'] as const;

/** What made a turn due. */
export const turnTriggers = [
  'started',
  'message',
  'approval',
  'guidance',
  'resumed',
  'wake',
  'deadline',
] as const;
export type TurnTrigger = (typeof turnTriggers)[number];

/** An approval as the agent sees it: what it asked and how the owner answered. Never a code. */
export type AgentApproval = {
  id: ApprovalId;
  actionId: ActionId;
  payload: Payload;
  status: ApprovalStatus;
  answerText: string | null;
  /** Whether this turn is the first to see the answer. */
  isNew: boolean;
};

export type NewMessage = {
  eventId: EventId;
  batchId: BatchId;
  channel: ChannelKind;
  address: string;
  /** How sure it is who wrote it. */
  grade: Grade;
  text: string;
  at: number;
};

/** A message of the past. `grade` is null for our own. */
export type PastMessage = TranscriptEntry & { grade: Grade | null };

/** An action of an earlier turn, so that a brain without memory can see what it did. */
export type PastAction = {
  id: ActionId;
  payload: Payload;
  consequence: Consequence;
  status: ActionStatus;
  refusal: string | null;
  /** When it was proposed. */
  at: number;
  /** When its message was queued or, once it left, sent: days later, where the owner was asked. Null for any other. */
  writtenAt: number | null;
};

/** All that a brain may know in one turn: this jorb and nothing else. */
export type TurnContext = {
  turnId: TurnId;
  now: number;
  ownerName: string;
  triggers: TurnTrigger[];
  jorb: Jorb;
  phases: Phase[];
  contract: Contract;
  counterparties: Counterparty[];
  facts: Fact[];
  /** Inbound messages that no turn has seen, oldest first. Third-party text. */
  newMessages: NewMessage[];
  /** The newest messages either way, oldest first, the new ones included. */
  transcript: PastMessage[];
  /** How many older ones there are than `transcript` and `facts` hold. */
  older: { messages: number; facts: number };
  approvals: AgentApproval[];
  actions: PastAction[];
  /** Words of the owner that no turn has seen, oldest first. */
  guidance: { text: string; at: number }[];
  /** Who has promised what and has not kept it yet, the first due first. */
  promises: OpenPromise[];
  /** What the last context handed over, and up to when it knew: of older messages only the newest are shown. */
  handoff: { id: HandoffId; at: number; body: Handoff } | null;
  /** Of the handoffs before that one: what the progress log says of this jorb, line by line, the oldest first. */
  progress: string[];
  /** Unguessable and the same in every turn of the jorb: no third party can write the marks around its words. */
  quoteMark: string;
};

/** What a tool call asks the runtime to record. The runtime applies it with its result in one transaction. */
export type Effect =
  | {
      kind: 'send_message';
      /** A channel and address as the brain wrote them; the gate decides whether they exist. */
      to: string;
      text: string;
      price: Price | null;
      /** What the brain calls it. It can only raise the consequence. */
      label: Consequence;
      basedOn: EventId | null;
      /** How sure the brain is, 0 to 1. It can only make the gate ask. */
      confidence: number;
    }
  | { kind: 'ask_owner'; question: string }
  | { kind: 'pause'; reason: string }
  | { kind: 'complete'; outcome: string; evidence: EventId[] }
  | { kind: 'fail'; reason: string }
  | { kind: 'advance_phase' }
  | { kind: 'store_data'; key: string; value: string; sourceEventId: EventId | null }
  | { kind: 'schedule_wake'; at: number; reason: string }
  | { kind: 'update_plan'; phases: Phase[] }
  | { kind: 'retrieve_data'; from: 'facts' | 'messages'; words: string }
  | { kind: 'record_promise'; promise: PromiseRecord };

/** A promise made, or what became of one. */
export type PromiseRecord =
  | {
      kind: 'made';
      by: Promisor;
      /** The counterparty who made it or to whom it was made, as a brain wrote the address. */
      with: string;
      text: string;
      dueAt: number | null;
      sourceEventId: EventId | null;
    }
  | { kind: 'closed'; id: PromiseId; status: 'kept' | 'broken' | 'released' };

/** `endsTurn`: the agent has said what it had to say and now waits. `sends`: words are on their way to someone. */
export type EffectOutcome = { text: string; isError: boolean; endsTurn: boolean; sends?: boolean };

/** A stored answer and the outcomes of those of its calls that were applied before a crash, by position. */
export type StoredStep = { answer: BrainAnswer; outcomes: Map<number, EffectOutcome> };

/**
 * Who thinks in a turn. `isProbe`: the model is down, and this turn is the one that asks first. The fallback
 * has been shown the messages in `seen` since then.
 */
export type Thinker =
  | { kind: 'brain'; isProbe: boolean }
  | { kind: 'fallback'; since: number; seen: EventId[] };

export type ClaimedTurn = {
  id: TurnId;
  context: TurnContext;
  steps: StoredStep[];
  /** How many turns of this jorb failed since one finished. */
  failures: number;
  thinker: Thinker;
};

export type TurnStep = { turnId: TurnId; position: number; leaseMs: number };

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
