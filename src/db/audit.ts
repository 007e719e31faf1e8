import { desc, sql } from 'drizzle-orm';
import type { Actor } from '../domain/jorb.ts';
import { canonicalJson, type Json, sha256 } from '../lib/canonical.ts';
import type { Db } from './connection.ts';
import { audit } from './tables/owner.ts';

export type AuditEntry = {
  at: number;
  actor: Actor;
  what: AuditWhat;
  /** The jorb's row, or null. */
  jorbRow: number | null;
  /** The public id of the row it is about. */
  subject: string;
  before?: Json;
  after?: Json;
};

export const auditWhats = [
  'jorb.created',
  'jorb.status',
  'jorb.completed',
  'jorb.failed',
  'jorb.cancelled',
  'jorb.steered',
  'contract.versioned',
  'message.received',
  'message.routed',
  'message.unmatched',
  'message.assigned',
  'message.sent',
  'message.unknown',
  'message.failed',
  'message.late',
  'mail.sent',
  'mail.unknown',
  'mail.failed',
  'handoff.accepted',
  'handoff.failed',
  'action.queued',
  'action.refused',
  'approval.asked',
  'approval.answered',
  'approval.reminded',
  'approval.expired',
  'fact.stored',
  'phase.advanced',
  'plan.updated',
  'promise.recorded',
  'promise.closed',
  'wake.scheduled',
  'address.opted_out',
  'address.opted_in',
  'profile.changed',
  'owner.stopped',
  'owner.resumed',
  'runtime.began',
  'clock.set_back',
  'schedule.failed',
  'turn.failed',
  'brain.down',
  'brain.fallback',
  'brain.back',
] as const;
export type AuditWhat = (typeof auditWhats)[number];

export type AppendAudit = (entry: AuditEntry) => void;

/**
 * Appends to the audit, inside the caller's transaction. Each entry's hash covers the one before, so
 * that an entry changed or taken out behind the program's back can be shown (`verifyAudit`).
 */
export function buildAudit(db: Db): AppendAudit {
  const last = db.select({ hash: audit.hash }).from(audit).orderBy(desc(audit.seq)).limit(1).prepare();
  const insert = db
    .insert(audit)
    .values({
      at: sql.placeholder('at'),
      actor: sql.placeholder('actor'),
      what: sql.placeholder('what'),
      jorbId: sql.placeholder('jorbId'),
      subject: sql.placeholder('subject'),
      before: sql.placeholder('before'),
      after: sql.placeholder('after'),
      hash: sql.placeholder('hash'),
    })
    .prepare();
  return ({ at, actor, what, jorbRow, subject, before = null, after = null }) => {
    const previous = last.get()?.hash ?? '';
    const hash = hashEntry(previous, { at, actor, what, jorbRow, subject, before, after });
    insert.run({ at, actor, what, jorbId: jorbRow, subject, before, after, hash });
  };
}

/** The seq of the first entry that does not follow from the one before it, or undefined when the chain is whole. */
export function verifyAudit(db: Db): number | undefined {
  let previous = '';
  for (const row of db.select().from(audit).orderBy(audit.seq).all()) {
    const { at, actor, what, jorbId: jorbRow, subject } = row;
    const entry = { at, actor, what, jorbRow, subject, before: row.before as Json, after: row.after as Json };
    if (row.hash !== hashEntry(previous, entry)) return row.seq;
    previous = row.hash;
  }
  return undefined;
}

function hashEntry(previous: string, entry: Record<string, Json>): string {
  return sha256(previous + canonicalJson(entry));
}
