import type { Price } from '../../domain/action.ts';
import { addressKey, type Counterparty } from '../../domain/contact.ts';
import type { Consequence } from '../../domain/contract.ts';
import type { EventId } from '../../domain/ids.ts';
import { shorten } from '../../lib/text.ts';
import { formatAmount, type Note } from './facts.ts';

/** A tool call without its id, which depends on its place. */
export type Call = { name: string; arguments: Record<string, unknown> };

export type Saying = {
  to: Pick<Counterparty, 'channel' | 'address'>;
  text: string;
  basedOn: EventId | null;
  price?: Price | null;
  consequence?: Consequence;
};

const longestText = 4000;
const longestReason = 2000;

export function callSend({ to, text, basedOn, price = null, consequence = 'message' }: Saying): Call {
  return {
    name: 'send_message',
    arguments: {
      to: addressKey(to),
      text: shorten(text, longestText),
      price: price && {
        amount: formatAmount(price),
        currency: price.currency,
        quantity: price.quantity,
        per: price.per,
      },
      consequence,
      based_on: basedOn,
      // It says what rules have found: whether that may leave is for the gate alone.
      confidence: 1,
    },
  };
}

export function callStore({ key, value, source }: Note): Call {
  return { name: 'store_data', arguments: { key, value, source } };
}

export function callAdvance(): Call {
  return { name: 'advance_phase', arguments: {} };
}

export function callWake(at: number, reason: string): Call {
  return {
    name: 'schedule_wake',
    arguments: { at: new Date(at).toISOString(), minutes_from_now: null, reason: shorten(reason, 500) },
  };
}

export function callPause(reason: string): Call {
  return { name: 'pause', arguments: { reason: shorten(reason, longestReason) } };
}

export function callAskOwner(question: string): Call {
  return { name: 'ask_owner', arguments: { question: shorten(question, longestReason) } };
}

export function callComplete(outcome: string, evidence: readonly EventId[]): Call {
  return {
    name: 'complete',
    arguments: { outcome: shorten(outcome, longestReason), evidence: [...new Set(evidence)].slice(0, 50) },
  };
}
