import { and, eq, isNotNull, lte, sql } from 'drizzle-orm';
import { computeRemindAt } from '../domain/approval.ts';
import { StaleEpoch } from '../domain/fence.ts';
import type { RuntimeStore } from '../domain/store.ts';
import { formatDuration } from '../lib/duration.ts';
import { lazy } from '../lib/lazy.ts';
import type { AppendAudit } from './audit.ts';
import { given, isWord, slot, via } from './clauses.ts';
import { type Db, read, write } from './connection.ts';
import { buildAskExtensions } from './extending.ts';
import { buildJorbMoves, type JorbMoves } from './jorb-moves.ts';
import { buildLapse, type Lapse } from './lapse.ts';
import { buildNextDue, buildReadResumedAt, isIdle } from './next-due.ts';
import type { StoreParts } from './parts.ts';
import { toId } from './rows.ts';
import { buildIsStopped } from './stop.ts';
import { approval } from './tables/gate.ts';
import { jorb } from './tables/jorbs.ts';
import { runtime } from './tables/owner.ts';
import { buildWakeJorbs } from './waking.ts';

/** The most rows of a kind that one transaction moves, so that others get their turn. */
const mostAtOnce = 200;

/** Only the one process that runs prepares these statements, but for the poll that every process makes. */
export function buildRuntimeStore(db: Db, parts: StoreParts): RuntimeStore {
  const group = lazy(() => buildRuntime(db, parts));
  const dataVersion = lazy(() => db.$client.prepare<[], number>('pragma data_version').pluck());
  return {
    raiseEpoch: (...given) => group().raiseEpoch(...given),
    getNextDueAt: (...given) => group().getNextDueAt(...given),
    expireApprovals: (...given) => group().expireApprovals(...given),
    remindApprovals: (...given) => group().remindApprovals(...given),
    askExtensions: (...given) => group().askExtensions(...given),
    wakeJorbs: (...given) => group().wakeJorbs(...given),
    pauseStaleJorbs: (...given) => group().pauseStaleJorbs(...given),
    readDataVersion: () => dataVersion().get() ?? 0,
  };
}

function buildRuntime(db: Db, { audit, fenced }: StoreParts): Omit<RuntimeStore, 'readDataVersion'> {
  const moves = buildJorbMoves(db, audit);
  const findNextDueAt = buildNextDue(db);
  const readEpoch = db.select({ epoch: runtime.epoch }).from(runtime).prepare();
  const expire = buildExpireApprovals(db, buildLapse(db, audit, moves));
  const remind = buildRemindApprovals(db, audit);
  const askExtensions = buildAskExtensions(db, audit, moves);
  const wake = buildWakeJorbs(db, moves);
  const pauseStale = buildPauseStaleJorbs(db, moves);
  return {
    raiseEpoch: buildRaiseEpoch(db, audit),
    getNextDueAt: (fence, { staleMs, fallbackMs }, now) =>
      read(db, () => {
        if (readEpoch.get()?.epoch !== fence.epoch) throw new StaleEpoch(`epoch ${fence.epoch} is over`);
        return findNextDueAt({ epoch: fence.epoch, staleMs, fallbackMs }, now);
      }),
    expireApprovals: (fence, now) => fenced(fence, () => expire(now)),
    remindApprovals: (fence, now) => fenced(fence, () => remind(now)),
    askExtensions: (fence, now) => fenced(fence, () => askExtensions(now)),
    wakeJorbs: (fence, now) => fenced(fence, () => wake(now)),
    pauseStaleJorbs: (fence, staleMs, now) => fenced(fence, () => pauseStale(staleMs, now)),
  };
}

function buildRaiseEpoch(db: Db, audit: AppendAudit): RuntimeStore['raiseEpoch'] {
  const raise = db
    .insert(runtime)
    .values({ id: 1, epoch: 1, holder: slot('holder'), since: slot('now') })
    .onConflictDoUpdate({
      target: runtime.id,
      set: { epoch: sql`${runtime.epoch} + 1`, holder: given('holder'), since: given('now') },
    })
    .returning({ epoch: runtime.epoch })
    .prepare();
  return (holder, now) =>
    write(db, () => {
      const { epoch } = raise.get({ holder, now });
      audit({
        at: now,
        actor: 'runtime',
        what: 'runtime.began',
        jorbRow: null,
        subject: `epoch_${epoch}`,
        after: { holder },
      });
      return { epoch };
    });
}

function buildExpireApprovals(db: Db, lapse: Lapse): (now: number) => number {
  const due = db
    .select({ id: approval.id, actionId: approval.actionId, jorbId: approval.jorbId })
    .from(approval)
    .where(and(isWord(approval.status, 'pending'), lte(approval.expiresAt, slot('now'))))
    .orderBy(approval.expiresAt)
    .limit(mostAtOnce)
    .prepare();
  return (now) => {
    const rows = due.all({ now });
    for (const row of rows) lapse(row, null, now);
    return rows.length;
  };
}

function buildRemindApprovals(db: Db, audit: AppendAudit) {
  const due = db
    .select({
      id: approval.id,
      jorbId: approval.jorbId,
      askedAt: approval.askedAt,
      reminders: approval.reminders,
    })
    .from(approval)
    .where(
      and(
        isWord(approval.status, 'pending'),
        isNotNull(approval.remindAt),
        lte(approval.remindAt, slot('now')),
      ),
    )
    .orderBy(approval.remindAt)
    .limit(mostAtOnce)
    .prepare();
  const mark = db
    .update(approval)
    .set({ reminders: given('reminders'), remindAt: given('remindAt') })
    .where(eq(approval.id, slot('id')))
    .prepare();
  return (now: number) =>
    due.all({ now }).map(({ id, jorbId, askedAt, reminders: before }) => {
      // Reminders that fell due while nothing ran are one reminder.
      let reminders = before + 1;
      while ((computeRemindAt(askedAt, reminders) ?? Number.POSITIVE_INFINITY) <= now) reminders += 1;
      mark.run({ id, reminders, remindAt: computeRemindAt(askedAt, reminders) });
      const subject = toId('approval', id);
      audit({ at: now, actor: 'runtime', what: 'approval.reminded', jorbRow: jorbId, subject });
      return subject;
    });
}

function buildPauseStaleJorbs(db: Db, moves: JorbMoves): (staleMs: number, now: number) => number {
  const isStopped = buildIsStopped(db);
  const readResumedAt = buildReadResumedAt(db);
  const stale = db
    .select({ id: sql<number>`${jorb.id}` })
    .from(via(jorb, 'jorb_stale'))
    .where(and(isIdle(db), lte(jorb.lastActivityAt, slot('before'))))
    .limit(mostAtOnce)
    .prepare();
  return (staleMs, now) => {
    const before = now - staleMs;
    if (isStopped() || readResumedAt(now) > before) return 0;
    const rows = stale.all({ before });
    const reason = `nothing happened for ${formatDuration(staleMs)} and nothing is planned; resume it to let it go on`;
    for (const { id } of rows) {
      moves.moveJorbRow(id, { command: 'pause', by: 'runtime', cause: 'limit', reason, evidence: [] }, now);
    }
    return rows.length;
  };
}
