import { formatMicros } from '../../lib/micros.ts';
import { formatMoney } from '../../lib/money.ts';
import { cutEnd } from '../../lib/text.ts';
import type { Handoff, HandoffNote } from '../handoff.ts';
import type { ProgressJorb, ProgressSession, SessionCounts } from '../progress.ts';
import { formatInstant } from './instant.ts';
import { renderLine } from './quote.ts';
import { disarm } from './words.ts';

/** Lines of each kind. */
const most = { notes: 8, steps: 8, learnings: 8 };
/** Characters of each text. */
const length = { name: 80, status: 600, note: 240, error: 240 };

/** One entry of the progress log: Markdown that says who reads it what each jorb handed over. */
export function renderProgressEntry(session: ProgressSession, timeZone?: string): string {
  const { jorbs, moreJorbs, counts } = session;
  const blocks = [
    renderHeading(session, timeZone),
    '### Active Jorbs',
    ...jorbs.map((jorb) => renderJorbAccount(jorb, timeZone)),
    ...(jorbs.length === 0 ? ['None.'] : []),
    ...(moreJorbs > 0 ? [`And ${moreJorbs} more.`] : []),
    '### Session Summary',
    renderCounts(counts, session.since, timeZone),
    '### Learnings',
    jorbs.flatMap(renderLearnings).join('\n') || '- none',
    renderMarker(session),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** What an entry says of one jorb, with nothing of any other: for the prompt of its own turns. */
export function renderOwnEntry(
  session: Pick<ProgressSession, 'reason' | 'days' | 'at'>,
  jorb: ProgressJorb,
  timeZone?: string,
): string {
  const learnings = renderLearnings(jorb);
  return [
    renderHeading(session, timeZone),
    renderJorbAccount(jorb, timeZone),
    ...(learnings.length > 0 ? ['Learnings:', ...learnings] : []),
  ].join('\n');
}

type Heading = Pick<ProgressSession, 'reason' | 'days' | 'at'>;

function renderHeading({ reason, days, at }: Heading, timeZone?: string): string {
  const date = formatInstant(at, timeZone).slice(0, 'YYYY-MM-DD'.length);
  const why = reason === 'interval' ? `${days ?? 1}-day reset` : 'long context';
  return `## ${date}: Session handoff (${why})`;
}

/** A reader of Markdown does not see it. */
function renderMarker({ resetId, key }: Pick<ProgressSession, 'resetId' | 'key'>): string {
  return `<!-- jorbs: end of ${resetId} ${key} -->`;
}

function renderJorbAccount({ id, name, status, account }: ProgressJorb, timeZone?: string): string {
  return [
    `**${id} – ${renderPlain(name, length.name)}** (${status.toUpperCase()})`,
    ...renderAccount(account, timeZone),
  ].join('\n');
}

function renderAccount(account: ProgressJorb['account'], timeZone: string | undefined): string[] {
  switch (account.kind) {
    case 'handoff':
      return renderHandoff(account.handoff, timeZone);
    case 'unchanged':
      return [`Status: no change since ${formatInstant(account.since, timeZone)}`];
    case 'ended':
      return ['Status: ended before it handed anything over'];
    case 'failed':
      return [
        `Status: no handoff, it goes on with the context it had: ${renderPlain(account.error, length.error)}`,
      ];
  }
}

function renderHandoff({ status, done, nextSteps }: Handoff, timeZone: string | undefined): string[] {
  const steps = nextSteps.map(({ text, at }) => {
    const when = at === null ? '' : ` (${formatInstant(at, timeZone)})`;
    return `${renderClause(text)}${when}`;
  });
  return [
    `Status: ${renderPlain(status, length.status) || 'not said'}`,
    `Progress: ${renderProgress(done)}`,
    `Next steps: ${joinFirst(steps.filter(Boolean), most.steps) || 'none'}`,
  ];
}

/** The latest; what is older stands in the entry before. */
function renderProgress(done: HandoffNote[]): string {
  const latest = done.slice(-most.notes).map(({ text }) => renderClause(text));
  const earlier = done.length - latest.length;
  return latest.filter(Boolean).join('; ') + (earlier > 0 ? ` (and ${earlier} earlier)` : '') || 'none';
}

function joinFirst(items: readonly string[], limit: number): string {
  const rest = items.length - limit;
  return [...items.slice(0, limit), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}

function renderLearnings({ id, account }: ProgressJorb): string[] {
  if (account.kind !== 'handoff') return [];
  return account.handoff.learnings
    .slice(0, most.learnings)
    .map((learning) => `- ${id}: ${renderPlain(learning, length.note)}`);
}

function renderCounts(counts: SessionCounts, since: number | null, timeZone: string | undefined): string {
  const money = counts.committed.map(formatMoney).join(' + ');
  const ends = (['created', 'completed', 'failed', 'cancelled'] as const)
    .filter((name) => counts[name] > 0)
    .map((name) => `${counts[name]} ${name}`);
  return [
    `- Since: ${since === null ? 'the beginning' : formatInstant(since, timeZone)}`,
    `- Messages received: ${renderByChannel(counts.received)}`,
    `- Messages sent: ${renderByChannel(counts.sent)}`,
    `- Jorbs: ${ends.join(', ') || 'none begun or ended'}`,
    `- Approvals: ${counts.asked} asked, ${counts.answered} answered`,
    `- Purchases: ${counts.purchases}, commitments: ${counts.commitments}${money ? ` (${money})` : ''}`,
    `- Model cost: ${counts.modelMicros === 0 ? 'none' : formatMicros(counts.modelMicros)}`,
  ].join('\n');
}

/** `12 (7 sms, 5 telegram)`. */
function renderByChannel(counts: Record<string, number>): string {
  const channels = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  const total = channels.reduce((sum, [, count]) => sum + count, 0);
  return total === 0 ? '0' : `${total} (${channels.map(([name, count]) => `${count} ${name}`).join(', ')})`;
}

/** A sentence that others follow on the same line ends without its full stop. */
function renderClause(text: string): string {
  return renderPlain(text, length.note).replace(/(?<!\.)\.$/, '');
}

/** The underscore only where it could mean something: ids stay as they are. */
const markup = /[\\`*[\]<]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/**
 * Words of anyone on one line that Markdown shows as they are: no emphasis that looks like a jorb's title, no
 * comment that hides what follows, no link and no picture. They never begin a line.
 */
function renderPlain(text: string, most: number): string {
  return disarm(renderLine(cutEnd(text.replace(/\s+/g, ' ').trim(), most), most)).replace(markup, '\\$&');
}
