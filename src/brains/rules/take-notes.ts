import { type Acceptance, takesUp } from './acceptance.ts';
import {
  type FactKind,
  formatKey,
  formatOffer,
  formatStatus,
  formatWords,
  type Note,
  type Offer,
  parseOffer,
} from './facts.ts';
import type { SeenContact } from './read-contact.ts';
import type { PlanReading } from './read-plan.ts';
import { nameField } from './read-private.ts';
import type { Reading, ReadOffer } from './reading.ts';

type NotesInput = { contacts: readonly SeenContact[]; stored: readonly Note[]; plan: PlanReading };

/** A turn is shown only the newest actions; from here on it is kept as a fact who was written to. */
const longErrand = 15;

/** What the new messages say, as facts that are not stored yet. */
export function takeNotes({ contacts, stored, plan }: NotesInput): Note[] {
  const notes: Note[] = [];
  const isLong = contacts.reduce((count, { sends }) => count + sends.length, 0) >= longErrand;
  for (const contact of contacts) {
    const known = [...stored, ...notes];
    notes.push(
      ...noteOffers(contact, known),
      ...noteStatuses(contact, known, plan),
      ...noteWords(contact, plan),
    );
    if (isLong && contact.sends.length > 0) {
      notes.push({ key: formatKey('asked', contact.slug), value: 'yes', source: null });
    }
  }
  const isStored = (note: Note) =>
    stored.some(
      ({ key, value, source }) => key === note.key && value === note.value && source === note.source,
    );
  return notes.filter((note) => !isStored(note));
}

/** The acceptance that this contact has received and not yet answered for certain. */
export function findSent({ acceptances }: SeenContact): Acceptance | undefined {
  return acceptances.findLast(({ state }) => state === 'sent');
}

/** A confirmation counts only after an acceptance. */
export function isConfirmed(contact: SeenContact): boolean {
  return findSent(contact) !== undefined && contact.fresh.confirmations.length > 0;
}

function noteOffers(contact: SeenContact, known: readonly Note[]): Note[] {
  // A confirmation repeats the price of what was accepted, with taxes or without; that is no new offer.
  if (isConfirmed(contact)) return [];
  const { offers } = contact.fresh;
  return offers.map((offer) => {
    const isOneOfSeveral = offers.filter(({ subject }) => subject === offer.subject).length > 1;
    const value = formatOffer({ ...offer, from: contact.key });
    return { key: pickOfferKey(offer, { contact, known, isOneOfSeveral }), value, source: offer.eventId };
  });
}

type KeyInput = { contact: SeenContact; known: readonly Note[]; isOneOfSeveral: boolean };

/** One key for a subject, but another contact's word for it does not overwrite the first. */
function pickOfferKey({ subject, note }: ReadOffer, { contact, known, isOneOfSeveral }: KeyInput): string {
  const key =
    isOneOfSeveral && note !== null ? formatKey('offer', subject, note) : formatKey('offer', subject);
  const other = known.findLast((fact) => fact.key === key);
  const isAnothers = other !== undefined && parseOffer(other)?.from !== contact.key;
  return isAnothers ? `${key}.via-${contact.slug}` : key;
}

function noteStatuses(contact: SeenContact, known: readonly Note[], plan: PlanReading): Note[] {
  const { key: from, fresh } = contact;
  const soldOut = fresh.unavailable.map(({ eventId, subject }) =>
    noteStatus('sold out', { subject, from }, eventId),
  );
  const [cancelled] = fresh.cancellations;
  const sent = findSent(contact)?.send;
  if (cancelled === undefined || sent === undefined) return soldOut;
  const taken = known
    .map(parseOffer)
    .filter((offer): offer is Offer => offer !== undefined && takesUp(sent, offer, plan));
  const subjects = taken.length > 0 ? taken.map(({ subject }) => subject) : [contact.contact.name];
  return [
    ...soldOut,
    ...[...new Set(subjects)].map((subject) => noteStatus('withdrawn', { subject, from }, cancelled.eventId)),
  ];
}

function noteStatus(
  status: string,
  { subject, from }: { subject: string; from: string },
  source: Note['source'],
): Note {
  return { key: formatKey('status', subject), value: formatStatus({ status, subject, from }), source };
}

function noteWords(contact: SeenContact, plan: PlanReading): Note[] {
  const { slug, fresh } = contact;
  const notes: Note[] = [];
  const add = (kind: FactKind, found: { eventId: Note['source']; text: string } | undefined) => {
    if (found) {
      notes.push({ key: formatKey(kind, slug), value: formatWords(found.text), source: found.eventId });
    }
  };
  add('reply', findAnswer(contact, plan));
  const question = fresh.questions.findLast(({ topic }) => topic === 'other');
  add('question', question);
  const pressure = fresh.pressures.at(-1);
  add('pressure', pressure && { ...pressure, text: `${pressure.says}: "${pressure.text}"` });
  const request = fresh.privateRequests.at(-1);
  add('private', request && { ...request, text: `asks for ${request.fields.map(nameField).join(', ')}` });
  const [away] = fresh.away;
  add('away', away && { eventId: away, text: 'is away, by an automatic reply' });
  const confirmed = isConfirmed(contact) ? fresh.confirmations : [];
  const best = confirmed.findLast(({ reference }) => reference !== null) ?? confirmed.at(-1);
  add('confirmation', best && { ...best, text: best.reference ?? best.text });
  return notes;
}

/** An answer in words: where prices are not the matter any words with substance, else words that say something new. */
function findAnswer({ fresh }: SeenContact, { kind }: PlanReading): Reading['replies'][number] | undefined {
  const isOpen = fresh.holding.length > 0 || fresh.questions.length > 0;
  const said =
    kind === 'inquiry'
      ? [...fresh.replies, ...fresh.confirmations, ...fresh.cancellations]
      : fresh.offers.length + fresh.unavailable.length + fresh.confirmations.length > 0
        ? []
        : fresh.replies;
  const text = said.map((part) => part.text).join(' ');
  const words = text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  const enough = kind === 'inquiry' ? (isOpen ? 2 : 1) : isOpen || fresh.privateRequests.length > 0 ? 99 : 4;
  const last = said.at(-1);
  return last && words >= enough && !(kind === 'inquiry' && fresh.holding.length > 0)
    ? { eventId: last.eventId, text }
    : undefined;
}
