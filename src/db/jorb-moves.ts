import { and, eq, inArray, sql } from 'drizzle-orm';
import { maxOpenMs } from '../domain/extension.ts';
import type { EventId } from '../domain/ids.ts';
import { type Actor, isFinished, type JorbCommand, type PauseCause, transition } from '../domain/jorb.ts';
import { Refusal } from '../domain/refusal.ts';
import type { TurnTrigger } from '../domain/turn.ts';
import type { AppendAudit, AuditWhat } from './audit.ts';
import { given, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildSetEndsAt } from './ends-at.ts';
import { buildVoiding } from './jorb-voiding.ts';
import { found, toId } from './rows.ts';
import { jorb, promise } from './tables/jorbs.ts';

export type JorbRow = typeof jorb.$inferSelect;

export type JorbMove = {
  command: JorbCommand;
  by: Actor;
  /** For a pause; anything else has none. */
  cause: PauseCause | null;
  /** In words for the owner; of a completion it is the outcome. */
  reason: string | null;
  /** For a completion. */
  evidence: readonly EventId[];
};

export type JorbMoves = {
  getJorbRow(jorbRow: number): JorbRow;
  /**
   * Moves the jorb, or refuses with `conflict`. It does not make a turn due: the caller knows why one
   * would be. The questions of a finished jorb are voided and its promises released; of a cancelled or failed one
   * the queued messages are dropped.
   */
  moveJorbRow(jorbRow: number, move: JorbMove, now: number): JorbRow;
  /** A paused jorb stays paused for another cause. */
  changePause(jorbRow: number, pause: { cause: PauseCause; reason: string; by: Actor }, now: number): void;
  /** `progress`: the jorb got somewhere, for the gate's no-progress rule. */
  touchJorb(jorbRow: number, touch: { progress: boolean }, now: number): void;
  /** A turn is due from now on, whatever was due later. Of several triggers the one that no other row tells of is kept. */
  makeDue(jorbRow: number, trigger: TurnTrigger, now: number): void;
  /** Every pending question of the jorb expires, with its action. Returns how many. */
  expireJorbApprovals(jorbRow: number, reason: string, now: number): number;
};

const whats: Partial<Record<JorbCommand, AuditWhat>> = {
  complete: 'jorb.completed',
  fail: 'jorb.failed',
  cancel: 'jorb.cancelled',
};

/** Triggers that show in no other row: these must not be lost when another comes on top. */
const keptTriggers: TurnTrigger[] = ['started', 'deadline', 'wake', 'resumed'];

/** All of it runs inside the caller's transaction. */
export function buildJorbMoves(db: Db, audit: AppendAudit): JorbMoves {
  const select = db
    .select()
    .from(jorb)
    .where(eq(jorb.id, slot('id')))
    .prepare();
  const setStatus = db
    .update(jorb)
    .set({
      status: given('status'),
      pauseCause: given('pauseCause'),
      reason: given('reason'),
      evidence: given('evidence'),
      finishedAt: given('finishedAt'),
      updatedAt: given('now'),
      lastActivityAt: sql`max(${jorb.lastActivityAt}, ${slot('now')})`,
    })
    .where(eq(jorb.id, slot('id')))
    .prepare();
  const clearPlans = db
    .update(jorb)
    .set({ dueAt: null, dueTrigger: null, wakeAt: null, wakeReason: null, endsAt: null })
    .where(eq(jorb.id, slot('id')))
    .prepare();
  const setEndsAt = buildSetEndsAt(db);
  const releasePromises = db
    .update(promise)
    .set({ status: 'released', closedAt: given('now') })
    .where(and(eq(promise.jorbId, slot('id')), isWord(promise.status, 'open')))
    .prepare();
  const touch = db
    .update(jorb)
    .set({
      updatedAt: sql`max(${jorb.updatedAt}, ${slot('now')})`,
      lastActivityAt: sql`max(${jorb.lastActivityAt}, ${slot('now')})`,
      progressAt: sql`iif(${slot('progress')}, max(${jorb.progressAt}, ${slot('now')}), ${jorb.progressAt})`,
    })
    .where(eq(jorb.id, slot('id')))
    .prepare();
  const setDue = db
    .update(jorb)
    .set({
      dueAt: sql`min(coalesce(${jorb.dueAt}, ${slot('now')}), ${slot('now')})`,
      dueTrigger: sql`iif(${inArray(jorb.dueTrigger, keptTriggers)}, ${jorb.dueTrigger}, ${slot('trigger')})`,
      lastActivityAt: sql`max(${jorb.lastActivityAt}, ${slot('now')})`,
    })
    .where(eq(jorb.id, slot('id')))
    .prepare();
  const voiding = buildVoiding(db, audit);
  const getJorbRow = (jorbRow: number) => found(select.get({ id: jorbRow }), toId('jorb', jorbRow), 'jorb');

  return {
    getJorbRow,
    moveJorbRow(jorbRow, { command, by, cause, reason, evidence }, now) {
      const before = getJorbRow(jorbRow);
      const id = toId('jorb', jorbRow);
      const next = transition(before.status, command, by);
      if (!next.ok) throw new Refusal('conflict', `${id}: ${next.error}`, 'id');
      const status = next.value;
      const pauseCause = status === 'paused' ? cause : null;
      setStatus.run({
        id: jorbRow,
        status,
        pauseCause,
        reason,
        evidence: JSON.stringify(command === 'complete' ? evidence : before.evidence),
        finishedAt: isFinished(status) ? now : null,
        now,
      });
      audit({
        at: now,
        actor: by,
        what: whats[command] ?? 'jorb.status',
        jorbRow,
        subject: id,
        before: { status: before.status, pauseCause: before.pauseCause },
        after: { status, pauseCause, reason },
      });
      // Planning does not count as open.
      if (command === 'start') setEndsAt(jorbRow, now + maxOpenMs);
      if (isFinished(status)) {
        clearPlans.run({ id: jorbRow });
        releasePromises.run({ id: jorbRow, now });
        voiding.expireApprovals(jorbRow, `the jorb is ${status}`, now);
        if (status !== 'complete') voiding.dropQueued(jorbRow, `the jorb is ${status}`, now);
      }
      return getJorbRow(jorbRow);
    },
    changePause(jorbRow, { cause, reason, by }, now) {
      const before = getJorbRow(jorbRow);
      const { status, pauseCause, evidence } = before;
      if (status !== 'paused') return;
      setStatus.run({
        id: jorbRow,
        status,
        pauseCause: cause,
        reason,
        evidence: JSON.stringify(evidence),
        finishedAt: null,
        now,
      });
      audit({
        at: now,
        actor: by,
        what: 'jorb.status',
        jorbRow,
        subject: toId('jorb', jorbRow),
        before: { status, pauseCause },
        after: { status, pauseCause: cause, reason },
      });
    },
    touchJorb: (jorbRow, { progress }, now) => {
      touch.run({ id: jorbRow, progress: progress ? 1 : 0, now });
    },
    makeDue: (jorbRow, trigger, now) => {
      setDue.run({ id: jorbRow, trigger, now });
    },
    expireJorbApprovals: voiding.expireApprovals,
  };
}
