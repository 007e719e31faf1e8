import { formatMicros } from '../../lib/micros.ts';
import { formatMoney } from '../../lib/money.ts';
import type { Brief } from '../brief.ts';
import { openStatuses, type PauseCause } from '../jorb.ts';
import { renderApprovalLine } from './approval.ts';
import { renderSender, renderSuggestion } from './inbox.ts';
import { formatInstant } from './instant.ts';
import { renderJorbState, renderProof } from './jorb.ts';
import { renderLine, renderQuoted } from './quote.ts';
import { renderOutage, renderStop } from './status.ts';

/** However much happened, a brief stays short enough to be read aloud: lists end here and say how many more there are. */
const mostItems = 5;
const lineLength = 180;

/** What happened since the owner last asked, what needs them first. */
export function renderBrief(brief: Brief, timeZone?: string): string {
  const since = brief.since === null ? 'so far' : `since ${formatInstant(brief.since, timeZone)}`;
  const attention = renderAttention(brief, timeZone);
  return [
    [
      `Brief of ${formatInstant(brief.now, timeZone)}, ${since}.`,
      ...(brief.stopped ? [renderStop(brief.stopped, timeZone)] : []),
    ],
    attention.length > 0 ? ['Needs you:', ...attention] : ['Nothing needs you.'],
    [renderActivity(brief), renderMoney(brief), `Open jorbs: ${renderOpen(brief)}`],
    titled('Latest', [
      ...brief.highlights
        .slice(0, mostItems)
        .map(
          (highlight) =>
            `- ${formatInstant(highlight.at, timeZone)} ${highlight.jorbId ? `${highlight.jorbId}: ` : ''}${renderLine(highlight.text, lineLength)} (${highlight.evidence})`,
        ),
    ]),
    titled(
      'Completed',
      brief.completed
        .slice(0, mostItems)
        .map(
          ({ id, name, outcome, evidence }) =>
            `- ${id} “${renderLine(name, 80)}”: ${outcome ? renderLine(outcome, 300) : 'done'} (${renderProof(evidence)})`,
        ),
    ),
    titled(
      'Last messages',
      brief.messages.slice(0, mostItems).map((message) => {
        const name = renderLine(message.contactName, 60);
        const way = message.direction === 'in' ? `from ${name}` : `to ${name}`;
        return `- ${way} (${message.id}, ${message.jorbId}): ${renderQuoted(message.text, lineLength)}`;
      }),
    ),
  ]
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}

function renderAttention(brief: Brief, timeZone: string | undefined): string[] {
  const { more, models } = brief;
  const asked = new Set(brief.approvals.slice(0, mostItems).map((approval) => approval.jorb.id));
  return [
    ...(models.outage ? [`- The model ${renderOutage(models.outage, timeZone)}`] : []),
    ...listed(brief.approvals, more.approvals, 'approvals', (approval) => {
      const until = formatInstant(approval.expiresAt, timeZone);
      return `${approval.id} of ${approval.jorb.id} “${renderLine(approval.jorb.name, 60)}” ${renderApprovalLine(approval, 300)} (until ${until})`;
    }),
    ...listed(
      brief.failed,
      more.failed,
      'failed jorbs',
      ({ id, name, reason }) =>
        `${id} “${renderLine(name, 60)}” failed${reason ? `: ${renderLine(reason, lineLength)}` : ''}`,
    ),
    ...listed(brief.problems, more.problems, 'messages with a problem', (problem) => {
      const what = problem.kind === 'unknown' ? 'may or may not have been sent' : 'was not sent';
      return `${problem.id} of ${problem.jorbId} to ${renderLine(problem.to, 80)} ${what}${problem.error ? ` (${renderLine(problem.error, 120)})` : ''}: ${renderQuoted(problem.text, 120)}`;
    }),
    ...listed(brief.unmatched, more.unmatched, 'unmatched messages', (item) => {
      const { event, reason, suggestion } = item;
      const maybe = suggestion
        ? renderSuggestion(event.id, suggestion)
        : `waits in the inbox (${renderLine(reason, 160)})`;
      return `${event.id} from ${renderSender(item)} ${maybe}: ${renderQuoted(event.text, lineLength)}`;
    }),
    ...listed(
      brief.paused.filter(({ id, pauseCause }) => !(isAsking(pauseCause) && asked.has(id))),
      more.paused,
      'paused jorbs',
      (jorb) =>
        `${jorb.id} “${renderLine(jorb.name, 60)}” is ${renderJorbState({ ...jorb, status: 'paused' })}`,
    ),
  ];
}

/** Paused only for the approval that stands above it. */
function isAsking(cause: PauseCause | null): boolean {
  return cause === 'approval' || cause === 'question';
}

function listed<T>(items: T[], more: number, name: string, render: (item: T) => string): string[] {
  const rest = more + Math.max(0, items.length - mostItems);
  const lines = items.slice(0, mostItems).map((item) => `- ${render(item)}`);
  return rest > 0 ? [...lines, `- and ${rest} more ${name}`] : lines;
}

function renderActivity({ activity, jorbs, more }: Brief): string {
  const counts = [
    `${activity.received} received`,
    `${activity.sent} sent`,
    ...(['created', 'completed', 'failed', 'cancelled'] as const)
      .filter((name) => activity[name] > 0)
      .map((name) => `${activity[name]} jorb${activity[name] === 1 ? '' : 's'} ${name}`),
    ...(activity.asked > 0 ? [`${activity.asked} asked of you`] : []),
    ...(activity.refused > 0 ? [`${activity.refused} refused by the gate`] : []),
  ];
  const active = jorbs.length + more.jorbs;
  return `Activity in ${active} jorb${active === 1 ? '' : 's'}: ${counts.join(', ')}.`;
}

function renderMoney({ money, models }: Brief): string {
  const sum = (amounts: Brief['money']['committed']) => amounts.map(formatMoney).join(' + ') || 'nothing';
  const cost = models.costMicros > 0 ? ` Models: ${formatMicros(models.costMicros)}.` : '';
  return `Money: ${sum(money.committed)} committed, ${sum(money.reserved)} reserved.${cost}`;
}

function renderOpen({ open }: Brief): string {
  return (
    openStatuses
      .filter((status) => open[status] > 0)
      .map((status) => `${open[status]} ${status}`)
      .join(', ') || 'none'
  );
}

function titled(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines];
}
