import type { RenderPrompt, RenderRouting } from '../agent/prompts.ts';
import type { Brain, ModelBrain } from '../domain/brain.ts';
import type { ModelLimits } from '../domain/model-money.ts';

/** What the pipeline needs of models. */
export type ModelDeps = {
  agent: ModelBrain;
  router: ModelBrain;
  renderRouting: RenderRouting;
  renderHandoff: RenderPrompt;
  /** Takes over what it can while the model is down. */
  fallback: Brain;
  limits: ModelLimits;
  /** How long one answer may take. */
  timeoutMs: number;
  /** How long the model may be down before the fallback takes over. */
  fallbackMs: number;
};
