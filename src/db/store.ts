import { eq, sql } from 'drizzle-orm';
import { StaleEpoch } from '../domain/fence.ts';
import type { Store } from '../domain/store.ts';
import { buildActivityStore } from './activity.ts';
import { buildApprovalStore } from './approvals.ts';
import { buildAudit } from './audit.ts';
import { backUp } from './backup.ts';
import { type Db, type FencedWrite, write } from './connection.ts';
import { buildDigestStore } from './digests.ts';
import { buildHandoffStore } from './handoffs.ts';
import { buildInboxStore } from './inbox.ts';
import { buildJorbStore } from './jorbs.ts';
import { buildMailStore } from './mails.ts';
import { buildModelStore } from './models.ts';
import { buildNoticeStore } from './notices.ts';
import { buildOutboxStore } from './outbox.ts';
import { buildOwnerStore } from './owner.ts';
import type { StoreParts } from './parts.ts';
import { buildProgressStore } from './progress.ts';
import { buildRuntimeStore } from './runtime.ts';
import { buildScheduleStore } from './schedules.ts';
import { buildSetBackStore } from './set-back.ts';
import { runtime } from './tables/owner.ts';
import { buildTurnStore } from './turns.ts';

/** The store on one open, migrated connection, which it closes. */
export function buildStore(db: Db): Store {
  const parts: StoreParts = { audit: buildAudit(db), fenced: buildFencedWrite(db) };
  return {
    ...buildJorbStore(db, parts),
    ...buildActivityStore(db),
    ...buildApprovalStore(db, parts),
    ...buildInboxStore(db, parts),
    ...buildTurnStore(db, parts),
    ...buildOutboxStore(db, parts),
    ...buildDigestStore(db, parts),
    ...buildMailStore(db, parts),
    ...buildNoticeStore(db, parts),
    ...buildModelStore(db, parts),
    ...buildOwnerStore(db, parts),
    ...buildProgressStore(db, parts),
    ...buildHandoffStore(db, parts),
    ...buildRuntimeStore(db, parts),
    ...buildScheduleStore(db, parts),
    ...buildSetBackStore(db, parts),
    backup: (file) => backUp(db, file),
    close: async () => {
      db.$client.close();
    },
  };
}

function buildFencedWrite(db: Db): FencedWrite {
  const current = db
    .select({ epoch: runtime.epoch })
    .from(runtime)
    .where(eq(runtime.id, sql.placeholder('id')))
    .prepare();
  return (fence, work) =>
    write(db, () => {
      const epoch = current.get({ id: 1 })?.epoch;
      if (epoch !== fence.epoch)
        throw new StaleEpoch(`epoch ${fence.epoch} is over: ${epoch} is the runtime's`);
      return work();
    });
}
