import type { Prompt } from '../domain/brain.ts';
import type { RoutingQuestion } from '../domain/routing.ts';
import type { TurnContext } from '../domain/turn.ts';
import { renderErrand } from './prompts/errand.ts';
import { renderHistory } from './prompts/history.ts';
import { renderCandidates, renderUnrouted } from './prompts/routing.ts';
import { sizes } from './prompts/sizes.ts';
import { renderThisTurn } from './prompts/this-turn.ts';

/** What a model is told at the beginning of a turn. */
export type RenderPrompt = (context: TurnContext) => Prompt;

/** What a model is asked about a message that the rules leave open. */
export type RenderRouting = (question: RoutingQuestion) => Prompt;

/**
 * `system` is the text of prompts/agent.md. The input is the errand, then the history in blocks, then what is
 * of this turn: two turns of a jorb begin with the same bytes. Every line in it that begins with neither `> `
 * nor spaces is ours.
 */
export function buildRenderPrompt(system: string): RenderPrompt {
  return (context) => {
    const errand = renderErrand(context);
    const room = sizes.input - sizes.thisTurn - errand.length;
    const history = renderHistory(context, Math.max(sizes.leastHistory, room));
    return { system, input: [errand, ...history, renderThisTurn(context)] };
  };
}

/** `system` is the text of prompts/router.md. */
export function buildRenderRouting(system: string): RenderRouting {
  return (question) => ({ system, input: [renderCandidates(question), renderUnrouted(question)] });
}
