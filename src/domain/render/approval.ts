import { formatDuration } from '../../lib/duration.ts';
import type { Payload } from '../action.ts';
import { type Approval, type ApprovalAnswer, answersFor } from '../approval.ts';
import { addressKey } from '../contact.ts';
import type { Consequence } from '../contract.ts';
import { type Extension, formatOpenDays } from '../extension.ts';
import { renderContract } from './contract.ts';
import { formatInstant } from './instant.ts';
import { renderPrice } from './price.ts';
import { renderExact, renderLine, renderQuote, renderQuoted } from './quote.ts';

/** The counterparty's last words are context, not what is approved: a long text is cut in its middle. */
const quoteLength = 1200;

const answerWords: Record<ApprovalAnswer['kind'], string> = {
  accept: 'accept',
  edit: 'edit (with another text)',
  decline: 'decline (with or without a reason)',
  answer: 'answer (with your words)',
};

/**
 * One question to the owner, whole: exactly what would be sent, to whom, for how much, why it asks,
 * and what can be answered. Drawn from the bytes that are hashed; no word in it is a model's summary.
 */
export function renderApproval(approval: Approval, now: number, timeZone?: string): string {
  const { action, jorb, quote } = approval;
  const parts = [
    [
      `${approval.id}: ${heading(action.payload)}`,
      `Jorb: ${jorb.id} “${renderLine(jorb.name, 100)}” (${jorb.status})`,
    ],
    renderPayload(approval, timeZone),
    action.findings.length === 0
      ? []
      : [
          'Why it asks:',
          ...action.findings.map(
            ({ consequence, because }) => `- ${renderClass(consequence)}${renderLine(because, 300)}`,
          ),
        ],
    quote
      ? [
          `The last words of ${renderLine(quote.from, 100)} (${quote.eventId}), quoted:`,
          renderQuote(quote.text, quoteLength),
        ]
      : [],
    [renderState(approval, now, timeZone)],
  ];
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}

/** What is asked, on one line, for lists. */
export function renderApprovalLine(approval: Approval, length = 240, timeZone?: string): string {
  const { payload } = approval.action;
  if (payload.kind === 'ask_owner') return `asks you: ${renderQuoted(payload.question, length)}`;
  if (payload.kind === 'change_contract') {
    if (payload.extension)
      return `asks whether it may go on: ${renderExtension(approval, payload.extension, timeZone)}`;
    const because = approval.action.findings.map((finding) => finding.because).join('; ');
    return `wants a wider contract: ${renderLine(because, length)}`;
  }
  const price = payload.price ? ` for ${renderPrice(payload.price)}` : '';
  return `wants to write to ${recipient(approval)}${price}: ${renderQuoted(payload.text, length)}`;
}

function heading(payload: Payload): string {
  switch (payload.kind) {
    case 'send_message':
      return payload.price ? 'may this message be sent, at this price?' : 'may this message be sent for you?';
    case 'ask_owner':
      return 'the agent has a question for you';
    case 'change_contract':
      if (payload.extension) return 'may this jorb go on?';
      return payload.startAfter
        ? 'may this jorb start with these limits?'
        : 'may this jorb have these limits from now on?';
  }
}

function renderPayload(approval: Approval, timeZone: string | undefined): string[] {
  const { payload } = approval.action;
  switch (payload.kind) {
    case 'send_message':
      return [
        `To: ${recipient(approval)}`,
        ...(payload.price ? [`Price: ${renderPrice(payload.price)}`] : []),
        'Text, exactly:',
        renderExact(payload.text),
      ];
    case 'ask_owner':
      return ['Its question:', renderExact(payload.question)];
    case 'change_contract':
      return [
        ...(payload.extension ? [renderExtension(approval, payload.extension, timeZone)] : []),
        payload.extension ? 'Its limits stay as they are:' : 'The limits, in full:',
        ...renderContract(payload.contract, payload.counterparties, timeZone).map((line) => `- ${line}`),
      ];
  }
}

/** What is asked once a jorb has been open for long; the same words wherever it is asked. */
export function renderExtension(
  { askedAt }: Pick<Approval, 'askedAt'>,
  extension: Extension,
  timeZone?: string,
): string {
  const open = `It has been open for ${formatOpenDays(extension, askedAt)} (since ${formatInstant(extension.since, timeZone)}).`;
  return `${open} Let it go on until ${formatInstant(extension.until, timeZone)}?`;
}

function recipient({ action, recipientName }: Approval): string {
  if (action.payload.kind !== 'send_message') return 'nobody';
  const key = renderLine(addressKey(action.payload.to), 150);
  return recipientName ? `${renderLine(recipientName, 100)} (${key})` : key;
}

function renderState(approval: Approval, now: number, timeZone: string | undefined): string {
  const { status, expiresAt, answeredAt, answerText, confirmedBy, voidReason } = approval;
  if (status === 'pending') {
    if (expiresAt <= now) return `Its time was up ${formatInstant(expiresAt, timeZone)}.`;
    const answers = answersFor[approval.action.payload.kind].map((kind) => answerWords[kind]).join(', ');
    return [
      `Answer until ${formatInstant(expiresAt, timeZone)} (${formatDuration(expiresAt - now)} left): ${answers}.`,
      'extension' in approval.action.payload
        ? 'It does nothing more before you say yes, and fails without a yes until then.'
        : 'Nothing of it happens before you say yes.',
    ].join('\n');
  }
  const when = answeredAt === null ? '' : ` ${formatInstant(answeredAt, timeZone)}`;
  const by = confirmedBy ? `, confirmed by ${confirmedBy}` : '';
  const why = voidReason ? `: ${renderLine(voidReason, 300)}` : '';
  const words = answerText ? `\nYour words:\n${renderExact(answerText)}` : '';
  return `${status[0]?.toUpperCase()}${status.slice(1)}${when}${by}${why}.${words}`;
}

/** A question or a wider contract is of no class: its reason stands alone. */
export function renderClass(consequence: Consequence): string {
  return consequence === 'none' ? '' : `${consequence.replaceAll('_', ' ')}: `;
}
