import { formatDuration } from '../../lib/duration.ts';
import { formatMicros } from '../../lib/micros.ts';
import { formatMoney } from '../../lib/money.ts';
import { plural, shorten } from '../../lib/text.ts';
import { addressKey } from '../contact.ts';
import {
  isLive,
  type Jorb,
  type JorbDetail,
  type JorbStatus,
  type JorbSummary,
  type PauseCause,
  type PendingQuestion,
  type Phase,
} from '../jorb.ts';
import type { NotifyOn } from '../notice.ts';
import type { OpenPromise } from '../promise.ts';
import { renderContract } from './contract.ts';
import { formatInstant } from './instant.ts';
import { renderExact, renderLine } from './quote.ts';

export const pauseWords: Record<PauseCause, string> = {
  approval: 'waits for your approval',
  question: 'waits for your answer',
  agent: 'by the agent',
  owner: 'by you',
  limit: 'at a limit',
  error: 'after an error; resume it to try again',
};

const phaseMarks: Record<Phase['status'], string> = { done: '[x]', active: '[>]', pending: '[ ]' };

/** `paused, waits for your approval: Nikko at $289.00`. */
export function renderJorbState({
  status,
  pauseCause,
  reason,
}: Pick<Jorb, 'status' | 'pauseCause' | 'reason'>): string {
  const cause = pauseCause ? ` (${pauseWords[pauseCause]})` : '';
  return `${status}${cause}${reason ? `: ${renderLine(reason, 300)}` : ''}`;
}

