import { findNote, saysAvailable, saysUnavailable } from './lexicon.ts';
import { findPrices, type ReadPrice } from './read-price.ts';
import { findMentions, findNames } from './read-subject.ts';
import type { Line, ReadHints, Reading, ReadOffer, ReadRefusal } from './reading.ts';
import { splitClauses, splitSentences } from './sentences.ts';

/** The subject that is being talked about, kept from message to message of a batch. */
type Topic = { subject: string | null; note: string | null };

type Found = ({ kind: 'offer' } & ReadOffer) | ({ kind: 'refusal' } & ReadRefusal);

/**
 * Offers and refusals of several messages read as one: "Nikko has a king" and then "$289/night" make one
 * offer, whose source is the message with the price.
 */
export function readOffers(
  lines: readonly Line[],
  hints: ReadHints,
): Pick<Reading, 'offers' | 'unavailable'> {
  const found: Found[] = [];
  let topic: Topic = { subject: hints.topic, note: null };
  for (const line of lines) {
    for (const sentence of splitSentences(line.text)) {
      topic = readSentence(sentence, { line, topic, hints, found });
    }
  }
  return settleOffers(found);
}

type Scene = { line: Line; topic: Topic; hints: ReadHints; found: Found[] };

function readSentence(sentence: string, { line, topic, hints, found }: Scene): Topic {
  const paired = pairRespectively(sentence, line, hints);
  if (paired) {
    found.push(...paired);
    return topic;
  }
  let current = topic;
  for (const clause of joinClauses(splitClauses(sentence), hints)) {
    current = readClause(clause, { line, topic: current, hints, found });
  }
  return current;
}

function readClause(clause: string, { line, topic, hints, found }: Scene): Topic {
  const { eventId } = line;
  const prices = findPrices(clause, hints);
  const isUnavailable = saysUnavailable(clause);
  const hasMark = isUnavailable || prices.length > 0 || saysAvailable(clause);
  const named = findClauseSubjects(clause, hints, hasMark);
  const about = named.length > 0 ? named : [topic.subject ?? hints.contactName];
  const isHearsay = !hints.isAgent && named.some((name) => name !== hints.contactName);
  const note = findNote(clause) ?? (named.length === 0 || named[0] === topic.subject ? topic.note : null);
  if (!isHearsay) {
    if (isUnavailable && prices.length === 0) {
      found.push(...about.map((subject): Found => ({ kind: 'refusal', eventId, subject, note })));
    } else if (prices.length > 0) {
      const [subject = hints.contactName] = about;
      found.push(...prices.map((price) => toOffer(price, { eventId, subject, note })));
    } else if (hasMark) {
      found.push(...about.map((subject) => toOffer(null, { eventId, subject, note })));
    }
  }
  const subject = named.at(-1) ?? topic.subject;
  return { subject, note: prices.length > 0 || isUnavailable ? null : note };
}

function toOffer(price: ReadPrice | null, rest: Pick<ReadOffer, 'eventId' | 'subject' | 'note'>): Found {
  const money = price && { minor: price.minor, currency: price.currency };
  return { kind: 'offer', ...rest, price: money, per: price?.per ?? null };
}

/** The first subject is what a clause is about; of "the Marriott and Parc 55 are full" all are. */
function findClauseSubjects(clause: string, hints: ReadHints, hasMark: boolean): string[] {
  const names = findMentions(clause, hints.subjects).map(({ name }) => name);
  if (names.length > 0) return [...new Set(names)];
  return hints.isAgent && hasMark ? findNames(clause).slice(0, 1) : [];
}

/** A clause without a price or refusal of its own goes with the next that has one, or adds to the one before. */
function joinClauses(clauses: string[], hints: ReadHints): string[] {
  const joined: string[] = [];
  let open = '';
  for (const clause of clauses) {
    const isMark = saysUnavailable(clause) || findPrices(clause, hints).length > 0;
    const opensSubject = findMentions(clause, hints.subjects).length > 0;
    const last = joined.at(-1);
    if (isMark) {
      joined.push(open === '' ? clause : `${open}, ${clause}`);
      open = '';
    } else if (last !== undefined && open === '' && !opensSubject) {
      joined[joined.length - 1] = `${last}, ${clause}`;
    } else {
      open = open === '' ? clause : `${open}, ${clause}`;
    }
  }
  if (open !== '') joined.push(open);
  return joined;
}

/** "Nikko and Clift have rooms, $289 and $341 respectively." */
function pairRespectively(sentence: string, { eventId }: Line, hints: ReadHints): Found[] | undefined {
  if (!/\brespectively\b/i.test(sentence)) return undefined;
  const names = [...new Set(findMentions(sentence, hints.subjects).map(({ name }) => name))];
  const prices = findPrices(sentence, hints);
  if (names.length < 2 || names.length !== prices.length) return undefined;
  return prices.map((price, index) =>
    toOffer(price, { eventId, subject: names[index] ?? hints.contactName, note: null }),
  );
}

const mostFound = 60;

/** What stands when all is said: the later word on the same thing holds, and a price says more than a bare yes. */
function settleOffers(found: readonly Found[]): Pick<Reading, 'offers' | 'unavailable'> {
  const isSame = (a: Found, b: Found) =>
    a.subject === b.subject && (a.note === null || b.note === null || a.note === b.note);
  const standing = found.filter(
    (each, index) =>
      !found.some((later, at) => at > index && later.kind !== each.kind && isSame(later, each)),
  );
  const offers = standing.filter((each) => each.kind === 'offer');
  const priced = offers.filter(({ price }) => price !== null);
  const perUnit = new Set(priced.filter(({ per }) => per !== null).map(({ subject }) => subject));
  const hasPrice = new Set(priced.map(({ subject }) => subject));
  const kept = offers.filter(({ price, per, subject }) =>
    // The price of the whole stay beside the price of a night is the same offer said twice.
    price === null ? !hasPrice.has(subject) : per !== null || !perUnit.has(subject),
  );
  const offered = new Set(kept.map(({ subject }) => subject));
  const refusals = standing.filter((each) => each.kind === 'refusal' && !offered.has(each.subject));
  return {
    offers: dropRepeats(kept)
      .slice(0, mostFound)
      .map(({ kind: _, ...offer }) => offer),
    unavailable: dropRepeats(refusals)
      .slice(0, mostFound)
      .map(({ eventId, subject, note }) => ({ eventId, subject, note })),
  };
}

function dropRepeats<Each extends Found>(found: readonly Each[]): Each[] {
  const keys = found.map(({ eventId: _, ...rest }) => JSON.stringify(rest));
  return found.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}
