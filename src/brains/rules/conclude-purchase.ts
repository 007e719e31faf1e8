import { formatMoney } from '../../lib/money.ts';
import { type Acceptance, computePrice, formatAcceptance, takesUp } from './acceptance.ts';
import { callAskOwner, callSend, callWake } from './calls.ts';
import { formatOfferLine, type Ranked } from './choose-offer.ts';
import { type Decided, giveUp, stop, waitFor } from './decided.ts';
import type { Offer } from './facts.ts';
import { isSameSubject } from './read-subject.ts';
import { reportOffers, reportStanding } from './report.ts';
import type { State } from './state.ts';
import { readWaiting } from './waiting.ts';

export function concludePurchase(state: State, ranked: readonly Ranked[]): Decided {
  const refused = findRefused(state);
  const isFree = ({ offer }: Ranked) => !refused.some(({ send }) => takesUp(send, offer, state.plan));
  const choice = state.known.findLast(({ key }) => key === 'choice')?.value;
  const chosen =
    choice === undefined ? undefined : ranked.find(({ offer }) => isChosen(state, offer, choice));
  if (chosen && isFree(chosen)) return propose(state, ranked, { ...chosen, byOwner: true });
  if (choice !== undefined && !chosen && state.commands.some(({ kind }) => kind === 'accept')) {
    return stop(state, `There is no offer of ${choice} to accept. ${reportStanding(state, ranked)}`, 0.6);
  }
  const waiting = readWaiting(state);
  if (waiting.expected.length + waiting.overdue.length > 0) return waitFor(state, waiting);
  const best = ranked.find((each) => each.obstacle === null && isFree(each));
  return best ? propose(state, ranked, { ...best, byOwner: false }) : giveUp(state, ranked, waiting.silent);
}

/** What the owner declined or the gate refused is not proposed again, unless the owner now asks for it. */
function findRefused({ contacts, commands }: State): Acceptance[] {
  const isAskedFor = commands.some(({ kind }) => kind === 'accept');
  return contacts
    .flatMap(({ acceptances }) => acceptances)
    .filter(({ state }) => state === 'refused' || (state === 'declined' && !isAskedFor));
}

/** Whether the owner's word for an offer means this one. */
export function isChosen({ contacts }: State, { subject, from }: Offer, choice: string): boolean {
  const contact = contacts.find(({ key }) => key === from);
  return (
    isSameSubject(subject, choice) || (contact !== undefined && isSameSubject(contact.contact.name, choice))
  );
}

function propose(
  state: State,
  ranked: readonly Ranked[],
  { offer, byOwner }: Ranked & { byOwner: boolean },
): Decided {
  const { plan, ownerName, contacts, known } = state;
  const contact = contacts.find(({ key }) => key === offer.from);
  const price = computePrice(offer, plan);
  const source = known.find(({ key }) => key === offer.key)?.source ?? null;
  const basedOn = source === null ? [] : [source];
  if (price === undefined) {
    const question = `${formatOfferLine(offer)} is the best offer, but the plan does not say for how many ${offer.per}s. How should I go on? A plan with the number makes it clear.`;
    return {
      calls: [callAskOwner(question)],
      because: [question],
      basedOn,
      confidence: 0.6,
      reached: 'answered',
    };
  }
  if (!contact)
    return stop(state, `${formatOfferLine(offer)} comes from nobody this errand may write to.`, 0.5);
  const text = formatAcceptance(offer, { plan, price, ownerName });
  const others = ranked.filter((each) => each.offer.key !== offer.key);
  const { now, contract } = state.context;
  const total = price === null ? '' : `, ${formatMoney(price)} in all`;
  return {
    calls: [
      // Where the contract lets it go without a question, the confirmation is waited for from here on.
      callWake(now + contract.followUpMs, `whether ${contact.contact.name} confirmed`),
      callSend({
        to: contact.contact,
        text,
        basedOn: source,
        price,
        consequence: price ? 'purchase' : 'commit',
      }),
    ],
    because: [
      `${byOwner ? 'The owner chose' : 'The best offer within the limits is'} ${formatOfferLine(offer)}${total}.`,
      ...(others.length > 0 ? [`Compared with ${reportOffers(others)}.`] : []),
      'Accepting it binds the owner; the gate decides whether to ask them first.',
    ],
    basedOn,
    confidence: 0.9,
    reached: 'answered',
  };
}
