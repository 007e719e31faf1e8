import type { Approval } from '../approval.ts';
import type { Brief, DeliveryProblem, DuePromise, Highlight } from '../brief.ts';
import { addressKey, nameAddress } from '../contact.ts';
import type { InboxItem } from '../message.ts';
import { renderExtension } from './approval.ts';
import { renderSuggestion } from './inbox.ts';
import { formatInstant } from './instant.ts';
import { renderJorbState } from './jorb.ts';
import { renderPrice } from './price.ts';
import { renderOutage } from './status.ts';
import { renderLineWithin, renderQuotedWithin } from './within.ts';

/** How a brief is written: for the owner's clock, with so many bytes for any one text. */
export type BriefStyle = { timeZone: string | undefined; bytes: number };

const nameBytes = 60;
/** No price that the agent can name is cut. */
const priceBytes = 260;

/** What the owner should act on. */
export function renderAttention(brief: Brief, style: BriefStyle): string[] {
  const { more, models } = brief;
  const { timeZone, bytes } = style;
  const outage = models.outage && { ...models.outage, error: renderLineWithin(models.outage.error, bytes) };
  return [
    ...(outage ? [`- The model ${renderOutage(outage, timeZone)}`] : []),
    ...listed(brief.approvals, more.approvals, 'approvals', (approval) => renderAsked(approval, style)),
    ...listed(
      brief.failed,
      more.failed,
      'failed jorbs',
      ({ id, name, reason }) =>
        `${id} ${quoteName(name, style)} failed${reason ? `: ${renderLineWithin(reason, bytes)}` : ''}`,
    ),
    ...listed(brief.problems, more.problems, 'messages with a problem', (problem) =>
      renderProblem(problem, style),
    ),
    ...listed(brief.unmatched, more.unmatched, 'unmatched messages', (item) => renderUnmatched(item, style)),
    ...listed(brief.paused, more.paused, 'paused jorbs', ({ id, name, pauseCause, reason }) => {
      const why = reason === null ? null : renderLineWithin(reason, bytes);
      const state = renderJorbState({ status: 'paused', pauseCause, reason: why });
      return `${id} ${quoteName(name, style)} is ${state}`;
    }),
  ];
}

export function renderFailures({ failures, more }: Brief, style: BriefStyle): string[] {
  return listed(failures, more.failures, 'failures', (failure) => renderHighlight(failure, style));
}

export function renderLateReplies({ lateReplies, more }: Brief, { bytes }: BriefStyle): string[] {
  return listed(lateReplies, more.lateReplies, 'late replies', ({ id, jorbId, contactName, text }) => {
    const name = renderLineWithin(contactName, Math.min(nameBytes, bytes));
    return `from ${name} (${id}, ${jorbId}, which was over): ${renderQuotedWithin(text, bytes)}`;
  });
}

export function renderPromises({ promises, more, now }: Brief, style: BriefStyle): string[] {
  return listed(promises, more.promises, 'promises', (promise) => renderDue(promise, now, style));
}

/** `2026-11-20 08:55Z jorb_47: noted price: $289 (fact_3)`. */
export function renderHighlight({ at, jorbId, text, evidence }: Highlight, style: BriefStyle): string {
  const where = jorbId ? `${jorbId}: ` : '';
  return `${formatInstant(at, style.timeZone)} ${where}${renderLineWithin(text, style.bytes)} (${evidence})`;
}

export function quoteName(name: string, { bytes }: BriefStyle): string {
  return renderQuotedWithin(name, Math.min(nameBytes, bytes));
}

/** One line for each, and one that says how many more there are. */
export function listed<T>(
  items: readonly T[],
  more: number,
  noun: string,
  render: (item: T) => string,
): string[] {
  const lines = items.map((item) => `- ${render(item)}`);
  return more > 0 ? [...lines, `- ${items.length > 0 ? `and ${more} more` : more} ${noun}`] : lines;
}

function renderAsked(approval: Approval, style: BriefStyle): string {
  const { id, jorb, expiresAt } = approval;
  const until = formatInstant(expiresAt, style.timeZone);
  return `${id} of ${jorb.id} ${quoteName(jorb.name, style)} ${renderQuestion(approval, style)} (until ${until})`;
}

function renderQuestion(approval: Approval, { bytes, timeZone }: BriefStyle): string {
  const { payload, findings } = approval.action;
  switch (payload.kind) {
    case 'ask_owner':
      return `asks you: ${renderQuotedWithin(payload.question, bytes)}`;
    case 'change_contract': {
      if (payload.extension)
        return `asks whether it may go on: ${renderExtension(approval, payload.extension, timeZone)}`;
      const because = findings.map((finding) => finding.because).join('; ');
      return `wants a wider contract: ${renderLineWithin(because, bytes)}`;
    }
    case 'send_message': {
      const to = renderLineWithin(nameAddress(payload.to, approval.recipientName), bytes);
      const price = payload.price ? ` for ${renderLineWithin(renderPrice(payload.price), priceBytes)}` : '';
      return `wants to write to ${to}${price}: ${renderQuotedWithin(payload.text, bytes)}`;
    }
  }
}

function renderProblem(
  { id, jorbId, kind, to, text, error }: DeliveryProblem,
  { bytes }: BriefStyle,
): string {
  const what = kind === 'unknown' ? 'may or may not have been sent' : 'was not sent';
  const why = error ? ` (${renderLineWithin(error, bytes)})` : '';
  return `${id} of ${jorbId} to ${renderLineWithin(to, bytes)} ${what}${why}: ${renderQuotedWithin(text, bytes)}`;
}

function renderUnmatched({ event, contactName, reason, suggestion }: InboxItem, style: BriefStyle): string {
  const { bytes } = style;
  const sender = renderLineWithin(nameAddress(event, contactName), bytes);
  const cut = suggestion && {
    ...suggestion,
    name: renderLineWithin(suggestion.name, Math.min(nameBytes, bytes)),
    reason: renderLineWithin(suggestion.reason, bytes),
  };
  const maybe = cut
    ? renderSuggestion(event.id, cut)
    : `waits in the inbox (${renderLineWithin(reason, bytes)})`;
  return `${event.id} from ${sender} ${maybe}: ${renderQuotedWithin(event.text, bytes)}`;
}

function renderDue(promise: DuePromise, now: number, style: BriefStyle): string {
  const { id, by, with: other, contactName, jorbId, jorbName, dueAt, text } = promise;
  const who = renderLineWithin(contactName ?? addressKey(other), Math.min(nameBytes, style.bytes));
  const way = by === 'us' ? `we to ${who}` : `${who} to us`;
  const when = `${dueAt <= now ? 'overdue since' : 'due'} ${formatInstant(dueAt, style.timeZone)}`;
  return `${id} of ${jorbId} ${quoteName(jorbName, style)}, ${way}, ${when}: ${renderQuotedWithin(text, style.bytes)}`;
}
