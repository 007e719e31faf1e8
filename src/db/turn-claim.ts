import type { ClaimedTurn, Thinker, TurnStore, TurnTrigger } from '../domain/turn.ts';
import type { Db } from './connection.ts';
import { buildDueTurns, type Due } from './due-turns.ts';
import type { GateReader } from './gate-facts.ts';
import type { JorbMoves } from './jorb-moves.ts';
import type { Outages } from './outage.ts';
import type { StoreParts } from './parts.ts';
import { toId } from './rows.ts';
import { buildReadContext } from './turn-context.ts';
import type { EndTurn } from './turn-ending.ts';
import type { TurnInputs } from './turn-inputs.ts';
import type { TurnRow, TurnRows } from './turn-rows.ts';
import { buildChooseThinker } from './turn-thinker.ts';

export type ClaimParts = {
  fenced: StoreParts['fenced'];
  gate: GateReader;
  moves: JorbMoves;
  rows: TurnRows;
  inputs: TurnInputs;
  endTurn: EndTurn;
  outages: Outages;
};

/** Triggers that no row tells of: the jorb's own `due_trigger` stands for them. */
const triggersOfTime: readonly TurnTrigger[] = ['started', 'resumed', 'wake', 'deadline'];

/** As many turns in a row may hang before the jorb pauses and the owner is told. */
const mostHung = 3;

/**
 * A turn that a dead runtime left running goes on where it was. One of our own whose lease ran out has
 * hung: it is failed, so that whoever still runs it writes nothing more, and its jorb gets another.
 */
export function buildClaimTurn(db: Db, parts: ClaimParts): TurnStore['claimTurn'] {
  const { fenced, gate, moves, rows, inputs, endTurn, outages } = parts;
  const readContext = buildReadContext(db, gate, moves);
  const chooseThinker = buildChooseThinker(db);
  const turns = buildDueTurns(db);

  function toClaimed(row: TurnRow, thinker: Thinker, now: number): ClaimedTurn {
    return {
      id: toId('turn', row.id),
      context: readContext(row, now),
      steps: rows.listSteps(row.id),
      failures: moves.getJorbRow(row.jorbId).turnFailures,
      thinker,
    };
  }

  /** Undefined: nobody for now, since the model is down. */
  function findThinker(
    row: { jorbId: number; turnRow: number | null },
    leasedUntil: number,
    now: number,
  ): Thinker | undefined {
    const outage = outages.find();
    if (!outage) return { kind: 'brain', isProbe: false };
    const thinker = chooseThinker(row, outage, now);
    if (thinker?.kind === 'brain') outages.beginProbe(leasedUntil);
    else if (!thinker && row.turnRow === null) outages.wait(row.jorbId, outage.retryAt);
    return thinker;
  }

  function adopt(left: TurnRow, epoch: number, leasedUntil: number, now: number): ClaimedTurn {
    const row = { jorbId: left.jorbId, turnRow: left.id };
    // What it has said is carried out; its next step finds that the model is down.
    const thinker = findThinker(row, leasedUntil, now) ?? { kind: 'brain', isProbe: false };
    return toClaimed(turns.adopt(left, epoch, leasedUntil), thinker, now);
  }

  /** While the model is down, whoever has not asked it for longest asks first. */
  function findDue(now: number): Due | undefined {
    const outage = outages.find();
    return outage && outage.retryAt <= now ? turns.findLeastAsked(now) : turns.findDue(now);
  }

  function open(epoch: number, leasedUntil: number, now: number): ClaimedTurn | undefined {
    for (let due = findDue(now); due; due = findDue(now)) {
      const thinker = findThinker({ jorbId: due.jorbRow, turnRow: null }, leasedUntil, now);
      if (thinker) return toClaimed(begin(due, epoch, leasedUntil, now), thinker, now);
    }
    return undefined;
  }

  function begin(due: Due, epoch: number, leasedUntil: number, now: number): TurnRow {
    turns.clearDue(due.jorbRow);
    const opened = turns.open({ jorbRow: due.jorbRow, epoch, leasedUntil, now });
    const seen = inputs.mark(due.jorbRow, opened.id);
    const { wakeAt } = moves.getJorbRow(due.jorbRow);
    // A turn that begins after the time of the wake is the look that was planned, whatever brought it.
    if (wakeAt !== null && wakeAt <= now && due.trigger !== 'wake') seen.push('wake');
    const triggers =
      triggersOfTime.includes(due.trigger) || seen.length === 0 ? [due.trigger, ...seen] : seen;
    turns.setTriggers(opened.id, triggers);
    return { ...opened, triggers };
  }

  return (fence, leaseMs, now) =>
    fenced(fence, () => {
      if (gate.isStopped()) return undefined;
      const leasedUntil = now + leaseMs;
      const left = turns.findLeft(fence.epoch);
      if (left) return adopt(left, fence.epoch, leasedUntil, now);
      for (const hung of turns.listHung(fence.epoch, now)) {
        const { turnFailures } = moves.getJorbRow(hung.jorbId);
        const retryAt = turnFailures + 1 < mostHung ? now : null;
        endTurn.fail(hung, { error: 'it did not come to an end within its lease', retryAt }, now);
      }
      return open(fence.epoch, leasedUntil, now);
    });
}
