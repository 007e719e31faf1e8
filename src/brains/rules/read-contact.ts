import { addressKey, type Counterparty } from '../../domain/contact.ts';
import type { PastAction, TurnContext } from '../../domain/turn.ts';
import { squeeze } from '../../lib/text.ts';
import { type Acceptance, listAcceptances, type Send } from './acceptance.ts';
import { formatSlug, keepNewest, type Note, parseOffer, rank } from './facts.ts';
import { readReply } from './read-reply.ts';
import type { Line, ReadHints, Reading } from './reading.ts';

/** Where things stand with one contact, all of it derived from rows. */
export type SeenContact = {
  contact: Counterparty;
  /** `loopback:magic` */
  key: string;
  /** Names the contact in keys of facts; no two contacts of a jorb share one. */
  slug: string;
  /** All that was ever proposed to it, oldest first. */
  sends: Send[];
  /** Those of them that took an offer up. */
  acceptances: Acceptance[];
  /** When a message to it last left or was to leave; null before the first. */
  writtenAt: number | null;
  /** What it says that no turn has seen. */
  fresh: Reading;
  /** What it said since anything was last proposed to it. */
  open: Reading;
};

/** What the rows tell about one contact. `stored`: the facts of earlier turns. */
export function readContact(
  context: TurnContext,
  contact: Counterparty,
  { hints: common, stored }: { hints: ReadHints; stored: readonly Note[] },
): SeenContact {
  const key = addressKey(contact);
  const isTheirs = (address: string) => address === contact.address || address === key;
  const sends = context.actions
    .filter((action): action is Send => action.payload.kind === 'send_message')
    .filter(({ payload: { to } }) => to.channel === contact.channel && to.address === contact.address)
    .sort((a, b) => a.at - b.at || rank(a.id) - rank(b.id));
  const proposedAt = sends.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  const freshLines: Line[] = context.newMessages.filter(({ address }) => isTheirs(address));
  const isFresh = new Set(freshLines.map(({ eventId }) => eventId));
  const earlier = context.transcript.flatMap(({ direction, id, address, text, at }): Line[] => {
    const isOpen = direction === 'in' && isTheirs(address) && at > proposedAt;
    return isOpen && id.startsWith('event_') ? [{ eventId: id as Line['eventId'], text }] : [];
  });
  const openLines = [...earlier.filter(({ eventId }) => !isFresh.has(eventId)), ...freshLines];
  const acceptances = listAcceptances(sends, context.approvals);
  const hints = { ...common, topic: common.isAgent ? findTopic({ key, acceptances }, stored) : null };
  const written = sends.filter(({ status }) => isOnItsWay(status));
  return {
    contact,
    key,
    slug: pickSlug(contact, context.counterparties),
    sends,
    acceptances,
    writtenAt: latest(written.map(({ at, writtenAt }) => writtenAt ?? at)),
    fresh: readReply(freshLines, hints),
    open: readReply(openLines, hints),
  };
}

function latest(instants: number[]): number | null {
  return instants.length > 0 ? Math.max(...instants) : null;
}

/** A concierge who just says "sold out" means what was accepted, or the one thing it offered. */
function findTopic(
  { key, acceptances }: Pick<SeenContact, 'key' | 'acceptances'>,
  stored: readonly Note[],
): string | null {
  const own = keepNewest(stored).flatMap((note) => parseOffer(note) ?? []);
  const subjects = [...new Set(own.filter(({ from }) => from === key).map(({ subject }) => subject))];
  const taken = acceptances.findLast(({ state }) => state === 'sent')?.send.payload.text;
  const accepted = subjects.find(
    (subject) => taken !== undefined && squeeze(taken).includes(squeeze(subject)),
  );
  return accepted ?? (subjects.length === 1 ? (subjects[0] ?? null) : null);
}

/** Approved, waiting to leave, gone, or perhaps gone: all that a third party has, or will have, on its screen. */
export function isOnItsWay(status: PastAction['status']): boolean {
  return status === 'approved' || status === 'queued' || status === 'done' || status === 'unknown';
}

function pickSlug(contact: Counterparty, all: readonly Counterparty[]): string {
  const slug = formatSlug(contact.name);
  const isShared = all.some(({ id, name }) => id !== contact.id && formatSlug(name) === slug);
  return isShared ? `${slug.slice(0, 20)}-${rank(contact.id)}` : slug;
}
