import { renderExact, renderQuote, renderQuoted } from '../quote.ts';
import type { Amount, Block, Line, Look, Page, PageCard, PageSection, Span } from './page.ts';

/** Amounts stand under each other up to here. */
const widestLabel = 52;

/** The page as plain text. Words of others begin every line with `> ` or stand between quotation marks. */
export function writeText({ title, subtitle, figures, sections, footer }: Page): string {
  const lead = [
    `${title}\n${'='.repeat([...title].length)}`,
    subtitle,
    figures.map(({ figure, label }) => `${figure} ${label}`).join(' · '),
  ].join('\n');
  return `${[lead, ...sections.map(writeSection), ['--', ...footer.map(writeBlock)].join('\n')].join('\n\n\n')}\n`;
}

function writeSection({ title, note, cards = [], blocks = [] }: PageSection): string {
  const heading = title.toUpperCase();
  const head = [heading, '-'.repeat([...heading].length), ...(note ? [note] : [])].join('\n');
  return [head, ...cards.map(writeCard), ...(blocks.length > 0 ? [writeBlocks(blocks)] : [])].join('\n\n');
}

function writeCard({ title, badge, note, blocks }: PageCard): string {
  const head = `* ${title} [${badge.text}]\n${note.join(' · ')}`;
  return blocks.length > 0 ? `${head}\n${writeBlocks(blocks)}` : head;
}

/** What begins something new has a free line before it. */
function writeBlocks(blocks: readonly Block[]): string {
  return blocks
    .map((block, index) => {
      const before = blocks[index - 1];
      const isFree = begins(block) && before !== undefined && lookOf(before) !== 'title';
      return isFree ? `\n${writeBlock(block)}` : writeBlock(block);
    })
    .join('\n');
}

function begins(block: Block): boolean {
  return ['head', 'title', 'answer'].includes(lookOf(block) ?? '');
}

function lookOf(block: Block | undefined): Look | undefined {
  return block?.kind === 'line' ? block.look : undefined;
}

function writeBlock(block: Block): string {
  switch (block.kind) {
    case 'line':
      return block.look === 'title' ? `${writeLine(block.line)}:` : writeLine(block.line);
    case 'list':
      return block.items.map((item) => `- ${writeLine(item)}`).join('\n');
    case 'quote':
      return renderQuote(block.text);
    case 'exact':
      return renderExact(block.text);
    case 'amounts':
      return writeAmounts(block.rows);
  }
}

function writeAmounts(rows: readonly Amount[]): string {
  const labels = rows.map(({ label }) => writeLine(label));
  const width = Math.min(widestLabel, Math.max(...labels.map((label) => label.length)));
  const digits = Math.max(...rows.map(({ amount }) => amount.length));
  return rows
    .flatMap(({ amount, detail }, index) => [
      `${(labels[index] ?? '').padEnd(width)}  ${amount.padStart(digits)}`.trimEnd(),
      ...(detail ? [`  ${detail}`] : []),
    ])
    .join('\n');
}

function writeLine(line: Line): string {
  return line.map(writeSpan).join('');
}

function writeSpan(span: Span): string {
  if (typeof span === 'string') return span;
  if ('bold' in span) return span.bold;
  return 'command' in span ? `\`${span.command}\`` : renderQuoted(span.quoted, Number.POSITIVE_INFINITY);
}
