import type { Prompt } from '../domain/brain.ts';
import type { RoutingQuestion } from '../domain/routing.ts';
import type { TurnContext } from '../domain/turn.ts';
import { renderErrand } from './prompts/errand.ts';
import { renderHandoff } from './prompts/handoff.ts';
import { renderHandoffState } from './prompts/handoff-state.ts';
import { renderHistory } from './prompts/history.ts';
import { renderCandidates, renderUnrouted } from './prompts/routing.ts';
import { sizes } from './prompts/sizes.ts';
import { renderThisTurn } from './prompts/this-turn.ts';

/** What a model is told at the beginning of a turn. */
export type RenderPrompt = (context: TurnContext) => Prompt;

/** What a model is asked about a message that the rules leave open. */
export type RenderRouting = (question: RoutingQuestion) => Prompt;

/**
 * `system` is the text of prompts/agent.md. The input is the errand, then what the last context handed over,
 * then the history in blocks, then what is of this turn: two turns of a jorb begin with the same bytes. Every
 * line in it that begins with neither `> ` nor spaces is ours.
 */
export function buildRenderPrompt(system: string): RenderPrompt {
  return (context) => ({ system, input: [...renderPast(context), renderThisTurn(context)] });
}

/** `system` is the text of prompts/handoff.md. It is asked for with `write_handoff`. */
export function buildRenderHandoff(system: string): RenderPrompt {
  return (context) => ({ system, input: [...renderPast(context), renderHandoffState(context)] });
}

/** What the next prompt begins with as well. */
function renderPast(context: TurnContext): string[] {
  const constant = [renderErrand(context), ...renderHandoff(context)];
  const taken = constant.reduce((sum, { length }) => sum + length, 0);
  const room = sizes.input - sizes.thisTurn - taken;
  return [...constant, ...renderHistory(context, Math.max(sizes.leastHistory, room))];
}

/** `system` is the text of prompts/router.md. */
export function buildRenderRouting(system: string): RenderRouting {
  return (question) => ({ system, input: [renderCandidates(question), renderUnrouted(question)] });
}
