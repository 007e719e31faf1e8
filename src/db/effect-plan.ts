import type { Phase } from '../domain/jorb.ts';
import { mendPhases } from '../domain/mend-phases.ts';
import type { Effect, EffectOutcome } from '../domain/turn.ts';
import type { AppendAudit } from './audit.ts';
import type { Db } from './connection.ts';
import { done, type EffectScene, notDone } from './effect-scene.ts';
import type { JorbMoves } from './jorb-moves.ts';
import { buildListPhases, buildReplacePhases } from './phases.ts';
import { toId } from './rows.ts';

export type PlanEffect = Extract<Effect, { kind: 'advance_phase' | 'update_plan' }>;

/**
 * How far the errand is, and what is still to be done. The owner's own words of the plan are not touched. The
 * audit keeps the phases as they were, from which a turn that is taken up again begins.
 */
export function buildPlanEffect(db: Db, audit: AppendAudit, moves: JorbMoves) {
  const listPhases = buildListPhases(db);
  const replacePhases = buildReplacePhases(db);

  function advance(phases: Phase[], { jorbRow, turnRow, now }: EffectScene): EffectOutcome {
    const active = phases.findIndex(({ status }) => status === 'active');
    const [current, next] = [phases[active], phases[active + 1]];
    if (!current) return notDone(phases.length === 0 ? 'the plan has no phases' : 'every phase is done');
    const advanced = phases.map((phase, position): Phase => {
      if (position === active) return { ...phase, status: 'done' };
      return position === active + 1 ? { ...phase, status: 'active' } : phase;
    });
    replacePhases(jorbRow, advanced);
    moves.touchJorb(jorbRow, { progress: true }, now);
    audit({
      at: now,
      actor: 'agent',
      what: 'phase.advanced',
      jorbRow,
      subject: toId('jorb', jorbRow),
      before: { phase: current.title, phases },
      after: { phase: next?.title ?? null, turn: toId('turn', turnRow) },
    });
    return done(next ? `"${next.title}" is the active phase now` : 'every phase is done');
  }

  function update(phases: Phase[], wanted: Phase[], scene: EffectScene): EffectOutcome {
    const { jorbRow, turnRow, now } = scene;
    const mended = mendPhases(phases, wanted);
    if (!mended.ok) return notDone(`not done: ${mended.error}`);
    if (JSON.stringify(mended.value) === JSON.stringify(phases)) return done('the plan is so already');
    replacePhases(jorbRow, mended.value);
    // No progress: else a loop could keep itself alive by making plans.
    moves.touchJorb(jorbRow, { progress: false }, now);
    audit({
      at: now,
      actor: 'agent',
      what: 'plan.updated',
      jorbRow,
      subject: toId('jorb', jorbRow),
      before: { phases },
      after: { phases: mended.value, turn: toId('turn', turnRow) },
    });
    const active = mended.value.find(({ status }) => status === 'active');
    return done(active ? `updated; "${active.title}" is the active phase` : 'updated; every phase is done');
  }

  return (effect: PlanEffect, scene: EffectScene): EffectOutcome => {
    const phases = listPhases(scene.jorbRow);
    return effect.kind === 'advance_phase' ? advance(phases, scene) : update(phases, effect.phases, scene);
  };
}
