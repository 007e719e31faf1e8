import { formatShare } from '../../lib/share.ts';
import { addressKey } from '../contact.ts';
import type { EventId } from '../ids.ts';
import type { InboxItem } from '../message.ts';
import { formatInstant } from './instant.ts';
import { renderLine, renderQuote, renderQuoted } from './quote.ts';

const quoteLength = 1000;

/** Messages that fit no jorb, with why, and the jorbs they might belong to. */
export function renderInbox(page: { items: InboxItem[]; total: number }, timeZone?: string): string {
  if (page.items.length === 0)
    return page.total === 0 ? 'No unmatched messages.' : `None here; ${page.total} in all.`;
  const rest = page.total - page.items.length;
  return [
    ...page.items.map((item) => renderItem(item, timeZone)),
    ...(rest > 0 ? [`${page.items.length} of ${page.total} are shown.`] : []),
  ].join('\n\n');
}

/** The sender of an unmatched message: the name the owner knows, where there is one, and the address. */
function renderSender({ event, contactName }: InboxItem): string {
  const key = renderLine(addressKey(event), 150);
  return contactName ? `${renderLine(contactName, 100)} (${key})` : key;
}

/** What a model would have chosen, as the question that it is. */
export function renderSuggestion(
  eventId: EventId,
  { id, name, confidence, reason }: NonNullable<InboxItem['suggestion']>,
): string {
  const why = `${formatShare(confidence)}: ${renderQuoted(reason, 200)}`;
  return `may belong to ${id} “${renderLine(name, 80)}” (${why}); assign_message ${eventId} ${id} gives it there`;
}

function renderItem(item: InboxItem, timeZone: string | undefined): string {
  const { event, reason, candidates, suggestion } = item;
  const maybe = candidates.map(({ id, name }) => `${id} “${renderLine(name, 80)}”`).join(', ');
  return [
    `${event.id} from ${renderSender(item)}, ${formatInstant(event.receivedAt, timeZone)}: ${renderLine(reason, 300)}`,
    renderQuote(event.text, quoteLength),
    ...(suggestion ? [`It ${renderSuggestion(event.id, suggestion)}`] : []),
    maybe ? `Perhaps for: ${maybe}` : 'No open jorb has this contact',
  ].join('\n');
}
