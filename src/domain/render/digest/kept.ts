import type { KeptDigest } from '../../digest.ts';
import type { Mailer } from '../../mail.ts';
import { formatInstant } from '../instant.ts';
import { renderLine } from '../quote.ts';

/** What became of the mail of a digest: `Sent 2026-11-20 08:00Z to you@example.com by smtp.example.com:587.` */
export function renderDigestMail(
  { mail }: Pick<KeptDigest, 'mail'>,
  { kind, target }: Pick<Mailer, 'kind' | 'target'>,
  timeZone: string,
): string {
  const { status, queuedAt, sentAt, attempts, error, receipt } = mail;
  const why = error ? `: ${renderLine(error, 200)}` : '';
  const to = `to ${renderLine(target, 300)}`;
  switch (status) {
    case 'queued':
      return `Not sent yet, queued ${formatInstant(queuedAt, timeZone)}${attempts > 0 ? `, tried ${attempts} times${why}` : ''}.`;
    case 'sending':
      return `Being sent ${to}.`;
    case 'sent': {
      const at = formatInstant(sentAt ?? queuedAt, timeZone);
      return kind === 'folder'
        ? `Written ${at} to ${renderLine(receipt ?? target, 300)}.`
        : `Sent ${at} ${to}.`;
    }
    case 'unknown':
      return `It may or may not have been sent ${to}${why}. It is not sent again.`;
    case 'failed':
      return `It was not sent ${to}${why}.`;
  }
}
