import { currencyDigits, formatMoney, mostMinor } from '../../lib/money.ts';
import type { Finding, Price, SendPayload } from '../action.ts';
import type { Contract } from '../contract.ts';
import type { Reservation } from '../gate.ts';
import { type Amount, findAmounts, findGreatestFigure, isAmountOf } from './amounts.ts';
import {
  type Check,
  type Draft,
  findConsequence,
  type GateInput,
  type GateRefusal,
  isBinding,
  refuse,
} from './check.ts';
import { dropFirstContactLine } from './first-contact.ts';
import { readSentences } from './reading.ts';

/**
 * Check 5: what it costs, in the contract's currency. A price that is unknown or recurs is above every
 * limit and asks. What the agent typed must be what the text says. The reservation is written, or
 * refused, in the transaction that queues the action.
 */
export const checkMoney: Check = (input, draft) => {
  const { payload } = draft;
  if (payload.kind !== 'send_message' || !isBinding(draft.findings)) return draft;
  if (payload.price === null)
    return askFor(draft, 'price', 'its price is not known, which counts as above every limit');
  const refusal = refusePrice(input, draft, payload, payload.price);
  if (refusal) return refusal;
  const reservation = reserve(input, draft, payload.price);
  if (draft.findings.some(({ rule }) => rule === 'recurring_price'))
    return { ...draft, asks: true, reservation };
  const excess = findExcess(input, draft, reservation);
  return excess === undefined
    ? { ...draft, reservation }
    : askFor({ ...draft, reservation }, 'spend_limit', excess);
};

function refusePrice(
  { facts }: GateInput,
  draft: Draft,
  payload: SendPayload,
  price: Price,
): GateRefusal | undefined {
  const { money } = facts.contract;
  if (listAmounts(dropFirstContactLine(payload, facts)).some((amount) => !isPrice(amount, price))) {
    const text = `the text names an amount that is neither the total of ${formatMoney(price)} nor its share for one of ${price.quantity}; name no other amount, in figures and with its currency`;
    return refuse(draft, 'price', text);
  }
  if (price.currency !== money.currency) {
    return refuse(
      draft,
      'currency',
      `the price is in ${price.currency}, the contract in ${money.currency}; ask for a price in ${money.currency}`,
    );
  }
  const { offerLimit, budget } = money;
  if (offerLimit !== null && price.minor > offerLimit.minor * countUnits(price, offerLimit.per)) {
    const limit = formatMoney({ minor: offerLimit.minor, currency: money.currency });
    return refuse(
      draft,
      'offer_limit',
      `the contract allows at most ${limit} per ${offerLimit.per}; find a cheaper offer, or give quantity and unit of the price`,
    );
  }
  if (budget !== null && facts.money.jorbCommitted + price.minor > budget) {
    const left = formatMoney({
      minor: Math.max(0, budget - facts.money.jorbCommitted),
      currency: money.currency,
    });
    return refuse(
      draft,
      'budget',
      `only ${left} of the budget is left; find a cheaper offer or ask the owner`,
    );
  }
  return undefined;
}

/** The quantity counts only in the limit's own unit: per person says nothing about a limit per night. */
function countUnits({ per, quantity }: Price, limitPer: string): number {
  const unit = (text: string) => text.trim().toLowerCase().replace(/s$/, '');
  return per !== null && unit(per) === unit(limitPer) ? quantity : 1;
}

function reserve({ request, facts, ownerLimit }: GateInput, draft: Draft, price: Price): Reservation {
  const { money }: Contract = facts.contract;
  return {
    minor: price.minor,
    currency: price.currency,
    approved: request.approved,
    limits: {
      jorb: money.budget,
      jorbWithoutApproval: draft.withinLimit ? money.withoutApproval : mostMinor,
      ownerWithoutApproval: ownerLimit.currency === price.currency ? ownerLimit.minor : 0,
    },
  };
}

/** Why this may not be spent without a question. Words that bind must bind to no more than was reserved. */
function findExcess(
  { request, facts, ownerLimit }: GateInput,
  draft: Draft,
  { minor, currency, limits }: Reservation,
): string | undefined {
  if (request.approved || draft.asks || draft.payload.kind !== 'send_message') return undefined;
  const price = formatMoney({ minor, currency });
  if (ownerLimit.currency !== currency)
    return `the owner's spending limit is in ${ownerLimit.currency}, the price is ${price}`;
  const { jorbWithoutApproval, ownerWithoutApproval } = facts.money;
  const left = Math.min(
    limits.jorbWithoutApproval - jorbWithoutApproval,
    limits.ownerWithoutApproval - ownerWithoutApproval,
  );
  if (minor > left) {
    return `${price} is more than the ${formatMoney({ minor: Math.max(0, left), currency })} that may still be spent without a question`;
  }
  const text = dropFirstContactLine(draft.payload, facts);
  if (!listAmounts(text).some((amount) => !amount.isUnitPrice && isAmountOf(amount, { minor, currency }))) {
    return `the text does not state the total of ${price}`;
  }
  const digits = currencyDigits(currency) ?? 2;
  const isBeyond = readSentences(text).some(
    (sentence) => findGreatestFigure(sentence) > minor / 10 ** digits,
  );
  return isBeyond ? `the text holds a number that may be a price beyond ${price}` : undefined;
}

function listAmounts(text: string): Amount[] {
  return readSentences(text).flatMap(findAmounts);
}

function isPrice(amount: Amount, { minor, currency, quantity }: Price): boolean {
  return [minor, Math.floor(minor / quantity), Math.ceil(minor / quantity)].some((expected) =>
    isAmountOf(amount, { minor: expected, currency }),
  );
}

function askFor(draft: Draft, rule: Finding['rule'], because: string): Draft {
  const consequence = findConsequence(draft.payload, draft.findings);
  return { ...draft, asks: true, findings: [...draft.findings, { rule, consequence, because }] };
}