/** Everything about one jorb but its transcript. A completion that rests on no event is called unconfirmed. */
export function renderJorb(detail: JorbDetail, now: number, timeZone?: string): string {
  const { jorb, contract, counterparties, phases, facts, promises, spent } = detail;
  const head = [
    `${jorb.id} “${renderLine(jorb.name, 200)}”: ${renderJorbState(jorb)}`,
    ...(jorb.status === 'complete' ? [`It is done (${renderProof(jorb.evidence)})`] : []),
    ...(jorb.summary ? [`Where it stands: ${renderLine(jorb.summary, 600)}`] : []),
    ...detail.questions.map((question) => renderQuestion(question, timeZone)),
    ...(detail.lateMessages > 0 ? [renderLate(detail.lateMessages)] : []),
    ...renderNotifyOn(detail.notifyOn),
    `Created ${formatInstant(jorb.createdAt, timeZone)}, last activity ${formatDuration(now - jorb.lastActivityAt)} ago; ${detail.received} received, ${detail.sent} sent`,
    `Money: ${formatMoney(spent.committed)} committed, ${formatMoney(spent.reserved)} reserved`,
    ...renderModels(detail),
    ...renderTimes(detail, now, timeZone),
  ];
  const contacts = counterparties.map(
    ({ name, optedOut, ask, ...address }) =>
      `- ${renderLine(name, 100)} (${addressKey(address)})${optedOut ? ', wants no messages' : ''}${ask ? `: ${renderLine(ask, 300)}` : ''}`,
  );
  return [
    head.join('\n'),
    ['Plan:', renderExact(shorten(jorb.plan, 2000))].join('\n'),
    section(
      'Phases',
      phases.map((phase) => `${phaseMarks[phase.status]} ${renderLine(phase.title, 200)}`),
    ),
    section(
      `Contract, version ${jorb.contractVersion}`,
      renderContract(contract, counterparties, timeZone).map((line) => `- ${line}`),
    ),
    section('Contacts', contacts),
    section(
      'Open promises',
      promises.map((promise) => `- ${renderPromise(promise, now, timeZone)}`),
    ),
    section(
      'Facts',
      facts.map(
        ({ key, value, sourceEventId }) =>
          `- ${renderLine(key, 100)}: ${renderLine(value, 300)}${sourceEventId ? ` (${sourceEventId})` : ''}`,
      ),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function renderNotifyOn(notifyOn: NotifyOn): string[] {
  if (notifyOn === null) return [];
  return [`Mails you at once: ${notifyOn.map((kind) => kind.replaceAll('_', ' ')).join(', ') || 'nothing'}`];
}

/** `Needs you: approval_3, until …; you are reminded …`. */
function renderQuestion({ id, expiresAt, remindAt }: PendingQuestion, timeZone?: string): string {
  const reminder = remindAt === null ? '' : `; you are reminded ${formatInstant(remindAt, timeZone)}`;
  return `Needs you: ${id}, until ${formatInstant(expiresAt, timeZone)}${reminder}`;
}

function renderLate(messages: number): string {
  const came = `${messages} ${plural(messages, 'message')}`;
  return `${came} came after it was over, and nobody answers ${plural(messages, 'it', 'them')}: create a new jorb to react`;
}

/** What it does by itself, and when. */
function renderTimes({ jorb, endsAt, handoffAt }: JorbDetail, now: number, timeZone?: string): string[] {
  const at = (instant: number) => formatInstant(instant, timeZone);
  return [
    ...(jorb.wakeAt === null
      ? []
      : [
          `${renderWake(jorb.status, jorb.wakeAt, now, at(jorb.wakeAt))}: ${renderLine(jorb.wakeReason ?? '', 200)}`,
        ]),
    ...(endsAt === null || !isLive(jorb.status)
      ? []
      : [`Asks you ${endsAt <= now ? 'now' : at(endsAt)} whether it may stay open`]),
    ...(handoffAt === null ? [] : [`Its agent began afresh from its handoff of ${at(handoffAt)}`]),
  ];
}

/** A jorb that is paused looks at nothing before it goes on. */
function renderWake(status: JorbStatus, wakeAt: number, now: number, at: string): string {
  if (status !== 'paused') return `Looks again ${wakeAt <= now ? 'now, as planned for ' : ''}${at}`;
  return wakeAt <= now
    ? `Looks again as soon as it goes on, planned for ${at}`
    : `Looks again ${at}, but not while it is paused`;
}

function renderDue(dueAt: number, now: number): string {
  return dueAt <= now ? `overdue for ${formatDuration(now - dueAt)}` : `in ${formatDuration(dueAt - now)}`;
}

function renderModels({ models, modelLimitMicros: limit }: JorbDetail): string[] {
  const { calls, costMicros, inputTokens, cachedTokens, outputTokens } = models;
  if (calls === 0 && limit === undefined) return [];
  const most = limit === undefined ? '' : ` of ${formatMicros(limit)}`;
  const cost = `Models: ${formatMicros(costMicros)}${most} in ${calls} ${plural(calls, 'call')}`;
  return [`${cost}, ${inputTokens} tokens in (${cachedTokens} from the cache), ${outputTokens} out`];
}

/** One line or two for each jorb, in the order given. */
export function renderJorbList(page: { jorbs: JorbSummary[]; total: number }, now: number): string {
  if (page.jorbs.length === 0) return page.total === 0 ? 'No jorbs.' : `None here; ${page.total} in all.`;
  const rest = page.total - page.jorbs.length;
  return [
    ...page.jorbs.map((jorb) => renderJorbSummary(jorb, now)),
    ...(rest > 0 ? [`${page.jorbs.length} of ${page.total} are shown.`] : []),
  ].join('\n');
}

/** One jorb of a list: what it is and where it stands. */
function renderJorbSummary(jorb: JorbSummary, now: number): string {
  const counts = [
    ...(jorb.pendingApprovals > 0 ? [`${jorb.pendingApprovals} to approve`] : []),
    `${jorb.received} received`,
    `${jorb.sent} sent`,
    `last activity ${formatDuration(now - jorb.lastActivityAt)} ago`,
  ].join(', ');
  const summary = jorb.summary ? `\n  ${renderLine(jorb.summary, 200)}` : '';
  return `${jorb.id} “${renderLine(jorb.name, 100)}”: ${renderJorbState(jorb)}; ${counts}${summary}`;
}

/** `promise_3, loopback:nikko to us by 2026-11-21 09:00Z: to send the invoice`. */
function renderPromise(
  { id, by, with: other, text, dueAt }: OpenPromise,
  now: number,
  timeZone: string | undefined,
): string {
  const who = renderLine(addressKey(other), 150);
  const way = by === 'us' ? `we to ${who}` : `${who} to us`;
  const until = dueAt === null ? '' : ` by ${formatInstant(dueAt, timeZone)} (${renderDue(dueAt, now)})`;
  return `${id}, ${way}${until}: ${renderLine(text, 300)}`;
}

/** What a completion rests on. */
export function renderProof(evidence: readonly string[]): string {
  return evidence.length > 0 ? `evidence: ${evidence.join(', ')}` : 'unconfirmed: no message proves it';
}

function section(title: string, lines: string[]): string {
  return lines.length === 0 ? '' : [`${title}:`, ...lines].join('\n');
}
