import type { LookupOutcome, SendOutcome } from './channel.ts';
import type { Fence } from './fence.ts';
import type { MailId } from './ids.ts';
import type { OutboxStatus } from './message.ts';

export const mailKinds = ['digest', 'notice'] as const;
export type MailKind = (typeof mailKinds)[number];

/** What is written to the owner. `html` and `text` say the same; `name` is for files: `digest-2026-11-20`. */
export type NewMail = { kind: MailKind; name: string; subject: string; text: string; html: string };

/** An email to the owner. It has no address: the mailer knows one. */
export type Mail = Omit<NewMail, 'name'> & {
  id: MailId;
  /** Its name, a dot and a random part; the left part of its Message-ID. The same for every attempt. */
  key: string;
  status: OutboxStatus;
  attempts: number;
  queuedAt: number;
  sentAt: number | null;
  error: string | null;
};

/**
 * The way to the owner, and to nobody else. Built by `app.ts`, driven by the runtime alone; the same rules
 * as for a channel: `send` hands over once, does not retry and never throws for what the wire does.
 */
export type Mailer = {
  /** `folder`: there is no SMTP, so digests are written to the data folder and nothing else is. */
  kind: 'smtp' | 'folder';
  /** Where mails go, for the status: `you@example.com by smtp.example.com:587`. */
  target: string;
  send(mail: Mail, signal: AbortSignal): Promise<SendOutcome>;
  lookup(mail: Mail): Promise<LookupOutcome>;
};

/** How the owner is written to, and by which server. */
export type SmtpSettings = {
  host: string;
  port: number;
  /** Null: the server wants no login. */
  login: { user: string; password: string } | null;
  from: string;
  to: string;
};

/** What the status tells of mails. */
export type MailStatus = {
  queued: number;
  unknown: number;
  failed: number;
  lastSentAt: number | null;
  /** What is wrong with the newest that did not arrive; null once a later one has. */
  error: string | null;
};

export type MailStore = {
  /** Takes one mail that is due, the longest waiting first. Not held by the stop switch: it is how the owner hears of it. */
  claimMail(fence: Fence, now: number): Promise<Mail | undefined>;
  /** Writes what came of it, once: what stands, stands. `retryAt` is for a `retry`. */
  settleMail(fence: Fence, id: MailId, outcome: SendOutcome, retryAt: number, now: number): Promise<void>;
  /** Mails that an earlier epoch left in `sending`: each may have been accepted. */
  listUncertainMails(fence: Fence): Promise<Mail[]>;
  readMailStatus(): Promise<MailStatus>;
};
