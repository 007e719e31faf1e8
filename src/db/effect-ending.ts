import { transition } from '../domain/jorb.ts';
import type { Effect, EffectOutcome } from '../domain/turn.ts';
import { doneAndEnds, type EffectScene, notDone } from './effect-scene.ts';
import type { OwnsEvent } from './events.ts';
import type { JorbMove, JorbMoves } from './jorb-moves.ts';
import { toRow } from './rows.ts';

export type EndingEffect = Extract<Effect, { kind: 'pause' | 'complete' | 'fail' }>;

/** The moves that a jorb's own agent may make. Evidence that proves nothing is left out. */
export function buildEndingEffect(moves: JorbMoves, mayProve: OwnsEvent) {
  return (effect: EndingEffect, { jorbRow, now }: EffectScene): EffectOutcome => {
    const next = transition(moves.getJorbRow(jorbRow).status, effect.kind, 'agent');
    if (!next.ok) return notDone(`not done: ${next.error}`);
    const move: Omit<JorbMove, 'reason'> = { command: effect.kind, by: 'agent', cause: null, evidence: [] };
    switch (effect.kind) {
      case 'pause':
        moves.moveJorbRow(jorbRow, { ...move, cause: 'agent', reason: effect.reason }, now);
        return doneAndEnds('paused; the owner sees the reason and can resume it');
      case 'fail':
        moves.moveJorbRow(jorbRow, { ...move, reason: effect.reason }, now);
        return doneAndEnds('ended as failed; the owner sees the reason');
      case 'complete': {
        const evidence = [...new Set(effect.evidence)].filter((id) => mayProve(jorbRow, toRow(id)));
        moves.moveJorbRow(jorbRow, { ...move, reason: effect.outcome, evidence }, now);
        return doneAndEnds(
          evidence.length > 0
            ? `completed on the evidence of ${evidence.join(', ')}`
            : 'completed without evidence: the owner is told that it is unconfirmed',
        );
      }
    }
  };
}
