import type { DecisionId, EventId, JorbId, TurnId } from './ids.ts';

export const decisionKinds = ['turn', 'routing'] as const;
export type DecisionKind = (typeof decisionKinds)[number];

/** What a brain or the router concluded, and why. Append-only. */
export type Decision = {
  id: DecisionId;
  kind: DecisionKind;
  jorbId: JorbId | null;
  turnId: TurnId | null;
  /** The brain's name, or `rules` of the router. */
  by: string;
  reasoning: string;
  confidence: number;
  basedOn: EventId[];
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  at: number;
};
