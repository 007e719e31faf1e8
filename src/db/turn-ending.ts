import { and, count, desc, eq, gt, min, sql } from 'drizzle-orm';
import { isFinished, type PauseCause } from '../domain/jorb.ts';
import type { TurnTrigger } from '../domain/turn.ts';
import { cutEnd } from '../lib/text.ts';
import type { AppendAudit } from './audit.ts';
import { given, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import type { JorbMoves } from './jorb-moves.ts';
import { isNews } from './next-due.ts';
import type { Outages } from './outage.ts';
import { toId } from './rows.ts';
import { jorb } from './tables/jorbs.ts';
import { audit as auditTable } from './tables/owner.ts';
import { step, turn } from './tables/turns.ts';
import type { TurnInputs } from './turn-inputs.ts';
import { buildTurnRewind } from './turn-rewind.ts';
import type { TurnRow } from './turn-rows.ts';

export type EndTurn = {
  finish(row: TurnRow, now: number): void;
  /** Unless something is awaited by now, the jorb pauses with the reason. */
  finishStuck(row: TurnRow, reason: string, now: number): void;
  /** `retryAt` null pauses the jorb with the error. */
  fail(row: TurnRow, failure: { error: string; retryAt: number | null }, now: number): void;
  putBack(row: TurnRow, error: string, now: number): void;
  pause(row: TurnRow, pause: { cause: PauseCause; reason: string }, now: number): void;
};

export type EndParts = {
  audit: AppendAudit;
  moves: JorbMoves;
  inputs: TurnInputs;
  isAwaiting: (turnRow: number) => boolean;
  isStopped: () => boolean;
  findOutage: Outages['find'];
};

/** Which of several triggers is kept for the next try: those that show in rows come back from the rows. */
const keptFirst: readonly TurnTrigger[] = ['deadline', 'started', 'wake', 'resumed'];

const longestSummary = 200;
/** As often may the model come back between turns of one jorb that it does not answer; then it is the jorb's own failure. */
const mostReturns = 4;

/** All of it runs inside the caller's transaction. */
export function buildEndTurn(db: Db, parts: EndParts): EndTurn {
  const { audit, moves, inputs, isAwaiting, isStopped, findOutage } = parts;
  const rewind = buildTurnRewind(db);
  const countReturns = buildCountReturns(db);
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
    const summary = cutEnd(reasoning.replace(/\s+/g, ' ').trim(), longestSummary);
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

  function finish(row: TurnRow, now: number): void {
    const { id, jorbId: jorbRow } = row;
    inputs.handle(id);
    summarize(row);
    rewind.endWake(row);
    close.run({ id, status: 'finished', error: null, now });
    setFailures.run({ jorbRow, failures: 0 });
    moves.touchJorb(jorbRow, { progress: false }, now);
    if (isFinished(moves.getJorbRow(jorbRow).status)) inputs.handleRest(jorbRow);
  }

  return {
    finish,
    finishStuck(row, reason, now) {
      finish(row, now);
      if (!isAwaiting(row.id)) pause(row.jorbId, { cause: 'agent', reason }, now);
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
      if (countReturns(row) >= mostReturns) {
        const reason = `the model answers again and again, but not here: ${error}`;
        return pause(row.jorbId, { cause: 'error', reason }, now);
      }
      // What came in meanwhile is due as it is: the fallback may have to look at it.
      retry(row, moves.getJorbRow(row.jorbId).dueAt ?? findOutage()?.retryAt ?? now);
    },
    pause(row, { cause, reason }, now) {
      if (cutShort(row, reason, now)) pause(row.jorbId, { cause, reason }, now);
    },
  };
}

/** Turns further back are not looked at. */
const mostLooked = 2000;

/** How often the model has come back since the turns of a jorb began to fail, none of which it has finished. */
function buildCountReturns(db: Db): (row: TurnRow) => number {
  const isOfJorb = and(eq(turn.jorbId, slot('jorbRow')), gt(turn.id, slot('after')));
  const lastFinished = db
    .select({ id: sql<number>`coalesce(max(${turn.id}), 0)` })
    .from(turn)
    .where(and(isOfJorb, isWord(turn.status, 'finished')))
    .prepare();
  const failed = db
    .select({ since: min(turn.startedAt), turns: count() })
    .from(turn)
    .where(and(isOfJorb, isWord(turn.status, 'failed')))
    .prepare();
  const returns = db
    .select({ times: count() })
    .from(auditTable)
    .where(and(isWord(auditTable.what, 'brain.back'), isNews(), gt(auditTable.at, slot('since'))))
    .prepare();
  return ({ id, jorbId: jorbRow }) => {
    const after = id - mostLooked;
    const finished = lastFinished.get({ jorbRow, after })?.id ?? 0;
    const { since = null, turns = 0 } = failed.get({ jorbRow, after: Math.max(after, finished) }) ?? {};
    // As many turns too: one that the owner cut short long ago says nothing.
    return since === null ? 0 : Math.min(turns - 1, returns.get({ since })?.times ?? 0);
  };
}
