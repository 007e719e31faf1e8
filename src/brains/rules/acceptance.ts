import type { Price, SendPayload } from '../../domain/action.ts';
import type { PastAction, TurnContext } from '../../domain/turn.ts';
import { formatMoney, mostMinor } from '../../lib/money.ts';
import { squeeze } from '../../lib/text.ts';
import type { Offer } from './facts.ts';
import { countUnits, type PlanReading } from './read-plan.ts';

export type Send = PastAction & { payload: SendPayload };

/**
 * What became of an acceptance: the owner is being asked, it is on its way or out, the owner said no, the
 * gate did, its question lapsed, or the wire did not take it.
 */
export type AcceptanceState = 'asking' | 'sent' | 'declined' | 'refused' | 'lapsed' | 'undelivered';

export type Acceptance = { send: Send; state: AcceptanceState };

const binding = 'accepts this offer:';

/**
 * The whole price of an offer: null when none was said, undefined when the plan does not say how many
 * units are needed. A price for everything is still counted in the plan's unit, which limits are kept in.
 */
export function computePrice({ price, per }: Offer, plan: PlanReading): Price | null | undefined {
  if (price === null) return null;
  const inAll = per === null ? countUnits(plan, plan.unit) : undefined;
  if (per === null) return { ...price, quantity: inAll ?? 1, per: inAll === undefined ? null : plan.unit };
  const quantity = countUnits(plan, per);
  if (quantity === undefined || quantity < 1 || quantity > 10_000) return undefined;
  const minor = price.minor * quantity;
  return minor <= mostMinor ? { minor, currency: price.currency, quantity, per } : undefined;
}

/** The words that take an offer up. They name all that is agreed, so that the owner approves exactly that. */
export function formatAcceptance(
  offer: Offer,
  { plan, price, ownerName }: { plan: PlanReading; price: Price | null; ownerName: string | null },
): string {
  const what = [offer.subject, offer.note, plan.dates].filter((part) => part !== null).join(', ');
  const who = ownerName ?? 'my client';
  return `Thank you. ${capitalize(who)} ${binding} ${what}${formatTerms(offer, price)}. Please book it and send the confirmation number.`;
}

function formatTerms({ price: unit, per }: Offer, price: Price | null): string {
  if (price === null || unit === null) return '';
  if (per === null || price.quantity === 1) return `, ${formatMoney(price)} in all`;
  return `, ${formatMoney(unit)} per ${per} for ${price.quantity} ${per}s, ${formatMoney(price)} in all`;
}

/** Every acceptance that was ever proposed to a contact, oldest first. A copy the owner edited counts, its original does not. */
export function listAcceptances(sends: readonly Send[], approvals: TurnContext['approvals']): Acceptance[] {
  return sends.flatMap((send): Acceptance[] => {
    const answer = approvals.find(({ actionId }) => actionId === send.id)?.status;
    const isPriceless = send.payload.price === null && !send.payload.text.includes(binding);
    if (isPriceless || answer === 'edited') return [];
    return [{ send, state: readState(send, answer) }];
  });
}

function readState({ status }: Send, answer: string | undefined): AcceptanceState {
  switch (status) {
    case 'proposed':
    case 'awaiting_approval':
      return 'asking';
    case 'approved':
    case 'queued':
    case 'done':
    case 'unknown':
      return 'sent';
    case 'failed':
      return 'undelivered';
    case 'expired':
      return 'lapsed';
    case 'rejected':
      return answer === 'declined' ? 'declined' : answer === 'expired' ? 'lapsed' : 'refused';
  }
}

/** Whether an acceptance takes up this offer, at this price, as the plan now stands. */
export function takesUp({ payload }: Send, offer: Offer, plan: PlanReading): boolean {
  const price = computePrice(offer, plan);
  if (price === undefined || `${payload.to.channel}:${payload.to.address}` !== offer.from) return false;
  if (payload.price === null || price === null) return payload.price === price && names(payload, offer);
  const isSamePrice = payload.price.minor === price.minor && payload.price.currency === price.currency;
  // Words that the owner edited may not name the subject any more; the price then has to do.
  return isSamePrice && (names(payload, offer) || !payload.text.includes(binding));
}

function names({ text }: SendPayload, { subject }: Offer): boolean {
  return squeeze(text).includes(squeeze(subject));
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
