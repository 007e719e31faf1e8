import { formatMicros } from '../../../lib/micros.ts';
import { formatMoney, type Money } from '../../../lib/money.ts';
import { plural } from '../../../lib/text.ts';
import { type Address, addressKey } from '../../contact.ts';
import type { Excerpt } from '../../digest-room.ts';
import type { EventStatus, OutboxStatus } from '../../message.ts';
import type { ModelUse } from '../../model-money.ts';
import { renderLine, straightenQuotes } from '../quote.ts';
import { type Block, faint, type Span } from './page.ts';

const longestName = 80;

/** `jorb_47 “GDC Hotel”`. */
export function nameJorb({ id, name }: { id: string; name: string }): string {
  return `${id} “${renderName(name)}”`;
}

/** What stands in our own words: on one line, without quotation marks of its own. */
export function renderName(name: string, most = longestName): string {
  return renderLine(straightenQuotes(name), most);
}

/** `Magic (loopback:magic)`. */
export function nameContact(address: Address, name: string | null): string {
  const key = renderLine(addressKey(address), 150);
  return name === null || name === address.address ? key : `${renderName(name)} (${key})`;
}

const inWords: Record<EventStatus, string> = {
  received: 'received',
  batched: 'received',
  routed: 'not read yet',
  handled: 'read',
  unmatched: 'unmatched',
  ignored: 'put aside',
};
const outWords: Record<OutboxStatus, string> = {
  queued: 'queued',
  sending: 'being sent',
  sent: 'sent',
  unknown: 'may or may not have been sent',
  failed: 'not sent',
};

export function renderDelivery(direction: 'in' | 'out', status: EventStatus | OutboxStatus): string {
  const words: Partial<Record<string, string>> = direction === 'in' ? inWords : outWords;
  return words[status] ?? status;
}

/** Says that a text was cut, and how to see the whole. */
export function noteCut({ text, length }: Excerpt, command: string): Block[] {
  return text.length < length
    ? [faint(`Its middle is left out here, of ${formatCount(length)} characters; all of it: `, { command })]
    : [];
}

/** The last line of a list that is cut. */
export function noteMore(
  number: number,
  what: string | readonly [one: string, many: string],
  ...how: Span[]
): Block[] {
  if (number <= 0) return [];
  const [one, many] = typeof what === 'string' ? [what, `${what}s`] : what;
  const named = `and ${formatCount(number)} more ${plural(number, one, many)}`;
  return [faint(`${named}${how.length > 0 ? ': ' : ''}`, ...how)];
}

/** `1 message`, `1,234 messages`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${formatCount(number)} ${plural(number, one, many)}`;
}

export function formatCount(number: number): string {
  return number.toLocaleString('en-US');
}

export function sum(amounts: readonly Money[]): string {
  return amounts.map(formatMoney).join(' + ');
}

/** `3 calls, 12,000 tokens in (4,000 cached), 800 out`. */
export function renderUse({ calls, inputTokens, cachedTokens, outputTokens }: ModelUse): string {
  const cached = cachedTokens > 0 ? ` (${formatCount(cachedTokens)} cached)` : '';
  return `${count(calls, 'call')}, ${formatCount(inputTokens)} tokens in${cached}, ${formatCount(outputTokens)} out`;
}

export function renderCost({ costMicros }: ModelUse): string {
  return formatMicros(costMicros);
}

/** How to see the messages of a jorb. */
export function showMessages(id: string, messages: number): string {
  const most = messages <= 50 ? 50 : 200;
  return `jorbs show ${id} --messages ${most}`;
}
