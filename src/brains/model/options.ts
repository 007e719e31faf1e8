import type { Usage } from '../../domain/brain.ts';

/** What a call of a model costs: whole micro-dollars, rounded up. */
export type ComputeCost = (usage: Usage) => number;

/** What every brain with a model is built from. Nothing is read from the environment. */
export type ModelOptions = {
  /** Empty where a local server wants none. */
  apiKey: string;
  /** Absent: the provider's own. */
  baseUrl: string | undefined;
  model: string;
  /** Also a field of the `ModelBrain` that is built, as it is. */
  computeCost: ComputeCost;
  /** The most one answer may take, thinking included. */
  mostOutputTokens: number;
  /** Milliseconds since the epoch: only for how long a call took. */
  now: () => number;
};
