import { and, eq, lt, lte, min, sql } from 'drizzle-orm';
import type { SendOutcome } from '../domain/channel.ts';
import type { Mail, MailStore } from '../domain/mail.ts';
import { lazy } from '../lib/lazy.ts';
import type { AppendAudit } from './audit.ts';
import { given, isWord, slot } from './clauses.ts';
import { type Db, read } from './connection.ts';
import { buildReadMailStatus } from './mail-status.ts';
import type { StoreParts } from './parts.ts';
import { toId, toRow } from './rows.ts';
import { mail } from './tables/mail.ts';

/** The owner's part of the outbox, on its way to the wire. */
export function buildMailStore(db: Db, parts: StoreParts): MailStore {
  const sending = lazy(() => buildSending(db, parts));
  const status = lazy(() => buildReadMailStatus(db));
  return {
    claimMail: (...given) => sending().claimMail(...given),
    settleMail: (...given) => sending().settleMail(...given),
    listUncertainMails: (fence) => sending().listUncertainMails(fence),
    readMailStatus: () => read(db, () => status()()),
  };
}

/** When a queued mail may leave. The stop switch does not hold it. */
export function buildMailDue(db: Db) {
  return [
    db
      .select({ at: min(mail.availableAt) })
      .from(mail)
      .where(isWord(mail.status, 'queued'))
      .prepare(),
  ];
}

/** Only the one process that runs prepares these statements. */
function buildSending(db: Db, { audit, fenced }: StoreParts): Omit<MailStore, 'readMailStatus'> {
  const rows = buildMailRows(db);
  return {
    claimMail: (fence, now) =>
      fenced(fence, () => {
        const due = rows.findDue(now);
        return due && toMail(rows.lease(due, fence.epoch));
      }),
    settleMail: (fence, id, outcome, retryAt, now) =>
      fenced(fence, () => {
        const row = rows.findById(toRow(id));
        if (!row) throw new Error(`there is no ${id}`);
        // Settled before: what came of it stands.
        if (row.status !== 'sending') return;
        rows.close(row.id, readEnd(outcome, { retryAt, now }));
        tell(audit, { id, outcome, now });
      }),
    listUncertainMails: (fence) => fenced(fence, () => rows.listLeft(fence.epoch).map(toMail)),
  };
}

type MailRow = Omit<Mail, 'id'> & { id: number };

function toMail(row: MailRow): Mail {
  return { ...row, id: toId('mail', row.id) };
}

type MailEnd = Pick<MailRow, 'status' | 'sentAt' | 'error'> & {
  availableAt: number | null;
  receipt: string | null;
};

function readEnd(outcome: SendOutcome, { retryAt, now }: { retryAt: number; now: number }): MailEnd {
  if (outcome.kind === 'sent') {
    return { status: 'sent', availableAt: null, sentAt: now, receipt: outcome.receipt, error: null };
  }
  const { kind, error } = outcome;
  return kind === 'retry'
    ? { status: 'queued', availableAt: retryAt, sentAt: null, receipt: null, error }
    : { status: kind, availableAt: null, sentAt: null, receipt: null, error };
}

/** A try that did not succeed is no news: the next may. */
function tell(
  audit: AppendAudit,
  { id, outcome, now }: { id: Mail['id']; outcome: SendOutcome; now: number },
): void {
  if (outcome.kind === 'retry') return;
  const after = outcome.kind === 'sent' ? { receipt: outcome.receipt } : { error: outcome.error };
  audit({ at: now, actor: 'runtime', what: `mail.${outcome.kind}`, jorbRow: null, subject: id, after });
}

function buildMailRows(db: Db) {
  const select = () =>
    db
      .select({
        id: mail.id,
        kind: mail.kind,
        key: mail.key,
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        status: mail.status,
        attempts: mail.attempts,
        queuedAt: mail.queuedAt,
        sentAt: mail.sentAt,
        error: mail.error,
      })
      .from(mail);
  const findDue = select()
    .where(and(isWord(mail.status, 'queued'), lte(mail.availableAt, slot('now'))))
    .orderBy(mail.availableAt, mail.id)
    .limit(1)
    .prepare();
  const findById = select()
    .where(eq(mail.id, slot('id')))
    .prepare();
  const findLeft = select()
    .where(and(isWord(mail.status, 'sending'), lt(mail.leasedBy, slot('epoch'))))
    // The plus keeps SQLite from reading the whole table for the sake of its order.
    .orderBy(sql`+${mail.id}`)
    .prepare();
  const lease = db
    .update(mail)
    .set({ status: 'sending', leasedBy: given('epoch'), attempts: sql`${mail.attempts} + 1` })
    .where(eq(mail.id, slot('id')))
    .prepare();
  const close = db
    .update(mail)
    .set({
      status: given('status'),
      leasedBy: null,
      availableAt: sql`coalesce(${slot('availableAt')}, ${mail.availableAt})`,
      sentAt: given('sentAt'),
      receipt: given('receipt'),
      error: given('error'),
    })
    .where(eq(mail.id, slot('id')))
    .prepare();
  return {
    findDue: (now: number): MailRow | undefined => findDue.get({ now }),
    findById: (id: number): MailRow | undefined => findById.get({ id }),
    listLeft: (epoch: number): MailRow[] => findLeft.all({ epoch }),
    lease(row: MailRow, epoch: number): MailRow {
      lease.run({ id: row.id, epoch });
      return { ...row, status: 'sending', attempts: row.attempts + 1 };
    },
    close(id: number, end: MailEnd): void {
      close.run({ id, ...end });
    },
  };
}
