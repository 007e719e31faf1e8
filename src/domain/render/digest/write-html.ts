import { type Html, html, nothing } from '../html.ts';
import {
  badge,
  card,
  command,
  exactly,
  list,
  paragraph,
  quote,
  renderMailPage,
  section,
} from '../mail-layout.ts';
import { renderQuoted } from '../quote.ts';
import type { Amount, Block, Line, Page, PageCard, PageSection, Span } from './page.ts';

/** The page as HTML. */
export function writeHtml({ title, subtitle, figures, sections, footer }: Page, preheader: string): string {
  const lead = html`<p class="note">${subtitle}</p>
<p class="figures">${figures.map(({ figure, label, tone }) => html`<span class="figure ${tone ?? 'plain'}"><b>${figure}</b> ${label}</span> `)}</p>`;
  return renderMailPage({
    title,
    lead,
    preheader,
    body: sections.map(writeSection),
    footer: html`${footer.map(writeBlock)}`,
  });
}

function writeSection({ title, note, cards = [], blocks = [] }: PageSection): Html {
  // What only says that there is more needs no frame.
  const isNote = blocks.every((block) => block.kind === 'line' && block.look === 'faint');
  const written = html`${blocks.map(writeBlock)}`;
  const rest = isNote ? [written] : [html`<div class="card quiet">${written}</div>`];
  return section(title, [...cards.map(writeCard), ...rest], note);
}

function writeCard({ title, badge: mark, note, blocks }: PageCard): Html {
  return card({
    title,
    badge: badge(mark.text, mark.tone),
    note: note.join(' · '),
    tone: mark.tone,
    body: blocks.map(writeBlock),
  });
}

function writeBlock(block: Block): Html {
  switch (block.kind) {
    case 'line':
      return writeParagraph(block);
    case 'list':
      return list(block.items.map(writeLine));
    case 'quote':
      return quote(block.text);
    case 'exact':
      return exactly(block.text);
    case 'amounts':
      return html`<table>${block.rows.map(writeAmount)}</table>`;
  }
}

function writeParagraph({ line, look }: Extract<Block, { kind: 'line' }>): Html {
  switch (look) {
    case 'plain':
      return paragraph(writeLine(line));
    case 'faint':
      return paragraph(writeLine(line), 'note');
    case 'head':
      return html`<p class="who">${writeLine(line)}</p>`;
    case 'answer':
      return html`<p class="answer">${writeLine(line)}</p>`;
    case 'title':
      return html`<h4>${writeLine(line)}</h4>`;
  }
}

function writeAmount({ label, detail, amount, isTotal = false }: Amount): Html {
  const name = html`${writeLine(label)}${detail ? html`<br><span class="note">${detail}</span>` : nothing}`;
  return html`<tr class="${isTotal ? 'total' : 'row'}"><td>${name}</td><td class="amount" align="right">${amount}</td></tr>`;
}

function writeLine(line: Line): Html {
  return html`${line.map(writeSpan)}`;
}

function writeSpan(span: Span): Html {
  if (typeof span === 'string') return html`${span}`;
  if ('bold' in span) return html`<b>${span.bold}</b>`;
  if ('command' in span) return command(span.command);
  return html`<bdi>${renderQuoted(span.quoted, Number.POSITIVE_INFINITY)}</bdi>`;
}
