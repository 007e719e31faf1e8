import { countBytes } from '../../lib/text.ts';
import type { Brief, JorbNews } from '../brief.ts';
import { waitsForAnswer } from '../jorb.ts';
import {
  type BriefStyle,
  listed,
  quoteName,
  renderAttention,
  renderFailures,
  renderHighlight,
  renderLateReplies,
  renderPromises,
} from './brief-needs.ts';
import { type BriefRoom, briefRooms, shortenBrief } from './brief-room.ts';
import { renderMoney, renderOpen, renderSum, renderSummary } from './brief-summary.ts';
import { formatInstant } from './instant.ts';
import { renderJorbState, renderProof } from './jorb.ts';
import { renderLine } from './quote.ts';
import { renderStop } from './status.ts';
import { renderLineWithin, renderQuotedWithin } from './within.ts';

/**
 * However much happened, a host's model can relay it whole: below 4 kB with the note that stands before it.
 * A character takes at least one byte.
 */
const mostBriefBytes = 3800;

const mostEvidence = 3;

/** What happened since the owner last asked, what needs them first. */
export function renderBrief(brief: Brief, timeZone?: string): string {
  return fitBrief(brief, { timeZone }).text;
}

/** The same with what of the brief it tells, so that text and data can tell the same. `most`: no more than that. */
export function fitBrief(
  brief: Brief,
  { timeZone, most }: { timeZone: string | undefined; most?: BriefRoom },
): { shown: Brief; text: string; room: BriefRoom } {
  let shown: Brief = { ...brief, paused: listOtherPauses(brief) };
  for (const each of briefRooms) {
    const room = most ? narrow(each, most) : each;
    shown = shortenBrief(shown, room);
    const text = renderShown(shown, { timeZone, bytes: room.bytes });
    if (countBytes(text) <= mostBriefBytes) return { shown, text, room };
  }
  throw new Error('a brief does not fit, however much is left out of it');
}

function narrow(room: BriefRoom, most: BriefRoom): BriefRoom {
  return {
    needs: Math.min(room.needs, most.needs),
    rest: Math.min(room.rest, most.rest),
    bytes: Math.min(room.bytes, most.bytes),
  };
}

/** Without those that are paused only for an approval that is told of. */
function listOtherPauses({ paused, approvals }: Brief): Brief['paused'] {
  const asked = new Set(approvals.map((approval) => approval.jorb.id));
  return paused.filter(({ id, pauseCause }) => !(waitsForAnswer(pauseCause) && asked.has(id)));
}

function renderShown(brief: Brief, style: BriefStyle): string {
  const { stopped } = brief;
  const { timeZone, bytes } = style;
  const reason = stopped?.reason ? renderLineWithin(stopped.reason, bytes) : null;
  return [
    [
      renderSummary(brief, timeZone),
      ...(brief.looksBack
        ? ['The next brief begins where the last one ended, as if you had not looked.']
        : []),
      ...(stopped ? [renderStop({ ...stopped, reason }, timeZone)] : []),
    ],
    titled('Needs you', renderAttention(brief, style)),
    titled('Went wrong', renderFailures(brief, style)),
    titled('Promises due', renderPromises(brief, style)),
    titled('Late replies', renderLateReplies(brief, style)),
    [renderMoney(brief), renderOpen(brief)],
    titled(
      'Jorbs',
      listed(brief.jorbs, brief.more.jorbs, 'jorbs in which something happened', (jorb) =>
        renderJorbNews(jorb, style),
      ),
    ),
    titled('Coming up', renderUpcoming(brief, style)),
    titled(
      'Latest',
      listed(brief.highlights, 0, '', (highlight) => renderHighlight(highlight, style)),
    ),
    titled('Completed', renderCompleted(brief, style)),
    titled('Last messages', renderMessages(brief, style)),
  ]
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}

function titled(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines];
}

/** `jorb_47 “GDC Hotel”, paused (waits for your approval): 3 received, 2 sent; noted price; asked approval_5`. */
function renderJorbNews(jorb: JorbNews, style: BriefStyle): string {
  const { id, name, received, sent, committed, reserved, isCut } = jorb;
  const parts = [
    ...(received + sent > 0 ? [`${received} received, ${sent} sent`] : []),
    ...(committed.length > 0 ? [`${renderSum(committed)} committed`] : []),
    ...(reserved.length > 0 ? [`${renderSum(reserved)} reserved`] : []),
    ...listChanges(jorb.changes, style.bytes),
    ...(isCut ? ['and more before that'] : []),
  ];
  const state = renderJorbState({ ...jorb, reason: null });
  return `${id} ${quoteName(name, style)}, ${state}${parts.length > 0 ? `: ${parts.join('; ')}` : ''}`;
}

/** The newest that have room, each whole: there are ids in them. */
function listChanges(changes: readonly string[], bytes: number): string[] {
  let left = bytes;
  const shown: string[] = [];
  for (const change of changes.toReversed()) {
    const line = change.length <= left ? renderLine(change, left) : change;
    if (countBytes(line) > left) continue;
    left -= countBytes(line);
    shown.unshift(line);
  }
  const rest = changes.length - shown.length;
  return rest > 0 ? [`${rest} more changes`, ...shown] : shown;
}

function renderUpcoming({ upcoming }: Brief, style: BriefStyle): string[] {
  return listed(upcoming, 0, '', ({ at, jorbId, jorbName, kind, reason }) => {
    const what = kind === 'deadline' ? 'its deadline' : 'it looks again';
    const why = reason ? ` (${renderLineWithin(reason, style.bytes)})` : '';
    return `${formatInstant(at, style.timeZone)} ${jorbId} ${quoteName(jorbName, style)}: ${what}${why}`;
  });
}

function renderCompleted({ completed, more }: Brief, style: BriefStyle): string[] {
  return listed(completed, more.completed, 'completed jorbs', ({ id, name, outcome, evidence }) => {
    const rest = evidence.length - mostEvidence;
    const proof = renderProof([...evidence.slice(0, mostEvidence), ...(rest > 0 ? [`${rest} more`] : [])]);
    const result = outcome ? renderLineWithin(outcome, style.bytes) : 'done';
    return `${id} ${quoteName(name, style)}: ${result} (${proof})`;
  });
}

function renderMessages({ messages }: Brief, style: BriefStyle): string[] {
  return listed(messages, 0, '', ({ direction, id, jorbId, contactName, text }) => {
    const name = renderLineWithin(contactName, Math.min(60, style.bytes));
    const way = direction === 'in' ? `from ${name}` : `to ${name}`;
    return `${way} (${id}, ${jorbId}): ${renderQuotedWithin(text, style.bytes)}`;
  });
}
