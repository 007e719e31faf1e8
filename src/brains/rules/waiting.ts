import { type Call, callSend } from './calls.ts';
import { isOnItsWay } from './read-contact.ts';
import type { ContactState, State } from './state.ts';
import { findSent } from './take-notes.ts';

const nudge = 'has there been time to look at my question?';
const chase = 'has it gone through?';

export type Waiting = {
  /** Still to answer within their time, the opening of this turn included. */
  expected: ContactState[];
  /** Their time is up: they are written to once more. */
  overdue: ContactState[];
  /** They were written to twice and stay silent. */
  silent: ContactState[];
  /** When the next of them is due; null when nobody is waited for. */
  wakeAt: number | null;
};

/** Who has not answered, and whether it is time to ask again. */
export function readWaiting({ context, contacts }: State): Waiting {
  const open = contacts.filter(({ hasAnswered, leftOut }) => !hasAnswered && leftOut === null);
  const isDue = (contact: ContactState) => dueAt(contact, context) <= context.now;
  const overdue = open.filter((contact) => isDue(contact) && !wasReminded(contact, nudge));
  const silent = open.filter((contact) => isDue(contact) && wasReminded(contact, nudge));
  const expected = open.filter((contact) => !isDue(contact));
  const times = [
    ...expected.map((contact) => dueAt(contact, context)),
    ...overdue.map(() => context.now + context.contract.followUpMs),
  ];
  return { expected, overdue, silent, wakeAt: times.length > 0 ? Math.min(...times) : null };
}

export function remind({ contact }: ContactState): Call {
  return callSend({ to: contact, text: `Hello ${contact.name}, ${nudge}`, basedOn: null });
}

/** Whether an accepted offer should have been confirmed by now, and what is left to do about it. */
export function readConfirmationWait(
  contact: ContactState,
  { context }: State,
): { dueAt: number; isOverdue: boolean; wasChased: boolean } {
  const sent = findSent(contact)?.send;
  const sentAt = sent?.writtenAt ?? sent?.at ?? context.now;
  const from = Math.max(sentAt, contact.writtenAt ?? sentAt);
  const due = from + context.contract.followUpMs;
  const chased = contact.sends.some(
    ({ payload, status, at }) => isOnItsWay(status) && at > sentAt && payload.text.includes(chase),
  );
  return { dueAt: due, isOverdue: due <= context.now, wasChased: chased };
}

export function remindOfConfirmation({ contact }: ContactState): Call {
  return callSend({
    to: contact,
    text: `Hello ${contact.name}, ${chase} A short word with the reference is enough.`,
    basedOn: null,
  });
}

/** One that has not been written to yet is being written to now. */
function dueAt({ writtenAt }: ContactState, { now, contract }: State['context']): number {
  return (writtenAt ?? now) + contract.followUpMs;
}

function wasReminded({ sends }: ContactState, words: string): boolean {
  return sends.some(({ payload, status }) => isOnItsWay(status) && payload.text.includes(words));
}
