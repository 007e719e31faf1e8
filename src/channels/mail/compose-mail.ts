import MailComposer from 'nodemailer/lib/mail-composer';
import type { Mail, SmtpSettings } from '../../domain/mail.ts';
import { sha256 } from '../../lib/canonical.ts';
import { cleanText, shorten } from '../../lib/text.ts';

const longestSubject = 250;

/** The bytes of a mail, the same for every attempt: both parts, and nothing that is fetched from anywhere. */
export async function composeMail(
  { key, subject, text, html, queuedAt }: Mail,
  { from, to }: Pick<SmtpSettings, 'from' | 'to'>,
): Promise<Buffer> {
  const message = new MailComposer({
    from: { name: 'Jorbs', address: from },
    to: { name: '', address: to },
    subject: shorten(cleanText(subject).replace(/\s+/g, ' ').trim(), longestSubject),
    date: new Date(queuedAt),
    messageId: `<${key}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    // RFC 3834: no machine is to answer it.
    headers: { 'Auto-Submitted': 'auto-generated' },
    text: { content: text, contentTransferEncoding: 'quoted-printable' },
    html: { content: html, contentTransferEncoding: 'quoted-printable' },
    boundaryPrefix: 'jorbs',
    baseBoundary: sha256(key).slice(0, 32),
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const { from: senders = [], to: recipients = [], ...others } = message.getAddresses();
  if (senders.length !== 1 || recipients.length !== 1 || Object.keys(others).length > 0) {
    throw new Error('a mail has one sender and one recipient');
  }
  return message.build();
}
