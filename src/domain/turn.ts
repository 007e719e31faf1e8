import type { ActionStatus, Payload, Price } from './action.ts';
import type { ApprovalStatus } from './approval.ts';
import type { BrainAnswer } from './brain.ts';
import type { ChannelKind, Counterparty } from './contact.ts';
import type { Consequence, Contract } from './contract.ts';
import type { ActionId, ApprovalId, BatchId, EventId, PromiseId, TurnId } from './ids.ts';
import type { Fact, Jorb, Phase } from './jorb.ts';
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
