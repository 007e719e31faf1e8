import type { ModelBrain, Prompt } from '../domain/brain.ts';
import type { RoutingChoice, RoutingQuestion } from '../domain/routing.ts';
import { type Asked, askTwice } from './ask-twice.ts';
import { readRoute, routeMessage } from './tools/route-message.ts';

export type RouterAnswer = Omit<Asked<RoutingChoice>, 'said'> & { choice: Asked<RoutingChoice>['said'] };

/** Asks a model where a message belongs, as `askTwice` does. */
export async function askRouter(asking: {
  brain: ModelBrain;
  prompt: Prompt;
  question: RoutingQuestion;
  signal: AbortSignal;
}): Promise<RouterAnswer> {
  const { brain, prompt, question, signal } = asking;
  const { said: choice, ...taken } = await askTwice({
    brain,
    question: { prompt, purpose: 'routing', jorbId: null },
    tool: routeMessage,
    read: (given) => readRoute(given, question),
    signal,
  });
  return { choice, ...taken };
}
