import { eq } from 'drizzle-orm';
import type { Effect, EffectOutcome } from '../domain/turn.ts';
import { dayMs, minuteMs } from '../lib/duration.ts';
import type { AppendAudit } from './audit.ts';
import { given, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { done, type EffectScene, notDone } from './effect-scene.ts';
import type { GateReader } from './gate-facts.ts';
import type { JorbMoves } from './jorb-moves.ts';
import { toId } from './rows.ts';
import { jorb } from './tables/jorbs.ts';

export type WakeEffect = Extract<Effect, { kind: 'schedule_wake' }>;

const longestReason = 500;
/** An errand that wants to sleep for longer than a year is over. */
export const longestWaitMs = 366 * dayMs;
/** No heartbeat: an agent may look again this soon, or as soon as the contract lets it follow up. */
const shortestWaitMs = minuteMs;

type WakeParts = { audit: AppendAudit; moves: JorbMoves; gate: GateReader };

/** When the agent wants to look again. The audit keeps the wake before, for a turn that fails after this. */
export function buildWakeEffect(db: Db, { audit, moves, gate }: WakeParts) {
  const setWake = db
    .update(jorb)
    .set({ wakeAt: given('wakeAt'), wakeReason: given('wakeReason') })
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();

  return ({ at, reason }: WakeEffect, { jorbRow, turnRow, now }: EffectScene): EffectOutcome => {
    if (!Number.isFinite(at) || at > now + longestWaitMs) return notDone('a wake is at most a year ahead');
    const { followUpMs } = gate.readGround(jorbRow).contract;
    const before = moves.getJorbRow(jorbRow);
    const wakeAt = Math.max(Math.round(at), now + Math.min(shortestWaitMs, followUpMs));
    const wakeReason = reason.slice(0, longestReason);
    setWake.run({ jorbRow, wakeAt, wakeReason });
    audit({
      at: now,
      actor: 'agent',
      what: 'wake.scheduled',
      jorbRow,
      subject: toId('jorb', jorbRow),
      before: { wakeAt: before.wakeAt, wakeReason: before.wakeReason },
      after: { wakeAt, wakeReason, turn: toId('turn', turnRow) },
    });
    return done(`you look again at ${new Date(wakeAt).toISOString()} if nothing happens before`);
  };
}
