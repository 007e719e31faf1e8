import type { EventId } from '../../domain/ids.ts';
import { formatInstant } from '../../domain/render/instant.ts';
import { formatMoney } from '../../lib/money.ts';
import { computePrice } from './acceptance.ts';
import { formatOfferLine, type Ranked } from './choose-offer.ts';
import { formatKey, type Offer } from './facts.ts';
import type { ContactState, State } from './state.ts';

/** "a, b and c". */
export function listWords(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

export function listNames(contacts: readonly ContactState[]): string {
  return listWords(contacts.map(({ contact }) => contact.name));
}

/** What the new messages say, contact by contact, and what of it is not followed. */
export function reportFresh({ contacts }: State): string[] {
  return contacts.flatMap((contact) => {
    const { fresh } = contact;
    const { name } = contact.contact;
    const told = [
      ...fresh.offers.map(({ subject, ...offer }) =>
        formatOfferLine({ ...offer, subject: subject === name ? null : subject }),
      ),
      ...new Set(
        fresh.unavailable.map(
          ({ subject }) =>
            `${subject === name ? 'nothing' : subject} is ${subject === name ? 'available' : 'sold out'}`,
        ),
      ),
    ];
    const pressed = [...new Set(fresh.pressures.map(({ says }) => says))];
    return [
      ...(told.length > 0 ? [`${name} answered: ${told.join('; ')}.`] : []),
      ...(fresh.cancellations.length > 0 ? [`${name} takes its word back.`] : []),
      ...(fresh.away.length > 0 ? [`${name} is away; that was an automatic reply.`] : []),
      ...(pressed.length > 0
        ? [`${name} ${listWords(pressed)}. That is a message, not a decision: only the owner decides.`]
        : []),
    ];
  });
}

/** All offers from best to worst, each with what stands against it. */
export function reportOffers(ranked: readonly Ranked[]): string {
  return ranked
    .map(({ offer, obstacle }) => formatOfferLine(offer) + (obstacle ? ` (${obstacle})` : ''))
    .join('; ');
}

/** Everything that is known, for an owner who has to decide how to go on. */
export function reportStanding(state: State, ranked: readonly Ranked[]): string {
  const { contacts, unavailable } = state;
  const answers = contacts.flatMap(({ contact, slug }) => {
    const reply = state.known.find(({ key }) => key === formatKey('reply', slug));
    return reply ? [`${contact.name}: "${reply.value}"`] : [];
  });
  const missing = contacts.filter(({ hasAnswered, leftOut }) => !hasAnswered && leftOut === null);
  const left = contacts.flatMap(({ contact, leftOut }) => (leftOut ? [`${contact.name}: ${leftOut}`] : []));
  const parts = [
    ranked.length > 0 ? `Offers, best first: ${reportOffers(ranked)}.` : 'There is no offer.',
    ...(unavailable.length > 0
      ? [`Not to be had: ${listWords(unavailable.map(({ subject }) => subject))}.`]
      : []),
    ...(answers.length > 0 ? [`In words: ${answers.join('; ')}.`] : []),
    ...(missing.length > 0 ? [`No answer from ${listNames(missing)}.`] : []),
    ...(left.length > 0 ? [`Left out: ${left.join('; ')}.`] : []),
  ];
  return parts.join(' ');
}

/** The outcome of an errand that asked for answers. */
export function reportAnswers(state: State): { outcome: string; evidence: EventId[] } {
  const evidence: EventId[] = [];
  const lines = state.contacts.map(({ contact, slug, key, leftOut }) => {
    const said = state.known.filter((note) => note.key === formatKey('reply', slug));
    const other = [...state.offers, ...state.unavailable].filter(({ from }) => from === key);
    const notes =
      said.length > 0 ? said : state.known.filter((note) => other.some((each) => each.key === note.key));
    for (const { source } of notes) if (source !== null) evidence.push(source);
    const words = said
      .map(({ value }) => `"${value}"`)
      .concat(said.length > 0 ? [] : notes.map(({ value }) => value));
    return `${contact.name}: ${words.join('; ') || (leftOut ?? 'no answer')}`;
  });
  return { outcome: `${lines.join('. ')}.`, evidence };
}

/** The outcome of a confirmed acceptance. `named`: what the confirmation itself says it costs, if that differs. */
export function reportBooking(
  state: State,
  contact: ContactState,
  { offer, named }: { offer: Offer; named: string | null },
): { outcome: string; evidence: EventId[] } {
  const price = computePrice(offer, state.plan);
  const confirmation = state.known.findLast(({ key }) => key === formatKey('confirmation', contact.slug));
  const source = state.known.find(({ key }) => key === offer.key)?.source;
  const terms = [formatOfferLine(offer), state.plan.dates, price ? `${formatMoney(price)} in all` : null];
  const outcome = [
    `${contact.contact.name} confirmed ${terms.filter((term) => term !== null).join(', ')}.`,
    ...(confirmation ? [`Confirmation: ${confirmation.value}.`] : []),
    ...(named ? [`It names ${named} as the sum, which differs.`] : []),
  ].join(' ');
  const evidence = [confirmation?.source, source].filter((id) => id !== null && id !== undefined);
  return { outcome, evidence };
}

export function reportWait(names: string, wakeAt: number): string {
  return `I wait for ${names} and look again at ${formatInstant(wakeAt)}.`;
}
