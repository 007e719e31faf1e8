import { and, eq, ne, sql } from 'drizzle-orm';
import type { AppendAudit } from './audit.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import type { JorbMoves } from './jorb-moves.ts';
import { buildVoiding, type ExpiredApproval } from './jorb-voiding.ts';
import { toId } from './rows.ts';
import { action, approval } from './tables/gate.ts';

/** Whether the jorb has an open question of its agent: a change of its contract is none that it waits for. */
export function buildIsWaiting(db: Db): (jorbRow: number) => boolean {
  const find = db
    .select({ id: approval.id })
    .from(approval)
    .innerJoin(action, eq(action.id, approval.actionId))
    .where(
      and(
        eq(approval.jorbId, slot('jorbRow')),
        isWord(approval.status, 'pending'),
        ne(sql`json_extract(${action.payload}, '$.kind')`, 'change_contract'),
      ),
    )
    .limit(1)
    .prepare();
  return (jorbRow) => find.get({ jorbRow }) !== undefined;
}

/** `reason` null: its time was up. */
export type Lapse = (row: ExpiredApproval, reason: string | null, now: number) => void;

/**
 * Expires a question that nobody can answer any more, inside the caller's transaction. A jorb that waited
 * for nothing else stays paused, for its owner to see: nothing was decided.
 */
export function buildLapse(db: Db, audit: AppendAudit, moves: JorbMoves): Lapse {
  const voiding = buildVoiding(db, audit);
  const isWaiting = buildIsWaiting(db);
  return (row, reason, now) => {
    voiding.expireApproval(row, reason, now);
    const { pauseCause } = moves.getJorbRow(row.jorbId);
    const waited = pauseCause === 'approval' || pauseCause === 'question';
    if (!waited || isWaiting(row.jorbId)) return;
    const why = `${toId('approval', row.id)} can no longer be answered; resume the jorb to let it go on`;
    moves.changePause(row.jorbId, { cause: 'limit', reason: why, by: 'runtime' }, now);
  };
}
