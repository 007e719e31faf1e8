import { and, eq } from 'drizzle-orm';
import type { AppendAudit } from './audit.ts';
import { given, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId } from './rows.ts';
import { action, approval, ledger, outbox } from './tables/gate.ts';

export type ExpiredApproval = { id: number; actionId: number; jorbId: number };

/** What else ends when a jorb or its contract changes, inside the caller's transaction. */
export function buildVoiding(db: Db, audit: AppendAudit) {
  const pending = db
    .select({ id: approval.id, actionId: approval.actionId, jorbId: approval.jorbId })
    .from(approval)
    .where(and(eq(approval.jorbId, slot('jorbId')), isWord(approval.status, 'pending')))
    .prepare();
  const expire = db
    .update(approval)
    .set({
      status: 'expired',
      voidReason: given('reason'),
      answeredAt: given('now'),
      remindAt: null,
    })
    .where(eq(approval.id, slot('id')))
    .prepare();
  const setAction = db
    .update(action)
    .set({ status: given('status') })
    .where(eq(action.id, slot('id')))
    .prepare();
  const queued = db
    .select({ id: outbox.id, actionId: outbox.actionId })
    .from(outbox)
    .where(and(eq(outbox.jorbId, slot('jorbId')), isWord(outbox.status, 'queued')))
    .prepare();
  const drop = db
    .update(outbox)
    .set({ status: 'failed', error: given('reason') })
    .where(eq(outbox.id, slot('id')))
    .prepare();
  const release = db
    .update(ledger)
    .set({ status: 'released', closedAt: given('now') })
    .where(and(eq(ledger.actionId, slot('actionId')), isWord(ledger.status, 'reserved')))
    .prepare();

  /** `reason` null: its time was up. */
  function expireApproval({ id, actionId, jorbId }: ExpiredApproval, reason: string | null, now: number) {
    expire.run({ id, reason, now });
    setAction.run({ id: actionId, status: 'expired' });
    const subject = toId('approval', id);
    audit({
      at: now,
      actor: 'runtime',
      what: 'approval.expired',
      jorbRow: jorbId,
      subject,
      after: { reason },
    });
  }

  return {
    expireApproval,
    expireApprovals(jorbRow: number, reason: string, now: number): number {
      const rows = pending.all({ jorbId: jorbRow });
      for (const row of rows) expireApproval(row, reason, now);
      return rows.length;
    },
    /** Messages that have not begun to leave never will; their money is free again. */
    dropQueued(jorbRow: number, reason: string, now: number): void {
      for (const { id, actionId } of queued.all({ jorbId: jorbRow })) {
        drop.run({ id, reason });
        setAction.run({ id: actionId, status: 'failed' });
        release.run({ actionId, now });
        const subject = toId('outbox', id);
        audit({ at: now, actor: 'runtime', what: 'message.failed', jorbRow, subject, after: { reason } });
      }
    },
  };
}
