import { formatDuration } from '../../lib/duration.ts';
import { formatMicros } from '../../lib/micros.ts';
import { formatMoney } from '../../lib/money.ts';
import { shorten } from '../../lib/text.ts';
import { addressKey } from '../contact.ts';
import type { Jorb, JorbDetail, JorbSummary, PauseCause, Phase } from '../jorb.ts';
import type { OpenPromise } from '../promise.ts';
import { renderContract } from './contract.ts';
import { formatInstant } from './instant.ts';
import { renderExact, renderLine } from './quote.ts';

const pauseWords: Record<PauseCause, string> = {
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
  const { jorb, contract, counterparties, phases, facts, promises, pendingApprovals, spent } = detail;
  const head = [
    `${jorb.id} “${renderLine(jorb.name, 200)}”: ${renderJorbState(jorb)}`,
    ...(jorb.status === 'complete' ? [`It is done (${renderProof(jorb.evidence)})`] : []),
    ...(jorb.summary ? [`Where it stands: ${renderLine(jorb.summary, 600)}`] : []),
    ...(pendingApprovals.length > 0 ? [`Needs you: ${pendingApprovals.join(', ')}`] : []),
    `Created ${formatInstant(jorb.createdAt, timeZone)}, last activity ${formatDuration(now - jorb.lastActivityAt)} ago; ${detail.received} received, ${detail.sent} sent`,
    `Money: ${formatMoney(spent.committed)} committed, ${formatMoney(spent.reserved)} reserved`,
    ...renderModels(detail),
    ...(jorb.wakeAt === null || jorb.wakeAt <= now
      ? []
      : [`Looks again ${formatInstant(jorb.wakeAt, timeZone)}: ${renderLine(jorb.wakeReason ?? '', 200)}`]),
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
      promises.map((promise) => `- ${renderPromise(promise, timeZone)}`),
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

function renderModels({ models, modelLimitMicros: limit }: JorbDetail): string[] {
  const { calls, costMicros, inputTokens, cachedTokens, outputTokens } = models;
  if (calls === 0 && limit === undefined) return [];
  const most = limit === undefined ? '' : ` of ${formatMicros(limit)}`;
  const cost = `Models: ${formatMicros(costMicros)}${most} in ${calls} call${calls === 1 ? '' : 's'}`;
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
export function renderJorbSummary(jorb: JorbSummary, now: number): string {
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
function renderPromise({ id, by, with: other, text, dueAt }: OpenPromise, timeZone?: string): string {
  const who = renderLine(addressKey(other), 150);
  const way = by === 'us' ? `we to ${who}` : `${who} to us`;
  const until = dueAt === null ? '' : ` by ${formatInstant(dueAt, timeZone)}`;
  return `${id}, ${way}${until}: ${renderLine(text, 300)}`;
}

/** What a completion rests on. */
export function renderProof(evidence: readonly string[]): string {
  return evidence.length > 0 ? `evidence: ${evidence.join(', ')}` : 'unconfirmed: no message proves it';
}

function section(title: string, lines: string[]): string {
  return lines.length === 0 ? '' : [`${title}:`, ...lines].join('\n');
}
