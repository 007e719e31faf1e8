import type { EventId } from '../../domain/ids.ts';
import type { Fact } from '../../domain/jorb.ts';
import { currencyDigits, type Money, parseAmount } from '../../lib/money.ts';
import { shorten } from '../../lib/text.ts';

/**
 * The rules brain keeps all it learns as facts, in a form that it and a person can read. The newest of a
 * key holds. Keys and values:
 *
 * - `offer.hotel-nikko`: `289.00 USD per night; king; Hotel Nikko from loopback:magic`; the middle part
 *   may be missing, and `no price` stands for an offer without one
 * - `status.marriott`: `sold out; Marriott from loopback:magic`
 * - `reply.alice`, `question.zetta`, `pressure.proper`, `private.proper`, `away.zetta`, `confirmation.magic`:
 *   the counterparty's words, or what they ask for
 * - `asked.magic`: that it was written to, kept in a long errand whose first messages are out of sight
 * - `skip.zetta`, `choice`: what the owner told the agent
 */
export type FactKind =
  | 'offer'
  | 'status'
  | 'reply'
  | 'question'
  | 'pressure'
  | 'private'
  | 'away'
  | 'confirmation'
  | 'asked'
  | 'skip';

/** A fact that is to be stored, or one that was. */
export type Note = { key: string; value: string; source: EventId | null };

export type Offer = {
  key: string;
  subject: string;
  /** Whose word it is: an address key. */
  from: string;
  price: Money | null;
  per: string | null;
  note: string | null;
};

export type Unavailable = { key: string; subject: string; from: string; status: string };

const longestValue = 600;

/** "Hotel Nikko" becomes `hotel-nikko`, in any script. */
export function formatSlug(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return [...slug].slice(0, 32).join('') || 'unnamed';
}

export function formatKey(kind: FactKind, ...names: string[]): string {
  return [kind, ...names.map(formatSlug)].join('.');
}

export function formatOffer(offer: Omit<Offer, 'key'>): string {
  const price = offer.price ? formatDecimal(offer.price) : 'no price';
  const per = offer.price && offer.per !== null ? ` per ${offer.per}` : '';
  return joinParts([price + per, offer.note, `${offer.subject} from ${offer.from}`]);
}

export function formatStatus({ status, subject, from }: Omit<Unavailable, 'key'>): string {
  return joinParts([status, `${subject} from ${from}`]);
}

/** A counterparty's words, cut to what a fact may hold. */
export function formatWords(text: string): string {
  return shorten(text.replace(/\s+/g, ' ').trim(), longestValue);
}

/** "1156.00 USD" without a thousands mark: it is read back. */
export function formatDecimal({ minor, currency }: Money): string {
  return `${formatAmount({ minor, currency })} ${currency}`;
}

/** "1156.00": the form a typed price is written in. */
export function formatAmount({ minor, currency }: Money): string {
  const digits = currencyDigits(currency) ?? 2;
  const whole = Math.floor(minor / 10 ** digits);
  const fraction = String(minor % 10 ** digits).padStart(digits, '0');
  return digits === 0 ? String(whole) : `${whole}.${fraction}`;
}

/** Undefined for a fact of another kind or form, such as one a model stored. */
export function parseOffer({ key, value }: Pick<Fact, 'key' | 'value'>): Offer | undefined {
  if (!key.startsWith('offer.')) return undefined;
  const parts = value.split('; ');
  const origin = parseOrigin(parts.at(-1));
  const price = /^(?:no price|(\S+) ([A-Z]{3})(?: per (.+))?)$/.exec(parts[0] ?? '');
  if (!origin || !price || parts.length < 2 || parts.length > 3) return undefined;
  const [, decimal, currency, per = null] = price;
  const note = parts.length === 3 ? (parts[1] ?? null) : null;
  if (decimal === undefined || currency === undefined)
    return { key, ...origin, price: null, per: null, note };
  const money = parseAmount(decimal, currency);
  return money.ok ? { key, ...origin, price: money.value, per, note } : undefined;
}

export function parseStatus({ key, value }: Pick<Fact, 'key' | 'value'>): Unavailable | undefined {
  if (!key.startsWith('status.')) return undefined;
  const [status = '', rest] = value.split('; ');
  const origin = parseOrigin(rest);
  return origin && { key, ...origin, status };
}

function parseOrigin(text: string | undefined): { subject: string; from: string } | undefined {
  const match = /^(.+) from ([a-z]+:\S+)$/.exec(text ?? '');
  return match?.[1] && match[2] ? { subject: match[1], from: match[2] } : undefined;
}

function joinParts(parts: (string | null)[]): string {
  return parts
    .filter((part) => part !== null)
    .map((part) => part.replace(/[;\s]+/g, ' ').trim())
    .join('; ');
}

/** The newest of each key, oldest first. */
export function keepNewest(notes: readonly Note[]): Note[] {
  const newest = new Map<string, Note>();
  for (const note of notes) {
    newest.delete(note.key);
    newest.set(note.key, note);
  }
  return [...newest.values()];
}

/** Ids count up: the number in one is its age. */
export function rank(id: string): number {
  return Number(id.slice(id.indexOf('_') + 1));
}
