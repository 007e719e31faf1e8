import type { NoticeFact } from '../../notice.ts';
import { renderApproval } from '../approval.ts';
import { formatInstant } from '../instant.ts';
import { pauseWords, renderProof } from '../jorb.ts';
import { renderExact, renderLine, renderQuote } from '../quote.ts';

/** A reply that is told, not answered: its middle is cut out where it is long. */
const longestReply = 2000;

/**
 * One fact, whole, for the owner. What is asked is drawn from the bytes that are approved. A line that begins with
 * `- `, `> ` or four spaces holds words that may be of others, one with `$ ` a command; no other line does.
 */
export function renderFact(fact: NoticeFact, now: number, timeZone?: string): string {
  const { id, name } = fact.jorb;
  const which = `${id} “${renderLine(name, 100)}”`;
  switch (fact.kind) {
    case 'approval':
    case 'reminder':
      return [
        renderApproval(fact.approval, now, timeZone),
        [
          `Asked ${formatInstant(fact.approval.askedAt, timeZone)}. To answer, tell your assistant, or type in a terminal:`,
          `$ jorbs approve ${fact.approval.id}`,
        ].join('\n'),
      ].join('\n\n');
    case 'pause':
      return joined(
        `${which} paused ${formatInstant(fact.at, timeZone)}, ${pauseWords[fact.cause]}.`,
        words('Why:', fact.reason),
        more(id, 'To let it go on, tell your assistant to resume or steer it. All about it:'),
      );
    case 'complete':
      return joined(
        `${which} is done (${renderProof(fact.jorb.evidence)}).`,
        words('What came of it:', fact.jorb.reason),
        more(id, 'All about it:'),
      );
    case 'fail':
      return joined(`${which} failed.`, words('Why:', fact.jorb.reason), more(id, 'All about it:'));
    case 'budget':
      return joined(
        `${which} wanted to spend more than its contract allows; ${fact.action} was refused.`,
        words('Why:', fact.refusal),
        more(id, 'To allow more, tell your assistant to steer it with another budget. All about it:'),
      );
    case 'late_reply':
      return joined(
        `${which} is ${fact.jorb.status}, and ${renderLine(fact.messages.from, 200)} wrote to it (${listIds(fact.messages)}). It is not answered unless you have it answered.`,
        `The message, quoted:\n${renderQuote(fact.messages.text, longestReply)}`,
        more(id, 'All about it:'),
      );
    case 'handoff':
      return joined(
        `For ${which} no handoff could be had. It goes on with the context it had; nothing is lost.`,
        words('Why:', fact.error),
        more(id, 'All about it:'),
      );
  }
}

/** `event_31, event_32 and 7 more`. */
function listIds({ ids, more }: { ids: readonly string[]; more: number }): string {
  return more === 0 ? ids.join(', ') : `${ids.join(', ')} and ${more} more`;
}

function joined(...parts: string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

function words(title: string, text: string | null): string {
  return text ? `${title}\n${renderExact(text)}` : '';
}

function more(id: string, sentence: string): string {
  return `${sentence}\n$ jorbs show ${id}`;
}
