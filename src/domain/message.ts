import type { Address, ChannelKind } from './contact.ts';
import type { ActionId, BatchId, ConversationId, EventId, JorbId, OutboxId } from './ids.ts';

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
};

export type TranscriptPage = { entries: TranscriptEntry[]; total: number; nextOffset: number | null };
