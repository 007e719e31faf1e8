import { formatInstant } from '../../domain/render/instant.ts';
import { computeOverhead, quoteLines, quoteMessage, renderKey } from '../../domain/render/marked-quote.ts';
import { cleanLine } from '../../domain/render/words.ts';
import type { RoutingQuestion } from '../../domain/routing.ts';
import { listFirst, listNewest } from './sections.ts';
import { longestName, sizes } from './sizes.ts';

const mostCounterparties = 6;
const leastMessage = 200;

/** One line for each jorb, the likeliest first. */
export function renderCandidates({ candidates, quoteMark: mark }: RoutingQuestion): string {
  const lines = candidates.map((jorb) => {
    const names = jorb.counterparties.slice(0, mostCounterparties).map((name) => cleanLine(name, mark, 100));
    const more = jorb.counterparties.length - names.length;
    const others = more > 0 ? ` and ${more} more` : '';
    const summary = jorb.summary === null ? '' : `; “${cleanLine(jorb.summary, mark, 240)}”`;
    return `[${jorb.id}] “${cleanLine(jorb.name, mark, 120)}”, ${jorb.status}, last active ${formatInstant(jorb.lastActivityAt)}, with ${names.join(', ') || 'nobody'}${others}${summary}`;
  });
  return ['# Jorbs, the likeliest first', ...listFirst(lines, sizes.candidates, 'jorbs')].join('\n');
}

/** Who wrote, and what. */
export function renderUnrouted({ now, from, contactName, messages, quoteMark }: RoutingQuestion): string {
  const share = Math.floor(sizes.routedMessages / Math.max(1, messages.length));
  const quotes = messages.map((each) => {
    const message = { ...each, ...from };
    return quoteMessage(
      message,
      quoteMark,
      Math.max(leastMessage, share - computeOverhead(message, quoteMark) - 2),
    );
  });
  const name =
    contactName === null
      ? []
      : [quoteLines('sender', [`is called “${cleanLine(contactName, quoteMark, longestName)}”`], quoteMark)];
  return [
    `# The message\nnow: ${formatInstant(now)}\nfrom: ${renderKey(from)}`,
    ...name,
    ...listNewest(quotes, sizes.routedMessages, 'messages'),
    'Now call route_message.',
  ].join('\n\n');
}
