import type { NoticeFact, NoticeKind, RenderNotice } from '../../notice.ts';
import { type Html, html } from '../html.ts';
import { badge, card, list, paragraph, renderMailPage, type Tone } from '../mail-layout.ts';
import { renderLine } from '../quote.ts';
import { renderFact } from './fact.ts';
import { markUp } from './mark-up.ts';
import { renderFactSubject, renderSubject } from './subject.ts';

/** As many are told whole; of more there is a line each, and each can be asked for. */
const mostWhole = 25;

const marks: Record<NoticeKind, [word: string, tone: Tone]> = {
  approval: ['needs your answer', 'attention'],
  reminder: ['still needs your answer', 'attention'],
  pause: ['paused', 'attention'],
  complete: ['done', 'good'],
  fail: ['failed', 'bad'],
  budget: ['limit reached', 'attention'],
  late_reply: ['late reply', 'calm'],
  handoff: ['no handoff', 'quiet'],
};

const footer = [
  'Jorbs wrote this to you, and nobody else gets it. An answer to this mail is not read.',
  'Which of these a jorb sends is its notify_on; to change it, tell your assistant.',
];

/** One mail for all that happened: its two halves say the same, and nothing in it approves anything. */
export function buildRenderNotice(timeZone: () => string): RenderNotice {
  return (facts, now) => {
    const zone = timeZone();
    const subject = renderSubject(facts);
    const whole = facts.slice(0, mostWhole).map((fact) => ({ fact, text: renderFact(fact, now, zone) }));
    const rest = facts.slice(mostWhole).map((fact) => renderFactSubject(fact));
    const overview = facts.length > 1 ? facts.slice(0, mostWhole).map((fact) => renderFactSubject(fact)) : [];
    return {
      name: 'notice',
      subject,
      text: renderText({ subject, overview, texts: whole.map(({ text }) => text), rest }),
      html: renderHtml({ subject, overview, cards: whole.map(renderCard), rest }),
    };
  };
}

type Parts = { subject: string; overview: string[]; rest: string[] };

function renderText({ subject, overview, texts, rest }: Parts & { texts: string[] }): string {
  return [
    subject,
    ...(overview.length > 0 ? [overview.map((line) => `- ${line}`).join('\n')] : []),
    ...texts.map((text) => `${rule}\n\n${text}`),
    ...(rest.length > 0
      ? [`${rule}\n\n${rest.length} more:\n${rest.map((line) => `- ${line}`).join('\n')}`]
      : []),
    `${rule}\n\n${footer.join('\n')}\n`,
  ].join('\n\n');
}

const rule = '—'.repeat(20);

function renderHtml({ subject, overview, cards, rest }: Parts & { cards: Html[] }): string {
  return renderMailPage({
    title: subject,
    preheader: overview.join(' · '),
    body: [
      list(overview),
      ...cards,
      ...(rest.length > 0 ? [card({ title: `${rest.length} more`, body: [list(rest)] })] : []),
    ],
    footer: html`${footer.map((line) => paragraph(line))}`,
  });
}

function renderCard({ fact, text }: { fact: NoticeFact; text: string }): Html {
  const [word, tone] = marks[fact.kind];
  const body = markUp(text);
  return card({ title: renderLine(fact.jorb.name, 100), badge: badge(word, tone), tone, body });
}
