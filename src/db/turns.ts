import { and, eq } from 'drizzle-orm';
import type { BrainAnswer } from '../domain/brain.ts';
import type { DecisionInput } from '../domain/decision.ts';
import type { TurnStore } from '../domain/turn.ts';
import { lazy } from '../lib/lazy.ts';
import { buildIsAwaiting } from './awaiting.ts';
import { isWord, slot } from './clauses.ts';
import { type Db, read } from './connection.ts';
import { buildAppendDecision } from './decisions.ts';
import { buildApplyOne } from './effects.ts';
import { buildGateReader } from './gate-facts.ts';
import { buildJorbMoves } from './jorb-moves.ts';
import { buildLedger } from './ledger.ts';
import { buildOutages } from './outage.ts';
import type { StoreParts } from './parts.ts';
import { buildNotePrompt } from './prompt-tokens.ts';
import { toId, toRow } from './rows.ts';
import { event } from './tables/inbox.ts';
import { jorb } from './tables/jorbs.ts';
import { runtime } from './tables/owner.ts';
import { step, turn } from './tables/turns.ts';
import { buildClaimTurn } from './turn-claim.ts';
import { buildEndTurn } from './turn-ending.ts';
import { buildTurnInputs } from './turn-inputs.ts';
import { buildTurnRows } from './turn-rows.ts';

/** Turns of the agent. Only the one process that runs prepares their statements. */
export function buildTurnStore(db: Db, parts: StoreParts): TurnStore {
  const turns = lazy(() => buildTurns(db, parts));
  return {
    claimTurn: (...given) => turns().claimTurn(...given),
    saveAnswer: (...given) => turns().saveAnswer(...given),
    applyEffect: (...given) => turns().applyEffect(...given),
    saveOutcome: (...given) => turns().saveOutcome(...given),
    finishTurn: (...given) => turns().finishTurn(...given),
    failTurn: (...given) => turns().failTurn(...given),
    putBackTurn: (...given) => turns().putBackTurn(...given),
    pauseTurn: (...given) => turns().pauseTurn(...given),
    finishStuckTurn: (...given) => turns().finishStuckTurn(...given),
    isTurnWanted: (id) => turns().isTurnWanted(id),
    isJorbAwaiting: (id) => turns().isJorbAwaiting(id),
  };
}

