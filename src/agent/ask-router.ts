import {
  type BrainAnswer,
  BrainError,
  type BrainStep,
  type ModelBrain,
  type ModelCall,
  type ModelRequest,
  noUsage,
  type Prompt,
  type Usage,
} from '../domain/brain.ts';
import type { RoutingChoice, RoutingQuestion } from '../domain/routing.ts';
import { err, type Result } from '../lib/result.ts';
import { shorten } from '../lib/text.ts';
import { readRoute, routeMessage } from './tools/route-message.ts';

export type RouterAnswer = {
  /** What the model chose, or what was wrong with its last answer: a line for the owner, then a hint for the model. */
  choice: Result<RoutingChoice, string>;
  /** Of all its answers together. */
  usage: Usage;
  call: ModelCall | null;
};

/** One answer that cannot be used may be a slip; two are none. */
const mostAnswers = 2;

/**
 * Asks a model where a message belongs, and once more with a hint when its answer cannot be used. Rejects
 * with `BrainError` where there is no answer, and with the signal's reason when it is aborted.
 */
export async function askRouter(asking: {
  brain: ModelBrain;
  prompt: Prompt;
  question: RoutingQuestion;
  signal: AbortSignal;
}): Promise<RouterAnswer> {
  const { brain, prompt, question, signal } = asking;
  const steps: BrainStep[] = [];
  let choice: RouterAnswer['choice'] = err('it was not asked');
  for (let asked = 0; asked < mostAnswers; asked++) {
    const tools = [routeMessage];
    const request: ModelRequest = { prompt, tools, steps, purpose: 'routing', jorbId: null };
    try {
      const answer = await brain.step(request, signal);
      choice = readAnswer(answer, question);
      if (choice.ok) return { choice, ...sumUp([...steps, { answer }]) };
      steps.push(correct(answer, choice.error));
    } catch (error) {
      if (!(error instanceof BrainError) || error.kind !== 'malformed') throw error;
      choice = err(error.message);
    }
    signal.throwIfAborted();
  }
  return { choice, ...sumUp(steps) };
}

function readAnswer(
  { toolCalls, stop }: BrainAnswer,
  question: RoutingQuestion,
): Result<RoutingChoice, string> {
  const [call] = toolCalls;
  const hint = `\nCall ${routeMessage.name} once.`;
  if (stop === 'refused') return err(`it refused${hint}`);
  if (!call) return err(`it ${stop === 'cut' ? 'was cut off at its limit' : 'chose nothing'}${hint}`);
  if (toolCalls.length > 1) return err(`it chose ${toolCalls.length} times${hint}`);
  if (call.name !== routeMessage.name) {
    return err(`there is no tool "${shorten(String(call.name), 60)}"${hint}`);
  }
  return readRoute(call.arguments, question);
}

function correct(answer: BrainAnswer, hint: string): BrainStep {
  const results = answer.toolCalls.map(({ id }) => ({ callId: id, text: hint, isError: true }));
  return { answer, results, note: results.length === 0 ? hint : null };
}

function sumUp(steps: readonly Pick<BrainStep, 'answer'>[]): Pick<RouterAnswer, 'usage' | 'call'> {
  const usage = steps.reduce(
    (sum, { answer: { usage: each } }) => ({
      inputTokens: sum.inputTokens + each.inputTokens,
      cachedTokens: sum.cachedTokens + each.cachedTokens,
      writtenTokens: sum.writtenTokens + each.writtenTokens,
      outputTokens: sum.outputTokens + each.outputTokens,
    }),
    noUsage,
  );
  const calls = steps.flatMap(({ answer }) => answer.call ?? []);
  const last = calls.at(-1);
  const sum = (field: 'costMicros' | 'durationMs') => calls.reduce((total, call) => total + call[field], 0);
  const call = last ? { ...last, costMicros: sum('costMicros'), durationMs: sum('durationMs') } : null;
  return { usage, call };
}
