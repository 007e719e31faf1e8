import type { TurnContext } from '../../domain/turn.ts';
import {
  formatKey,
  keepNewest,
  type Note,
  type Offer,
  parseOffer,
  parseStatus,
  rank,
  type Unavailable,
} from './facts.ts';
import { type Command, noteCommand, readGuidance } from './guidance.ts';
import { readRole } from './plan-clauses.ts';
import { readContact, type SeenContact } from './read-contact.ts';
import { type PlanReading, readPlan } from './read-plan.ts';
import { buildSubject, findNames, isSameSubject } from './read-subject.ts';
import type { ReadHints } from './reading.ts';
import { takeNotes } from './take-notes.ts';

/** Where things stand with one contact. */
export type ContactState = SeenContact & {
  hasAnswered: boolean;
  /** Left alone from now on, and why: the owner said so, or it wants no messages. */
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
  // A web host answers requests and no questions: it takes a model to make them.
  const people = counterparties.filter(({ channel }) => channel !== 'web');
  const seen = people.map((contact) => {
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
