import type { SendOutcome } from './channel.ts';
import type { Address, ChannelKind } from './contact.ts';
import type { Fence } from './fence.ts';
import type { EvaluateDeparture } from './gate.ts';
import type { ActionId, BatchId, ConversationId, EventId, JorbId, OutboxId } from './ids.ts';
import type { Asking, Route, RoutedBatch, RouteInput, RoutingSettlement } from './routing.ts';

export const eventStatuses = ['received', 'batched', 'routed', 'handled', 'unmatched', 'ignored'] as const;
export type EventStatus = (typeof eventStatuses)[number];

/**
 * How sure a channel is of who wrote: `verified` by a signature or a connection of ours, `weak` by what the
 * wire says of itself, `none` where anyone could have written it.
 */
export const grades = ['verified', 'weak', 'none'] as const;
export type Grade = (typeof grades)[number];

/** What a channel hands to the inbox, verified and normalized. */
export type Inbound = {
  channel: ChannelKind;
  /** Which of our accounts on that channel received it. */
  account: string;
  /** The provider's id: unique for ever with channel and account. */
  externalId: string;
  from: string;
  text: string;
  /** The receipt of our message that it answers, where the wire says so. */
  inReplyTo: string | null;
  sentAt: number | null;
  grade: Grade;
};

/** One inbound message. All but its status is immutable. */
export type Event = Address & {
  id: EventId;
  account: string;
  externalId: string;
  conversationId: ConversationId;
  batchId: BatchId;
  jorbId: JorbId | null;
  text: string;
  inReplyTo: string | null;
  status: EventStatus;
  receivedAt: number;
  grade: Grade;
};

/** An unmatched message as the owner sees it, with the jorbs it might belong to, likeliest first. */
export type InboxItem = {
  event: Event;
  contactName: string | null;
  /** Why the router did not decide. */
  reason: string;
  candidates: { id: JorbId; name: string }[];
  /** What the router's model would have chosen, had it been surer. */
  suggestion: { id: JorbId; name: string; confidence: number; reason: string } | null;
};

export const outboxStatuses = ['queued', 'sending', 'sent', 'unknown', 'failed'] as const;
export type OutboxStatus = (typeof outboxStatuses)[number];

/** An action on its way to the wire. */
export type Delivery = Address & {
  id: OutboxId;
  actionId: ActionId;
  jorbId: JorbId;
  /** The idempotency key: the same for every attempt at this action, different for every other action. */
  key: string;
  text: string;
  status: OutboxStatus;
  attempts: number;
  availableAt: number;
  sentAt: number | null;
  error: string | null;
};

/** One line of a jorb's transcript, either way, with its whole text. */
export type TranscriptEntry = {
  direction: 'in' | 'out';
  id: EventId | OutboxId;
  channel: ChannelKind;
  address: string;
  contactName: string;
  text: string;
  at: number;
  status: EventStatus | OutboxStatus;
  /** It came to a jorb that was over: nobody answers it. Absent where that was not looked up. */
  isLate?: boolean;
};

export type TranscriptPage = { entries: TranscriptEntry[]; total: number; nextOffset: number | null };

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
