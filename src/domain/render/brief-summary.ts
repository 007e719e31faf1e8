import { formatMicros } from '../../lib/micros.ts';
import { formatMoney, type Money } from '../../lib/money.ts';
import { plural } from '../../lib/text.ts';
import { readDayNumber, readWallTime } from '../../lib/zone.ts';
import type { Brief } from '../brief.ts';
import { openStatuses } from '../jorb.ts';
import { formatInstant } from './instant.ts';
import { renderNeedCount } from './need-count.ts';

/** The sums of more currencies than these are counted. */
const mostCurrencies = 4;

/** `Since yesterday 18:00: 12 received, 8 sent in 3 jorbs; 1 jorb completed; 2 need you.` */
export function renderSummary(brief: Brief, timeZone = 'UTC'): string {
  const { since, now, looksBack } = brief;
  const from = since === null ? '' : nameInstant(since, now, timeZone);
  const begin = since === null ? 'So far' : looksBack ? `Looking back to ${from}` : `Since ${from}`;
  return `${begin}: ${[renderMessages(brief), ...listCounts(brief), renderNeedCount(countNeeds(brief))].join('; ')}.`;
}

export function renderMoney({ money, models }: Brief): string {
  const cost = models.costMicros > 0 ? ` Models: ${formatMicros(models.costMicros)}.` : '';
  return `Money: ${renderSum(money.committed)} committed, ${renderSum(money.reserved)} reserved.${cost}`;
}

export function renderSum(amounts: readonly Money[]): string {
  const rest = amounts.length - mostCurrencies;
  const more = rest > 0 ? [`${rest} more ${plural(rest, 'currency', 'currencies')}`] : [];
  return [...amounts.slice(0, mostCurrencies).map(formatMoney), ...more].join(' + ') || 'nothing';
}

export function renderOpen({ open }: Brief): string {
  const counts = openStatuses
    .filter((status) => open[status] > 0)
    .map((status) => `${open[status]} ${status}`);
  return `Open jorbs: ${counts.join(', ') || 'none'}.`;
}

/** How many things stand under "Needs you", shown or not. */
export function countNeeds(brief: Brief): number {
  const { approvals, failed, problems, unmatched, paused, models, more } = brief;
  const shown = [approvals, failed, problems, unmatched, paused].reduce((sum, { length }) => sum + length, 0);
  const hidden = more.approvals + more.failed + more.problems + more.unmatched + more.paused;
  return shown + hidden + (models.outage ? 1 : 0);
}

function renderMessages({ activity, jorbs, more }: Brief): string {
  const { received, sent } = activity;
  const moved = jorbs.length + more.jorbs;
  if (received + sent + moved === 0) return 'no messages';
  return `${received} received, ${sent} sent${moved > 0 ? ` in ${count(moved, 'jorb')}` : ''}`;
}

function listCounts({ activity, failures, lateReplies, more }: Brief): string[] {
  const wrong = failures.length + more.failures;
  const replies = lateReplies.length + more.lateReplies;
  const counts = [
    ...(['created', 'completed', 'failed', 'cancelled'] as const)
      .filter((name) => activity[name] > 0)
      .map((name) => `${count(activity[name], 'jorb')} ${name}`),
    ...(activity.asked > 0 ? [`${activity.asked} asked of you`] : []),
    ...(activity.refused > 0 ? [`${activity.refused} refused by the gate`] : []),
    ...(wrong > 0 ? [`${wrong} went wrong`] : []),
    ...(replies > 0 ? [`${replies} late ${plural(replies, 'reply', 'replies')}`] : []),
  ];
  return counts.length > 0 ? [counts.join(', ')] : [];
}

function count(number: number, noun: string): string {
  return `${number} ${plural(number, noun)}`;
}

/** As somebody says it on that day, by the owner's clock: `09:00 today`, `yesterday 18:00`, `2026-11-18 18:00`. */
function nameInstant(at: number, now: number, timeZone: string): string {
  const then = readWallTime(at, timeZone);
  const days = readDayNumber(now, timeZone) - readDayNumber(at, timeZone);
  const two = (part: number) => String(part).padStart(2, '0');
  const time = `${two(Math.floor(then.minutes / 60))}:${two(then.minutes % 60)}`;
  if (days === 0) return `${time} today`;
  return days === 1 ? `yesterday ${time}` : formatInstant(at, timeZone);
}
