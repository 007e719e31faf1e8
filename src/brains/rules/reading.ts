import type { EventId } from '../../domain/ids.ts';
import type { Money } from '../../lib/money.ts';
import type { PressureKind } from './lexicon.ts';
import type { QuestionTopic } from './read-question.ts';
import type { Subject } from './read-subject.ts';

/** One inbound message, in the order in which the messages came. */
export type Line = { eventId: EventId; text: string };

/** Something offered. `price` null: no price was said. `per` null: the price is for everything. */
export type ReadOffer = {
  eventId: EventId;
  subject: string;
  price: Money | null;
  per: string | null;
  note: string | null;
};

/** Something that cannot be had. `note` narrows it: the king is gone, the queen may not be. */
export type ReadRefusal = { eventId: EventId; subject: string; note: string | null };

/** What the messages of one contact say, each thing with the message that says it. */
export type Reading = {
  offers: ReadOffer[];
  unavailable: ReadRefusal[];
  questions: { eventId: EventId; text: string; topic: QuestionTopic }[];
  confirmations: { eventId: EventId; text: string; reference: string | null }[];
  cancellations: { eventId: EventId; text: string }[];
  privateRequests: { eventId: EventId; fields: string[] }[];
  pressures: { eventId: EventId; kind: PressureKind; says: string; text: string }[];
  away: EventId[];
  holding: EventId[];
  /** Everything with substance that is none of the above: an answer in words. */
  replies: { eventId: EventId; text: string }[];
};

export type ReadHints = {
  contactName: string;
  /** What may be offered, by the plan. */
  subjects: readonly Subject[];
  /** True for a contact that speaks for several subjects, such as a concierge. */
  isAgent: boolean;
  /** What the conversation was about before these messages; null when that is not clear. */
  topic: string | null;
  currency: string;
  unit: string | null;
};
