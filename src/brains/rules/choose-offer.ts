import type { Contract } from '../../domain/contract.ts';
import { formatMoney } from '../../lib/money.ts';
import { computePrice } from './acceptance.ts';
import type { Offer } from './facts.ts';
import type { PlanReading } from './read-plan.ts';

export type Ranked = {
  offer: Offer;
  /** Why it cannot be taken; null when it can. */
  obstacle: string | null;
};

const roomKinds = [
  'king',
  'queen',
  'twin',
  'double',
  'single',
  'suite',
  'studio',
  'economy',
  'business class',
  'first class',
];

/** Offers from best to worst: those within the limits first, then those that fit the wishes of the plan, then the cheapest. */
export function rankOffers(
  offers: readonly Offer[],
  plan: PlanReading,
  rules: { contract: Contract; wishes: string },
): Ranked[] {
  return offers
    .map((offer) => ({ offer, obstacle: findObstacle(offer, plan, rules.contract) }))
    .sort(
      (a, b) =>
        Number(a.obstacle !== null) - Number(b.obstacle !== null) ||
        countMismatches(a.offer, rules.wishes) - countMismatches(b.offer, rules.wishes) ||
        compareAmount(a.offer, plan) - compareAmount(b.offer, plan) ||
        a.offer.key.localeCompare(b.offer.key),
    );
}

/** One line of a comparison: "Hotel Nikko, king, $289.00 per night". */
export function formatOfferLine({
  subject,
  note,
  price,
  per,
}: Pick<Offer, 'note' | 'price' | 'per'> & { subject: string | null }): string {
  const cost =
    price === null ? 'no price yet' : formatMoney(price) + (per === null ? ' in all' : ` per ${per}`);
  return [subject, note, cost].filter((part) => part !== null).join(', ');
}

function findObstacle(offer: Offer, plan: PlanReading, { money }: Contract): string | null {
  const { offerLimit, budget, currency } = money;
  if (offer.price === null) return plan.isPriced ? 'no price was said' : null;
  if (offer.price.currency !== currency) return `the contract counts in ${currency}`;
  const price = computePrice(offer, plan);
  if (offerLimit !== null) {
    const limit = formatMoney({ minor: offerLimit.minor, currency });
    const isCounted = offer.per === offerLimit.per;
    const units = price?.per === offerLimit.per ? price.quantity : 1;
    const isAbove = isCounted
      ? offer.price.minor > offerLimit.minor
      : (price?.minor ?? 0) > offerLimit.minor * units;
    if (isAbove) return `above ${limit} per ${offerLimit.per}`;
  }
  if (price && budget !== null && price.minor > budget) {
    return `${formatMoney(price)} in all, above the budget of ${formatMoney({ minor: budget, currency })}`;
  }
  return null;
}

function countMismatches({ note }: Offer, wishes: string): number {
  const wanted = roomKinds.filter((kind) => new RegExp(`\\b${kind}\\b`, 'i').test(wishes));
  if (wanted.length === 0 || note === null) return 0;
  const offered = roomKinds.filter((kind) => note.includes(kind));
  return offered.length > 0 && !offered.some((kind) => wanted.includes(kind)) ? 1 : 0;
}

function compareAmount(offer: Offer, plan: PlanReading): number {
  return computePrice(offer, plan)?.minor ?? offer.price?.minor ?? Number.MAX_SAFE_INTEGER;
}
