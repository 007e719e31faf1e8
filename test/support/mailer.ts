import type { SendOutcome } from '../../src/domain/channel.ts';
import type { Mail, Mailer } from '../../src/domain/mail.ts';

/** The owner's mailbox: it outlives the processes that write to it. */
export type Mailbox = {
  mails: Mail[];
  mailer: Mailer;
  /** What becomes of the next mail; by default it arrives. */
  answer: (mail: Mail) => SendOutcome;
};

export function buildMailbox(): Mailbox {
  const mailbox: Mailbox = {
    mails: [],
    answer: ({ key }) => ({ kind: 'sent', receipt: `250 ${key}` }),
    mailer: {
      kind: 'smtp',
      target: 'owner@example.com by a mailbox in memory',
      async send(mail) {
        const outcome = mailbox.answer(mail);
        if (outcome.kind === 'sent' || outcome.kind === 'unknown') mailbox.mails.push(mail);
        return outcome;
      },
      lookup: async () => ({ kind: 'unknown' }),
    },
  };
  return mailbox;
}
