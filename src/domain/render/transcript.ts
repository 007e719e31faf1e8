import { addressKey } from '../contact.ts';
import type { TranscriptEntry, TranscriptPage } from '../message.ts';
import { formatInstant } from './instant.ts';
import { renderExact, renderLine, renderQuote } from './quote.ts';

/** Whole messages in the order of the page; what others wrote is quoted, what we wrote is indented. */
export function renderTranscript(page: TranscriptPage, timeZone?: string): string {
  if (page.entries.length === 0)
    return page.total === 0 ? 'No messages.' : `None here; ${page.total} in all.`;
  return [
    ...page.entries.map((entry) => renderEntry(entry, timeZone)),
    page.nextOffset === null
      ? `${page.total} in all.`
      : `${page.total} in all; the next page starts at offset ${page.nextOffset}.`,
  ].join('\n\n');
}

function renderEntry(entry: TranscriptEntry, timeZone: string | undefined): string {
  const who = `${renderLine(entry.contactName, 100)} (${renderLine(addressKey(entry), 150)})`;
  const way = entry.direction === 'in' ? `from ${who}` : `to ${who}`;
  const head = `${formatInstant(entry.at, timeZone)} ${way}, ${entry.id}, ${entry.isLate ? 'late: the jorb was over, nobody answers it' : entry.status}`;
  return `${head}\n${entry.direction === 'in' ? renderQuote(entry.text) : renderExact(entry.text)}`;
}
