import type { ActionStatus } from './action.ts';
import type { Address } from './contact.ts';
import type { Consequence } from './contract.ts';
import type { ActionId, DecisionId, EventId, JorbId, TurnId } from './ids.ts';
import type { TurnTrigger } from './turn.ts';

export const decisionKinds = ['turn', 'routing'] as const;
export type DecisionKind = (typeof decisionKinds)[number];

/** What a decision was made on. */
export type DecisionInput = { triggers: TurnTrigger[]; events: EventId[] };

/** What a brain or the router concluded, and why. Append-only. */
export type Decision = {
  id: DecisionId;
  kind: DecisionKind;
  jorbId: JorbId | null;
  turnId: TurnId | null;
  /** The brain's name, or `rules` of the router. */
  by: string;
  /** Null where no model was asked. */
  model: string | null;
  /** SHA-256 of all that the model was given. */
  promptHash: string | null;
  input: DecisionInput;
  reasoning: string;
  confidence: number;
  basedOn: EventId[];
  inputTokens: number;
  cachedTokens: number;
  writtenTokens: number;
  outputTokens: number;
  costMicros: number;
  durationMs: number;
  at: number;
};

/** A decision with what was done for it. */
export type DecisionRecord = Decision & {
  /** The newest messages of third parties that it had before it, with who wrote them. */
  after: (Address & { eventId: EventId })[];
  /** `outcome` is null where nothing came of the call: the process died, or the turn was ended. */
  calls: { tool: string; outcome: string | null; isError: boolean }[];
  actions: { id: ActionId; kind: string; consequence: Consequence; status: ActionStatus }[];
};

export type DecisionFilter = {
  jorbId: JorbId | null;
  /** Only those that led to an action which now has this status. */
  status: ActionStatus | null;
  since: number | null;
  limit: number;
  offset: number;
};

/** Newest first. `rest`: whether there are older ones that fit; too many others were in the way to look at all. */
export type DecisionPage = { decisions: DecisionRecord[]; rest: 'none' | 'more' | 'not_looked_at' };
