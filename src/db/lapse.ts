import { and, eq, isNotNull, ne, or, sql } from 'drizzle-orm';
import { type Extension, formatOpenDays } from '../domain/extension.ts';
import { isLive, liveStatuses, waitsForAnswer } from '../domain/jorb.ts';
import type { AppendAudit } from './audit.ts';
import { given, isOneOf, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { extensionOf } from './extension-asking.ts';
import type { JorbMoves } from './jorb-moves.ts';
import { buildVoiding, type ExpiredApproval } from './jorb-voiding.ts';
import { toId } from './rows.ts';
import { action, approval } from './tables/gate.ts';
import { jorb } from './tables/jorbs.ts';

/** Whether the jorb has an open question that it waits for: a wider contract is none, unless it is to go on. */
export function buildIsWaiting(db: Db): (jorbRow: number) => boolean {
  const find = db
    .select({ id: approval.id })
    .from(approval)
    .innerJoin(action, eq(action.id, approval.actionId))
    .where(
      and(
        eq(approval.jorbId, slot('jorbRow')),
        isWord(approval.status, 'pending'),
        or(ne(sql`json_extract(${action.payload}, '$.kind')`, 'change_contract'), isNotNull(extensionOf)),
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
  const endUnextended = buildEndUnextended(db, moves);
  return (row, reason, now) => {
    voiding.expireApproval(row, reason, now);
    if (endUnextended(row, reason === null, now)) return;
    const { pauseCause } = moves.getJorbRow(row.jorbId);
    const waited = waitsForAnswer(pauseCause);
    if (!waited || isWaiting(row.jorbId)) return;
    const why = `${toId('approval', row.id)} can no longer be answered; resume the jorb to let it go on`;
    moves.changePause(row.jorbId, { cause: 'limit', reason: why, by: 'runtime' }, now);
  };
}

/** Fails a jorb that its owner did not let go on, inside the caller's transaction. */
export function buildFailUnextended(moves: JorbMoves) {
  return (
    jorbRow: number,
    { extension, askedAt }: { extension: Extension; askedAt: number },
    now: number,
  ) => {
    const days = formatOpenDays(extension, askedAt);
    const reason = `it was open for ${days} and the owner did not extend it`;
    moves.moveJorbRow(jorbRow, { command: 'fail', by: 'runtime', cause: null, reason, evidence: [] }, now);
  };
}

/** Whether the question was whether the jorb may go on. Unanswered it ends the jorb; void, it is asked again. */
function buildEndUnextended(db: Db, moves: JorbMoves) {
  const fail = buildFailUnextended(moves);
  const find = db
    .select({ payload: action.payload, askedAt: approval.askedAt })
    .from(approval)
    .innerJoin(action, eq(action.id, approval.actionId))
    .where(eq(approval.id, slot('id')))
    .prepare();
  const askAgain = db
    .update(jorb)
    .set({ endsAt: given('now') })
    .where(and(eq(jorb.id, slot('jorbRow')), isOneOf(jorb.status, liveStatuses)))
    .prepare();
  return ({ id, jorbId: jorbRow }: ExpiredApproval, isTimeUp: boolean, now: number): boolean => {
    const { payload, askedAt = now } = find.get({ id }) ?? {};
    if (payload?.kind !== 'change_contract' || !payload.extension) return false;
    const { status } = moves.getJorbRow(jorbRow);
    if (isTimeUp && isLive(status)) fail(jorbRow, { extension: payload.extension, askedAt }, now);
    else askAgain.run({ jorbRow, now });
    return true;
  };
}
