import { countBytes, plural } from '../../../lib/text.ts';
import type { Digest, DigestMail } from '../../digest.ts';
import type { Tone } from '../mail-layout.ts';
import { renderNeedCount } from '../need-count.ts';
import { renderOutage, renderStop } from '../status.ts';
import { renderCosts } from './costs.ts';
import { computeLeastLength, fitDigest, rooms } from './fit.ts';
import { renderEvents, renderFailures, renderStories } from './happened.ts';
import { renderActive, renderEnded } from './jorbs.ts';
import { renderNeeds } from './needs.ts';
import { type Figure, faint, line, type Page, type PageSection } from './page.ts';
import { buildWhen, formatDate, type When } from './when.ts';
import { formatCount, renderCost, sum } from './words.ts';
import { writeHtml } from './write-html.ts';
import { writeText } from './write-text.ts';

/** Mail programs cut a page off beyond 102 kB. */
const mostBytes = 88_000;

/** The mail of one day. Its two halves are written from one page; where much happened the details get less room. */
export function renderDigest(digest: Digest, timeZone: string): DigestMail {
  const subject = renderSubject(digest);
  const preheader = renderPreheader(digest);
  const when = buildWhen(digest.date, timeZone);
  for (const [index, room] of rooms.entries()) {
    const isLast = index === rooms.length - 1;
    if (!isLast && computeLeastLength(digest, room) > mostBytes) continue;
    const page = composePage(fitDigest(digest, room), when, timeZone);
    const html = writeHtml(page, preheader);
    if (isLast || countBytes(html) <= mostBytes) return { subject, text: writeText(page), html };
  }
  throw new Error('there is no room at all');
}

function renderSubject({ date, needs }: Pick<Digest, 'date' | 'needs'>): string {
  return `Jorbs daily summary – ${date}${needs > 0 ? ` · ${renderNeedCount(needs)}` : ''}`;
}

/** What stands beside the subject in a list of mails. */
function renderPreheader({ approvals, activity, ended, more }: Digest): string {
  return [
    `${approvals.length + more.approvals} to approve`,
    `${ended.length + more.ended} finished`,
    `${activity.received} received, ${activity.sent} sent`,
  ].join(' · ');
}

function composePage(digest: Digest, when: When, timeZone: string): Page {
  const { since, until, date } = digest;
  return {
    title: formatDate(date),
    subtitle: `${since === null ? 'From the beginning' : `From ${when(since)}`} to ${when(until)}, ${timeZone} time.`,
    figures: renderFigures(digest),
    sections: [
      ...renderState(digest, timeZone),
      ...renderNeeds(digest, when, timeZone),
      ...renderEnded(digest, when),
      ...renderActive(digest, when),
      ...renderFailures(digest, when),
      ...renderEvents(digest, when),
      ...renderStories(digest, when),
      ...renderCosts(digest, when),
    ],
    footer: renderFooter(digest),
  };
}

function renderFigures({ needs, open, activity, costs }: Digest): Figure[] {
  const happened = (number: number, label: string, tone?: Tone): Figure[] =>
    number > 0 ? [{ figure: formatCount(number), label, ...(tone && { tone }) }] : [];
  return [
    {
      figure: formatCount(needs),
      label: plural(needs, 'needs you', 'need you'),
      ...(needs > 0 && { tone: 'attention' }),
    },
    { figure: formatCount(open.planning + open.running + open.paused), label: 'open' },
    ...happened(activity.completed, 'completed', 'good'),
    ...happened(activity.failed, 'failed', 'bad'),
    ...happened(activity.received, 'received'),
    ...happened(activity.sent, 'sent'),
    ...(costs.settled.length > 0 ? [{ figure: sum(costs.settled), label: 'committed' }] : []),
    ...(costs.modelTotal.calls > 0 ? [{ figure: renderCost(costs.modelTotal), label: 'for models' }] : []),
  ];
}

/** What holds everything up comes before all else. */
function renderState({ stopped, outage }: Digest, timeZone: string): PageSection[] {
  const cards = [
    ...(stopped
      ? [
          {
            title: 'Everything is stopped',
            badge: { text: 'stopped', tone: 'bad' as const },
            note: [],
            blocks: [line(renderStop(stopped, timeZone)), line('To go on: ', { command: 'jorbs resume' })],
          },
        ]
      : []),
    ...(outage
      ? [
          {
            title: 'The model does not answer',
            badge: { text: 'down', tone: 'bad' as const },
            note: [],
            blocks: [line(`It ${renderOutage(outage, timeZone)}.`)],
          },
        ]
      : []),
  ];
  return cards.length > 0 ? [{ title: 'At a standstill', cards }] : [];
}

function renderFooter({ date, since, open, activity }: Digest): Page['footer'] {
  const counts = Object.entries(open)
    .filter(([, number]) => number > 0)
    .map(([status, number]) => `${formatCount(number)} ${status}`);
  const did = [
    ...(activity.created > 0 ? [`${formatCount(activity.created)} created`] : []),
    ...(activity.cancelled > 0 ? [`${formatCount(activity.cancelled)} cancelled`] : []),
    ...(activity.asked > 0 ? [`${formatCount(activity.asked)} asked of you`] : []),
    ...(activity.refused > 0 ? [`${formatCount(activity.refused)} refused by the gate`] : []),
  ];
  return [
    faint(
      `All jorbs ever: ${counts.join(', ') || 'none'}.${did.length > 0 ? ` ${since === null ? 'So far' : 'Since the last summary'}: ${did.join(', ')}.` : ''}`,
    ),
    faint(
      'Read it again: ',
      { command: `jorbs digest --date ${date}` },
      '. Words of others are quoted as they came. Nothing in this mail approves anything, and an answer to it is not read.',
    ),
  ];
}
