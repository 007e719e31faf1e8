import type { Mailer, SmtpSettings } from '../../domain/mail.ts';
import type { Clock } from '../../lib/clock.ts';
import type { SmtpWire } from './submit.ts';

export type SmtpMailerOptions = {
  clock: Clock;
  /** How the server is reached, so that a test can stand for it. */
  wire?: Partial<SmtpWire>;
};

/** One address without a name, and nothing that could be read as two. */
const plainAddress = /^[^\s<>()[\]\\,;:"@]{1,64}@[^\s<>()[\]\\,;:"@]{1,253}$/;

/**
 * The owner's mailbox, by their own server. It knows one sender and one recipient; no mail can name
 * another. Whether a server took a mail that broke off at its end, it cannot tell.
 */
export function buildSmtpMailer(settings: SmtpSettings, options: SmtpMailerOptions): Mailer {
  const { from, to, host, port } = settings;
  for (const address of [from, to]) {
    if (!plainAddress.test(address)) throw new Error('mail needs one plain address at each end');
  }
  return {
    kind: 'smtp',
    target: `${to} by ${host.includes(':') ? `[${host}]` : host}:${port}`,
    async send(mail, signal) {
      // Loaded when first needed: most processes never send a mail.
      const [{ composeMail }, { submit }] = await Promise.all([
        import('./compose-mail.ts'),
        import('./submit.ts'),
      ]);
      return submit(await composeMail(mail, settings), settings, options, signal);
    },
    lookup: async () => ({ kind: 'unknown' }),
  };
}
