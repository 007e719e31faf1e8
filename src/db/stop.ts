import type { SystemStatus } from '../domain/brief.ts';
import type { OwnerStore } from '../domain/store.ts';
import type { AppendAudit } from './audit.ts';
import { given } from './clauses.ts';
import { type Db, write } from './connection.ts';
import { owner } from './tables/owner.ts';

export function readStopped(
  row: Pick<typeof owner.$inferSelect, 'stoppedAt' | 'stopReason'> | undefined,
): SystemStatus['stopped'] {
  if (row?.stoppedAt === undefined || row.stoppedAt === null) return null;
  return { at: row.stoppedAt, reason: row.stopReason };
}

/** Reads inside the caller's transaction, so that what it decides cannot be overtaken by a stop. */
export function buildIsStopped(db: Db): () => boolean {
  const select = db.select({ stoppedAt: owner.stoppedAt }).from(owner).prepare();
  return () => (select.get()?.stoppedAt ?? null) !== null;
}

export function buildStop(
  db: Db,
  audit: AppendAudit,
): Pick<OwnerStore, 'stopEverything' | 'resumeEverything'> {
  const isStopped = buildIsStopped(db);
  const set = db
    .update(owner)
    .set({ stoppedAt: given('stoppedAt'), stopReason: given('reason') })
    .prepare();
  const subject = 'owner';
  return {
    stopEverything: (reason, now) =>
      write(db, () => {
        if (isStopped()) return;
        set.run({ stoppedAt: now, reason });
        audit({ at: now, actor: 'owner', what: 'owner.stopped', jorbRow: null, subject, after: { reason } });
      }),
    resumeEverything: (now) =>
      write(db, () => {
        if (!isStopped()) return;
        set.run({ stoppedAt: null, reason: null });
        audit({ at: now, actor: 'owner', what: 'owner.resumed', jorbRow: null, subject });
      }),
  };
}
