import type { EvaluateGate } from '../domain/gate.ts';
import type { EffectOutcome } from '../domain/turn.ts';

/** Where an effect is applied: everything it needs besides itself, inside the caller's transaction. */
export type EffectScene = {
  jorbRow: number;
  turnRow: number;
  decisionRow: number;
  evaluate: EvaluateGate;
  now: number;
};

export function done(text: string): EffectOutcome {
  return { text, isError: false, endsTurn: false };
}

/** The agent has said what it had to say. */
export function doneAndEnds(text: string): EffectOutcome {
  return { text, isError: false, endsTurn: true };
}

export function notDone(text: string): EffectOutcome {
  return { text, isError: true, endsTurn: false };
}
