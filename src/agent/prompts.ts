import type { Prompt } from '../domain/brain.ts';
import type { TurnContext } from '../domain/turn.ts';

/** What a model is told at the beginning of a turn. */
export type RenderPrompt = (context: TurnContext) => Prompt;

/** `system` is the text of prompts/agent.md. */
export function buildRenderPrompt(system: string): RenderPrompt {
  return ({ jorb }) => ({ system, input: [jorb.plan] });
}
