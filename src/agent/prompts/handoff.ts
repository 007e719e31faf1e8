import type { Handoff } from '../../domain/handoff.ts';
import { formatInstant } from '../../domain/render/instant.ts';
import { quoteLines } from '../../domain/render/marked-quote.ts';
import { cleanLine } from '../../domain/render/words.ts';
import type { TurnContext } from '../../domain/turn.ts';
import { listFirst } from './sections.ts';
import { sizes } from './sizes.ts';
import { findStart } from './window.ts';

const longestLine = 300;
const shortestLine = 30;
const mostIds = 4;

/** One line, and what is never cut of it. */
type Line = { text: string; end: string };

/**
 * What the last context handed over, and what the progress log says of the times before: nothing for an errand
 * in its first context. A model wrote it and may have had it from others, so that it stands in a quote.
 */
export function renderHandoff({ handoff, progress, quoteMark: mark }: TurnContext): string[] {
  if (handoff === null) return [];
  const { id, at, body } = handoff;
  return [
    [
      '# Handoff from your last context',
      `It tells what was known at ${formatInstant(at)}, in words of yours that may repeat words of others. The contract stands above; open promises and questions to the owner stand below as they are now.`,
      '',
      quoteLines(id, renderBody(body, mark), mark),
      ...renderProgress(progress, mark),
    ].join('\n'),
  ];
}

function renderBody(body: Handoff, mark: string): string[] {
  const notes = (of: Handoff['done']): Line[] => of.map(({ text, ids }) => ({ text, end: renderIds(ids) }));
  const parts: [string, Line[]][] = [
    ['done', notes(body.done)],
    ['open questions', notes(body.openQuestions)],
    ['facts', notes(body.facts)],
    ['decisions', notes(body.decisions)],
    [
      'next steps',
      body.nextSteps.map(({ text, at }) => ({ text, end: at === null ? '' : ` (${formatInstant(at)})` })),
    ],
    ['learnings', body.learnings.map((text) => ({ text, end: '' }))],
  ];
  const lines = parts.flatMap(([, of]) => of);
  const room = sizes.handoff - sizes.remarks - lines.reduce((sum, { end }) => sum + end.length + 6, 0);
  const share = Math.floor((room - sizes.status) / Math.max(1, lines.length));
  const most = Math.max(shortestLine, Math.min(longestLine, share));
  const render = ({ text, end }: Line) => `- ${fitLine(text, mark, most)}${end}`;
  return [
    `status: ${fitLine(body.status, mark, sizes.status)}`,
    ...parts.flatMap(([title, of]) => (of.length === 0 ? [] : [`${title}:`, ...of.map(render)])),
    ...renderRemarks(body, mark),
  ];
}

/** Promises and approvals stand elsewhere as they are now; what was remarked on them stands only here. */
function renderRemarks({ promises, approvals }: Handoff, mark: string): string[] {
  const remarks = [...promises, ...approvals].flatMap(({ id, remark }) =>
    remark === null ? [] : [`- ${id}: ${fitLine(remark, mark, longestLine)}`],
  );
  return remarks.length === 0 ? [] : ['remarks:', ...listFirst(remarks, sizes.remarks, 'remarks')];
}

/** In characters as the prompt is measured: a picture is several. */
function fitLine(text: string, mark: string, most: number): string {
  const line = cleanLine(text, mark, most);
  return line.length <= most ? line : cleanLine(text, mark, Math.floor((most * most) / line.length));
}

function renderIds(ids: readonly string[]): string {
  return ids.length === 0 ? '' : ` (${ids.slice(0, mostIds).join(', ')})`;
}

function renderProgress(progress: readonly string[], mark: string): string[] {
  const lines = progress.map((line) => fitLine(line, mark, longestLine));
  const start = findStart(
    lines.map(({ length }) => length + 3),
    sizes.progress,
  );
  const kept = lines.slice(start);
  if (kept.length === 0) return [];
  return ['', 'From the progress log, before that:', quoteLines('progress', kept, mark)];
}
