import { formatMoney } from '../../../lib/money.ts';
import { formatShare } from '../../../lib/share.ts';
import type { Price } from '../../action.ts';
import type { Digest, DigestApproval, DigestUnmatched } from '../../digest.ts';
import { waitsUnasked } from '../../jorb.ts';
import { renderClass, renderExtension } from '../approval.ts';
import { renderContract } from '../contract.ts';
import { renderPrice } from '../price.ts';
import { renderLine } from '../quote.ts';
import { cardOfJorb } from './jorbs.ts';
import {
  answer,
  type Block,
  faint,
  head,
  items,
  line,
  type PageCard,
  type PageSection,
  title,
} from './page.ts';
import type { When } from './when.ts';
import { formatCount, nameContact, nameJorb, noteCut, noteMore, renderName, showMessages } from './words.ts';

/** What waits for the owner, with exactly what is asked and how to answer. */
export function renderNeeds(digest: Digest, when: When, timeZone: string): PageSection[] {
  const { needs, approvals, active, problems, unmatched, more } = digest;
  if (needs === 0) return [{ title: 'Nothing needs you', note: 'Nothing waits for your answer.' }];
  const review = { command: 'review approvals' };
  return [
    {
      title: `Needs you (${formatCount(needs)})`,
      cards: [
        ...approvals.map((approval) => renderApproval(approval, when, timeZone)),
        ...active.filter(({ pauseCause }) => waitsUnasked(pauseCause)).map((jorb) => cardOfJorb(jorb, when)),
        ...problems.filter(({ kind }) => kind === 'unknown').map((each) => renderProblem(each, when)),
        ...unmatched.map((each) => renderUnmatched(each, when)),
      ],
      blocks: [
        ...noteMore(more.approvals, 'approval', 'say to your assistant ', review),
        ...noteMore(more.unmatched, 'unmatched message', { command: 'jorbs inbox' }),
      ],
    },
  ];
}

function renderApproval(approval: DigestApproval, when: When, timeZone: string): PageCard {
  const { id, jorb, asked, because, quote, askedAt, expiresAt } = approval;
  const approve = { command: `jorbs approve ${id}` };
  return {
    title: askedWords(asked),
    badge: { text: id, tone: 'attention' },
    note: [nameJorb(jorb), `asked ${when(askedAt)}`],
    blocks: [
      ...renderAsked(approval, timeZone),
      ...(because.length > 0 ? [title('Why it asks')] : []),
      ...items(
        because.map(({ consequence, text }) => [`${renderClass(consequence)}${renderLine(text, 300)}`]),
      ),
      ...(quote
        ? [
            head(`${renderName(quote.from)} wrote last (${quote.eventId}):`),
            { kind: 'quote' as const, text: quote.text.text },
            ...noteCut(quote.text, showMessages(jorb.id, 50)),
          ]
        : []),
      answer('Answer by ', { bold: when(expiresAt) }, ': ', approve, ', or say to your assistant: ', {
        command: 'review approvals',
      }),
    ],
  };
}

function askedWords(asked: DigestApproval['asked']): string {
  switch (asked.kind) {
    case 'send':
      return asked.price ? 'May this be sent, at this price?' : 'May this be sent for you?';
    case 'question':
      return 'A question for you';
    case 'contract':
      return asked.extension ? 'May this jorb go on?' : 'May this jorb have these limits?';
  }
}

function renderAsked({ id, asked, askedAt }: DigestApproval, timeZone: string): Block[] {
  if (asked.kind === 'contract') {
    const { contract, names, extension } = asked;
    const limits = renderContract(contract, names, timeZone).map((limit) => [renderLine(limit, 600)]);
    return [
      ...(extension ? [line(renderExtension({ askedAt }, extension, timeZone))] : []),
      title(extension ? 'Its limits stay as they are' : 'The limits, in full'),
      ...items(limits),
    ];
  }
  const exact: Block = { kind: 'exact', text: asked.text.text };
  const cut = noteCut(asked.text, `jorbs approve ${id}`);
  if (asked.kind === 'question') return [exact, ...cut];
  return [
    line('To ', { bold: nameContact(asked.to, asked.name) }),
    ...(asked.price ? [renderAmount(asked.price)] : []),
    exact,
    ...cut,
  ];
}

/** The whole price apart from how it comes about, so that it meets the eye. */
function renderAmount(price: Price): Block {
  const detail = renderLine(renderPrice(price), 120);
  const amount = formatMoney(price);
  const row = { label: ['Price'], amount, isTotal: true, ...(detail === amount ? {} : { detail }) };
  return { kind: 'amounts', rows: [row] };
}

export function renderProblem(problem: Digest['problems'][number], when: When): PageCard {
  const { id, jorbId, kind, to, text, error, at } = problem;
  const isUnknown = kind === 'unknown';
  return {
    title: isUnknown ? 'Was this sent?' : 'This was not sent',
    badge: isUnknown ? { text: 'unknown', tone: 'attention' } : { text: 'failed', tone: 'bad' },
    note: [`to ${renderName(to, 200)}`, id, jorbId, when(at)],
    blocks: [
      ...(error ? [line('What came back: ', { quoted: renderLine(error, 200) })] : []),
      { kind: 'exact', text: text.text },
      ...noteCut(text, showMessages(jorbId, 50)),
      ...(isUnknown
        ? [
            faint(
              'It may or may not have arrived, and is not sent again by itself: ask them, or look there yourself.',
            ),
          ]
        : []),
    ],
  };
}

function renderUnmatched(item: DigestUnmatched, when: When): PageCard {
  const { id, contactName, text, at, reason, suggestion, candidates } = item;
  const assign = (jorb: string) => ({ command: `jorbs assign ${id} ${jorb}` });
  return {
    title: 'Which jorb is this message for?',
    badge: { text: 'unmatched', tone: 'attention' },
    note: [`from ${nameContact(item, contactName)}`, id, when(at)],
    blocks: [
      { kind: 'quote', text: text.text },
      ...noteCut(text, 'jorbs inbox'),
      faint(`Why it waits: ${renderLine(reason, 300)}`),
      ...(suggestion
        ? [
            line(
              `Perhaps ${nameJorb(suggestion)}, ${formatShare(suggestion.confidence)} sure: `,
              { quoted: renderLine(suggestion.reason, 200) },
              ' ',
              assign(suggestion.id),
            ),
          ]
        : []),
      ...items(
        candidates
          .filter((each) => each.id !== suggestion?.id)
          .map((each) => [`${nameJorb(each)}: `, assign(each.id)]),
      ),
    ],
  };
}
