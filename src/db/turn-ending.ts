import { desc, eq } from 'drizzle-orm';
import { isFinished, type PauseCause } from '../domain/jorb.ts';
import type { TurnTrigger } from '../domain/turn.ts';
import { shorten } from '../lib/text.ts';
import type { AppendAudit } from './audit.ts';
import { given, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import type { JorbMoves } from './jorb-moves.ts';
import type { Outages } from './outage.ts';
import { toId } from './rows.ts';
import { jorb } from './tables/jorbs.ts';
import { step, turn } from './tables/turns.ts';
import type { TurnInputs } from './turn-inputs.ts';
import { buildTurnRewind } from './turn-rewind.ts';
import type { TurnRow } from './turn-rows.ts';

export type EndTurn = {
  finish(row: TurnRow, now: number): void;
  /** `retryAt` null pauses the jorb with the error. */
  fail(row: TurnRow, failure: { error: string; retryAt: number | null }, now: number): void;
  putBack(row: TurnRow, error: string, now: number): void;
  pause(row: TurnRow, pause: { cause: PauseCause; reason: string }, now: number): void;
};

export type EndParts = {
  audit: AppendAudit;
  moves: JorbMoves;
  inputs: TurnInputs;
  isStopped: () => boolean;
  findOutage: Outages['find'];
};

/** Which of several triggers is kept for the next try: those that show in rows come back from the rows. */
const keptFirst: readonly TurnTrigger[] = ['deadline', 'started', 'wake', 'resumed'];

const longestSummary = 200;

/** All of it runs inside the caller's transaction. */
export function buildEndTurn(db: Db, { audit, moves, inputs, isStopped, findOutage }: EndParts): EndTurn {
  const rewind = buildTurnRewind(db);
  const close = db
    .update(turn)
    .set({ status: given('status'), finishedAt: given('now'), error: given('error') })
    .where(eq(turn.id, slot('id')))
    .prepare();
  const setFailures = db
    .update(jorb)
    .set({ turnFailures: given('failures') })
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();
  const setSummary = db
    .update(jorb)
    .set({ summary: given('summary') })
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();
  const findLastAnswer = db
    .select({ answer: step.answer })
    .from(step)
    .where(eq(step.turnId, slot('turnRow')))
    .orderBy(desc(step.position))
    .limit(1)
    .prepare();
  const setDue = db
    .update(jorb)
    .set({ dueAt: given('retryAt'), dueTrigger: given('trigger') })
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();

  function retry({ jorbId: jorbRow, triggers }: TurnRow, retryAt: number): void {
    const { dueTrigger } = moves.getJorbRow(jorbRow);
    const kept = keptFirst.find((trigger) => triggers.includes(trigger) || dueTrigger === trigger);
    // Set, not moved forward: what came in meanwhile waits with the rest, so that a broken brain is not pressed.
    setDue.run({ jorbRow, retryAt, trigger: kept ?? triggers[0] ?? 'message' });
  }

  /** Where the jorb stands, in the agent's last words. */
  function summarize({ id, jorbId: jorbRow }: TurnRow): void {
    const reasoning = findLastAnswer.get({ turnRow: id })?.answer.reasoning ?? '';
    const summary = shorten(reasoning.replace(/\s+/g, ' ').trim(), longestSummary);
    if (summary !== '') setSummary.run({ jorbRow, summary });
  }

  /** Ends it without a result. Whether its jorb still runs. */
  function cutShort(row: TurnRow, error: string, now: number): boolean {
    const { id, jorbId: jorbRow } = row;
    inputs.unmark(jorbRow, id);
    close.run({ id, status: 'failed', error, now });
    const { status } = moves.getJorbRow(jorbRow);
    if (isFinished(status)) inputs.handleRest(jorbRow);
    else rewind.restoreWake(row);
    return status === 'running';
  }

  function pause(jorbRow: number, { cause, reason }: { cause: PauseCause; reason: string }, now: number) {
    const move = { command: 'pause', by: 'runtime', cause, reason, evidence: [] } as const;
    moves.moveJorbRow(jorbRow, move, now);
  }

  return {
    finish(row, now) {
      inputs.handle(row.id);
      summarize(row);
      rewind.endWake(row);
      close.run({ id: row.id, status: 'finished', error: null, now });
      setFailures.run({ jorbRow: row.jorbId, failures: 0 });
      moves.touchJorb(row.jorbId, { progress: false }, now);
      if (isFinished(moves.getJorbRow(row.jorbId).status)) inputs.handleRest(row.jorbId);
    },
    fail(row, { error, retryAt }, now) {
      const { jorbId: jorbRow, id } = row;
      const isRunning = cutShort(row, error, now);
      const subject = toId('turn', id);
      audit({ at: now, actor: 'runtime', what: 'turn.failed', jorbRow, subject, after: { error } });
      if (!isRunning) return;
      const { turnFailures } = moves.getJorbRow(jorbRow);
      // A turn that the owner's stop cut short says nothing about the brain.
      if (!isStopped()) setFailures.run({ jorbRow, failures: turnFailures + 1 });
      if (retryAt !== null) return retry(row, retryAt);
      pause(jorbRow, { cause: 'error', reason: error }, now);
    },
    putBack(row, error, now) {
      if (!cutShort(row, error, now)) return;
      // What came in meanwhile is due as it is: the fallback may have to look at it.
      retry(row, moves.getJorbRow(row.jorbId).dueAt ?? findOutage()?.retryAt ?? now);
    },
    pause(row, { cause, reason }, now) {
      if (cutShort(row, reason, now)) pause(row.jorbId, { cause, reason }, now);
    },
  };
}