/** Every write of a turn checks that this runtime still holds it. */
function buildTurns(db: Db, { audit, fenced }: StoreParts): TurnStore {
  const ledger = buildLedger(db);
  const gate = buildGateReader(db, ledger);
  const moves = buildJorbMoves(db, audit);
  const rows = buildTurnRows(db);
  const inputs = buildTurnInputs(db);
  const applyOne = buildApplyOne(db, { audit, moves, gate, ledger });
  const outages = buildOutages(db, audit);
  const isAwaiting = buildIsAwaiting(db);
  const ending = {
    audit,
    moves,
    inputs,
    isAwaiting,
    isStopped: gate.isStopped,
    findOutage: outages.find,
  };
  const endTurn = buildEndTurn(db, ending);
  const saveStep = buildSaveStep(db);
  const notePrompt = buildNotePrompt(db);
  const findWanted = db
    .select({ id: turn.id })
    .from(turn)
    .innerJoin(jorb, eq(jorb.id, turn.jorbId))
    .innerJoin(runtime, eq(runtime.epoch, turn.epoch))
    .where(and(eq(turn.id, slot('turnRow')), isWord(turn.status, 'running'), isWord(jorb.status, 'running')))
    .prepare();

  return {
    claimTurn: buildClaimTurn(db, { fenced, gate, moves, rows, inputs, endTurn, outages }),
    saveAnswer: (fence, { turnId, position, leaseMs }, answer, by, now) =>
      fenced(fence, () => {
        const row = rows.requireTurn(fence, toRow(turnId));
        rows.extendLease(row.id, now + leaseMs);
        if (rows.findDecisionRow(row.id, position) !== undefined) return;
        saveStep({ turnRow: row.id, jorbRow: row.jorbId, position, answer, by }, now);
        if (position === 0) notePrompt(row.jorbId, answer.usage.inputTokens);
      }),
    applyEffect: (fence, { step: at, call, effect, evaluate }, now) =>
      fenced(fence, () => {
        const { id: turnRow, jorbId: jorbRow } = rows.requireTurn(fence, toRow(at.turnId));
        const stored = rows.findOutcome(turnRow, at.position, call);
        if (stored) return stored;
        const decisionRow = rows.findDecisionRow(turnRow, at.position);
        if (decisionRow === undefined) throw new Error(`${at.turnId} has no answer ${at.position}`);
        const outcome = applyOne(effect, { jorbRow, turnRow, decisionRow, evaluate, now });
        rows.saveOutcome(turnRow, { position: at.position, call }, outcome);
        rows.extendLease(turnRow, now + at.leaseMs);
        return outcome;
      }),
    saveOutcome: (fence, { turnId, position, leaseMs }, call, outcome, now) =>
      fenced(fence, () => {
        const { id: turnRow } = rows.requireTurn(fence, toRow(turnId));
        rows.saveOutcome(turnRow, { position, call }, outcome);
        rows.extendLease(turnRow, now + leaseMs);
      }),
    finishTurn: (fence, id, now) =>
      fenced(fence, () => endTurn.finish(rows.requireTurn(fence, toRow(id)), now)),
    finishStuckTurn: (fence, id, reason, now) =>
      fenced(fence, () => endTurn.finishStuck(rows.requireTurn(fence, toRow(id)), reason, now)),
    failTurn: (fence, id, error, retryAt, now) =>
      fenced(fence, () => endTurn.fail(rows.requireTurn(fence, toRow(id)), { error, retryAt }, now)),
    putBackTurn: (fence, id, error, now) =>
      fenced(fence, () => endTurn.putBack(rows.requireTurn(fence, toRow(id)), error, now)),
    pauseTurn: (fence, id, pause, now) =>
      fenced(fence, () => endTurn.pause(rows.requireTurn(fence, toRow(id)), pause, now)),
    isTurnWanted: (id) =>
      read(db, () => !gate.isStopped() && findWanted.get({ turnRow: toRow(id) }) !== undefined),
    isJorbAwaiting: (id) => read(db, () => isAwaiting(toRow(id))),
  };
}

type NewStep = { turnRow: number; jorbRow: number; position: number; answer: BrainAnswer; by: string };

function buildSaveStep(db: Db) {
  const appendDecision = buildAppendDecision(db);
  const findTriggers = db
    .select({ triggers: turn.triggers })
    .from(turn)
    .where(eq(turn.id, slot('turnRow')))
    .prepare();
  const listEvents = db
    .select({ id: event.id })
    .from(event)
    .where(eq(event.turnId, slot('turnRow')))
    .orderBy(event.id)
    .prepare();
  const readInput = (turnRow: number): DecisionInput => ({
    triggers: findTriggers.get({ turnRow })?.triggers ?? [],
    events: listEvents.all({ turnRow }).map(({ id }) => toId('event', id)),
  });
  const insert = db
    .insert(step)
    .values({
      turnId: slot('turnRow'),
      position: slot('position'),
      decisionId: slot('decisionRow'),
      answer: slot('answer'),
    })
    .prepare();
  return ({ turnRow, jorbRow, position, answer, by }: NewStep, now: number): void => {
    const { reasoning, confidence, basedOn, usage, call } = answer;
    const decision = {
      kind: 'turn',
      jorbRow,
      turnRow,
      by,
      reasoning,
      confidence,
      basedOn,
      call,
      input: readInput(turnRow),
      ...usage,
    } as const;
    const decisionRow = appendDecision(decision, now);
    insert.run({ turnRow, position, decisionRow, answer });
  };
}
