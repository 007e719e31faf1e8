import type { Address } from './contact.ts';
import type { EventId, PromiseId } from './ids.ts';

export const promiseStatuses = ['open', 'kept', 'broken', 'released'] as const;

/** `us`: the agent, on the owner's behalf. */
export const promisors = ['us', 'them'] as const;
export type Promisor = (typeof promisors)[number];

/** Something that was said to happen. When it is due the jorb wakes. */
export type OpenPromise = {
  id: PromiseId;
  by: Promisor;
  /** The counterparty who made it or to whom it was made. */
  with: Address;
  text: string;
  dueAt: number | null;
  sourceEventId: EventId | null;
};
