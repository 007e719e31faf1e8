import { formatMoney } from '../../lib/money.ts';
import { type Acceptance, computePrice, takesUp } from './acceptance.ts';
import { callComplete } from './calls.ts';
import { formatOfferLine } from './choose-offer.ts';
import { type Decided, stop, wait } from './decided.ts';
import { formatKey, type Offer } from './facts.ts';
import { isSameSubject } from './read-subject.ts';
import { reportBooking } from './report.ts';
import type { ContactState, State } from './state.ts';
import { isConfirmed } from './take-notes.ts';
import { readConfirmationWait, remindOfConfirmation } from './waiting.ts';

export type Taken = { contact: ContactState; offer: Offer; acceptance: Acceptance };

/** The newest acceptance that is out or before the owner, as long as its offer stands unchanged. */
export function findTaken({ contacts, offers, plan }: State): Taken | undefined {
  return contacts
    .flatMap((contact) =>
      contact.acceptances.flatMap((acceptance): Taken[] => {
        const offer = offers.find((each) => takesUp(acceptance.send, each, plan));
        const isOpen = acceptance.state === 'sent' || acceptance.state === 'asking';
        return offer && isOpen ? [{ contact, offer, acceptance }] : [];
      }),
    )
    .sort((a, b) => a.acceptance.send.at - b.acceptance.send.at)
    .at(-1);
}

export function awaitConfirmation(state: State, { contact, offer, acceptance }: Taken): Decided {
  const { now, contract, triggers } = state.context;
  const what = `${formatOfferLine(offer)} from ${contact.contact.name}`;
  if (acceptance.state === 'asking') {
    const because = [`The owner is being asked about ${what}; nothing is agreed until they answer.`];
    const wakeFor = 'whether the owner answered';
    return wait(state, { wakeAt: now + contract.followUpMs, wakeFor, because, reached: 'answered' });
  }
  if (hasConfirmed(state, contact, acceptance)) {
    return finish(state, contact, offer);
  }
  const wakeFor = `whether ${contact.contact.name} confirmed`;
  const { dueAt, isOverdue, wasChased } = readConfirmationWait(contact, state);
  if (!isOverdue || triggers.includes('resumed')) {
    const because = [`${what} is accepted. Only the counterparty's confirmation ends this errand.`];
    return wait(state, {
      wakeAt: isOverdue ? now + contract.followUpMs : dueAt,
      wakeFor,
      because,
      reached: 'accepted',
    });
  }
  if (wasChased) {
    const reason = `${what} was accepted, and ${contact.contact.name} has not confirmed it, although I asked again.`;
    return { ...stop(state, reason, 0.8), reached: 'accepted' };
  }
  const waiting = wait(state, {
    wakeAt: now + contract.followUpMs,
    wakeFor,
    because: [`${contact.contact.name} has not confirmed ${formatOfferLine(offer)} in time, so I ask once.`],
    reached: 'accepted',
  });
  return { ...waiting, calls: [remindOfConfirmation(contact), ...waiting.calls] };
}

/** A confirmation of an earlier acceptance proves nothing about this one. */
function hasConfirmed({ context }: State, contact: ContactState, { send }: Acceptance): boolean {
  const key = formatKey('confirmation', contact.slug);
  return isConfirmed(contact) || context.facts.some((fact) => fact.key === key && fact.at > send.at);
}

/** A confirmation at another price per unit is not what the owner accepted. */
function finish(state: State, contact: ContactState, offer: Offer): Decided {
  const total = computePrice(offer, state.plan);
  const named = contact.fresh.offers.flatMap(({ price, per, subject }) => {
    const isOther = price !== null && price.minor !== offer.price?.minor && price.minor !== total?.minor;
    return isOther && isSameSubject(subject, offer.subject) ? [{ price, per }] : [];
  });
  const changed = named.find(({ per }) => per !== null && per === offer.per);
  if (changed) {
    const reason = `${contact.contact.name} confirms ${formatMoney(changed.price)} per ${changed.per}, but what was accepted is ${formatOfferLine(offer)}. Resume if that is right.`;
    return { ...stop(state, reason, 0.7), reached: 'accepted' };
  }
  const [other] = named;
  const { outcome, evidence } = reportBooking(state, contact, {
    offer,
    named: other ? formatMoney(other.price) : null,
  });
  return {
    calls: [callComplete(outcome, evidence)],
    because: [outcome],
    basedOn: evidence,
    confidence: 0.95,
    reached: 'confirmed',
  };
}
