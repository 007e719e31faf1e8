import { addressKey, type Counterparty } from '../../domain/contact.ts';
import type { PastAction, TurnContext } from '../../domain/turn.ts';
import { squeeze } from '../../lib/text.ts';
import { type Acceptance, listAcceptances, type Send } from './acceptance.ts';
import {
  formatKey,
  formatSlug,
  type Note,
  type Offer,
  parseOffer,
  parseStatus,
  type Unavailable,
} from './facts.ts';
import { type Command, noteCommand, readGuidance } from './guidance.ts';
import { readRole } from './plan-clauses.ts';
import { type PlanReading, readPlan } from './read-plan.ts';
import { readReply } from './read-reply.ts';
import { buildSubject, findNames, isSameSubject } from './read-subject.ts';
import type { Line, ReadHints, Reading } from './reading.ts';
import { takeNotes } from './take-notes.ts';

/** Where things stand with one contact, all of it derived from rows. */
export type ContactState = {
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
  hasAnswered: boolean;
  /** Left alone from now on: the owner said so, or it wants no messages. */
  leftOut: string | null;
};

export type State = {
  context: TurnContext;
  plan: PlanReading;
  /** What the owner told the agent since the last turn. */
  commands: Command[];
  contacts: ContactState[];
  /** To be stored: what the new messages say, with their events. */
  notes: Note[];
  /** Stored and new facts, the newest of each key, oldest first. */
  known: Note[];
  /** Offers that stand, the newest of each key. */
  offers: Offer[];
  unavailable: Unavailable[];
  ownerName: string | null;
};

/** Reads everything a turn knows into one picture. The same context gives the same picture. */
export function readState(context: TurnContext): State {
  const { contract, jorb, counterparties } = context;
  const limit = contract.money.offerLimit;
  const plan = readPlan(jorb.plan, { limitPer: limit?.per ?? null, now: context.now });
  const subjects = listSubjects(context);
  const stored = [...context.facts]
    .sort((a, b) => rank(a.id) - rank(b.id))
    .map(({ key, value, sourceEventId }): Note => ({ key, value, source: sourceEventId }));
  const seen = counterparties.map((contact) => {
    const { isAgent } = readRole(jorb.plan, contact, counterparties);
    const hints: ReadHints = {
      contactName: contact.name,
      subjects: subjects.filter(({ name }) => name !== contact.name || !isAgent),
      isAgent,
      topic: null,
      currency: contract.money.currency,
      unit: plan.unit,
    };
    return readContact(context, contact, { hints, stored });
  });
  const commands = readCommands(context);
  const notes = [...takeNotes({ contacts: seen, stored, plan }), ...commands.flatMap(noteCommand)];
  const known = keepNewest([...stored, ...notes]);
  const unavailable = known.map(parseStatus).filter((status) => status !== undefined);
  const skipped = known.filter(({ key }) => key.startsWith('skip.')).map(({ value }) => value);
  const offers = listOffers(known).filter(
    ({ subject }) => !skipped.some((target) => isSameSubject(target, subject)),
  );
  return {
    context,
    plan,
    commands,
    notes,
    known,
    offers,
    unavailable,
    ownerName: nameOwner(context),
    contacts: seen.map((contact) => ({
      ...contact,
      hasAnswered: hasAnswered(contact, { known, offers, unavailable, plan }),
      leftOut: explainLeftOut(contact, skipped),
    })),
  };
}

export type SeenContact = Omit<ContactState, 'hasAnswered' | 'leftOut'>;

function readContact(
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
    writtenAt: written.at(-1)?.at ?? null,
    fresh: readReply(freshLines, hints),
    open: readReply(openLines, hints),
  };
}

/** A concierge who just says "sold out" means what was accepted, or the one thing it offered. */
function findTopic(
  { key, acceptances }: Pick<ContactState, 'key' | 'acceptances'>,
  stored: readonly Note[],
): string | null {
  const own = keepNewest([...stored]).flatMap((note) => parseOffer(note) ?? []);
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

/** The owner's words, and what they wrote beside a no where it reads as an order. */
function readCommands({ guidance, approvals }: TurnContext): Command[] {
  const declined = approvals
    .filter(({ status, isNew, payload }) => isNew && status === 'declined' && payload.kind === 'send_message')
    .map(({ answerText }) => readGuidance(answerText ?? ''))
    .filter(({ kind }) => kind !== 'unclear' && kind !== 'continue');
  return [...guidance.map(({ text }) => readGuidance(text)), ...declined];
}

function listSubjects({ jorb, counterparties }: TurnContext): ReadHints['subjects'] {
  const asks = counterparties.map(({ ask }) => ask ?? '');
  const names = [jorb.plan, ...asks].flatMap(findNames);
  return [...new Set([...counterparties.map(({ name }) => name), ...names])].map(buildSubject);
}

function keepNewest(notes: Note[]): Note[] {
  const newest = new Map<string, Note>();
  for (const note of notes) {
    newest.delete(note.key);
    newest.set(note.key, note);
  }
  return [...newest.values()];
}

/** A later word of the same contact that there is nothing ends its offer, and the other way round. */
function listOffers(known: Note[]): Offer[] {
  const offers = known.map((note, index) => ({ index, offer: parseOffer(note) }));
  const ends = known.map((note, index) => ({ index, status: parseStatus(note) }));
  return offers.flatMap(({ index, offer }) => {
    if (!offer) return [];
    const isOver = ends.some(
      (end) => end.index > index && end.status?.subject === offer.subject && end.status.from === offer.from,
    );
    return isOver ? [] : [offer];
  });
}

function hasAnswered(
  { key, slug }: SeenContact,
  { known, offers, unavailable, plan }: Pick<State, 'known' | 'offers' | 'unavailable' | 'plan'>,
): boolean {
  return (
    offers.some(({ from, price }) => from === key && (price !== null || !plan.isPriced)) ||
    unavailable.some(({ from }) => from === key) ||
    known.some((note) => note.key === formatKey('reply', slug))
  );
}

function explainLeftOut({ contact, sends }: SeenContact, skipped: readonly string[]): string | null {
  if (skipped.some((target) => isSameSubject(target, contact.name))) return 'the owner said to leave it out';
  if (contact.optedOut) return 'it asked for no more messages';
  if (sends.length === 0) return null;
  if (sends.every(({ status }) => status === 'failed')) return 'the message could not be delivered';
  return sends.every(({ status }) => status === 'rejected') ? 'the message to it was refused' : null;
}

function nameOwner({ ownerName, contract }: TurnContext): string | null {
  const mayTell = contract.share.some(({ field, with: others }) => field === 'name' && others === 'all');
  return mayTell && ownerName.trim() !== '' ? ownerName : null;
}

function pickSlug(contact: Counterparty, all: readonly Counterparty[]): string {
  const slug = formatSlug(contact.name);
  const isShared = all.some(({ id, name }) => id !== contact.id && formatSlug(name) === slug);
  return isShared ? `${slug.slice(0, 20)}-${rank(contact.id)}` : slug;
}

/** Ids count up: the number in one is its age. */
function rank(id: string): number {
  return Number(id.slice(id.indexOf('_') + 1));
}
