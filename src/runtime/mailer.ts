import type { SendOutcome } from '../domain/channel.ts';
import type { Fence } from '../domain/fence.ts';
import type { Mail, Mailer } from '../domain/mail.ts';
import type { Store } from '../domain/store.ts';
import { computeBackoff } from '../lib/backoff.ts';
import { dayMs, formatDuration, hourMs, minuteMs } from '../lib/duration.ts';
import { buildHandOver, type HandOverDeps } from './hand-over.ts';
import type { Stage } from './stage.ts';

export type MailerDeps = HandOverDeps & {
  store: Pick<Store, 'claimMail' | 'settleMail'>;
  mailer: Mailer;
};

export const longestMailDelayMs = hourMs;
const backoff = { firstMs: minuteMs, longestMs: longestMailDelayMs };
const longestMs = dayMs;
/** A machine that slept, or whose clock was set, has not tried for a day because a day has passed. */
const fewestAttempts = 8;

/** Hands queued mails to the owner's mailbox, one at a time. */
export function buildMailer(deps: MailerDeps, fence: Fence, signal: AbortSignal): Stage {
  const { store, mailer } = deps;
  return buildHandOver<Mail>(
    {
      name: 'mailer',
      points: { claimed: 'mail.claimed', sent: 'mail.sent', settled: 'mail.settled' },
      // Beyond what the mailer allows itself: it knows better what came of a mail that took too long.
      patienceMs: 3 * minuteMs,
      wireOf: () => 'the mail server',
      claim: (now) => store.claimMail(fence, now),
      send: (mail, ending) => mailer.send(mail, ending),
      limit: giveUp,
      settle: ({ id, attempts }, outcome, now) =>
        store.settleMail(fence, id, outcome, now + computeMailDelay(attempts), now),
    },
    deps,
    signal,
  );
}

/** `attempts` counts the one that just failed. */
export function computeMailDelay(attempts: number): number {
  return computeBackoff(Math.max(0, attempts - 1), backoff);
}

function giveUp(outcome: SendOutcome, { attempts, queuedAt }: Mail, now: number): SendOutcome {
  const age = now - queuedAt;
  if (outcome.kind !== 'retry' || age < longestMs || attempts < fewestAttempts) return outcome;
  return { kind: 'failed', error: `${outcome.error} (given up after ${formatDuration(age)})` };
}
