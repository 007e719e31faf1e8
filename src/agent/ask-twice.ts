import {
  type BrainAnswer,
  BrainError,
  type BrainStep,
  type ModelBrain,
  type ModelCall,
  type ModelRequest,
  noUsage,
  type ToolSpec,
  type Usage,
} from '../domain/brain.ts';
import { err, type Result } from '../lib/result.ts';
import { shorten } from '../lib/text.ts';

export type Asked<Value> = {
  /** What the model said, or what was wrong with its last answer: a line for the owner, then a hint for the model. */
  said: Result<Value, string>;
  /** Of all its answers together. */
  usage: Usage;
  call: ModelCall | null;
};

/** One answer that cannot be used may be a slip; two are none. */
const mostAnswers = 2;

/**
 * Asks a model for one call of the one tool, and once more with a hint when its answer cannot be used. Rejects
 * with `BrainError` where there is no answer, and with the signal's reason when it is aborted.
 */
export async function askTwice<Value>(asking: {
  brain: ModelBrain;
  question: Pick<ModelRequest, 'prompt' | 'purpose' | 'jorbId'>;
  tool: ToolSpec;
  read: (given: unknown) => Result<Value, string> | Promise<Result<Value, string>>;
  signal: AbortSignal;
}): Promise<Asked<Value>> {
  const { brain, question, tool, read, signal } = asking;
  const steps: BrainStep[] = [];
  let said: Result<Value, string> = err('it was not asked');
  for (let asked = 0; asked < mostAnswers; asked++) {
    const request: ModelRequest = { ...question, tools: [tool], steps };
    let answer: BrainAnswer | undefined;
    try {
      answer = await brain.step(request, signal);
    } catch (error) {
      if (!(error instanceof BrainError) || error.kind !== 'malformed') throw error;
      said = err(error.message);
    }
    if (answer) {
      const call = findCall(answer, tool.name);
      said = call.ok ? await read(call.value) : call;
      if (said.ok) return { said, ...sumUp([...steps, { answer }]) };
      steps.push(correct(answer, said.error));
    }
    signal.throwIfAborted();
  }
  return { said, ...sumUp(steps) };
}

/** The arguments of its one call. */
function findCall({ toolCalls, stop }: BrainAnswer, name: string): Result<unknown, string> {
  const [call] = toolCalls;
  const hint = `\nCall ${name} once.`;
  if (stop === 'refused') return err(`it refused${hint}`);
  if (!call) return err(`it ${stop === 'cut' ? 'was cut off at its limit' : 'chose nothing'}${hint}`);
  if (toolCalls.length > 1) return err(`it chose ${toolCalls.length} times${hint}`);
  if (call.name !== name) return err(`there is no tool "${shorten(String(call.name), 60)}"${hint}`);
  return { ok: true, value: call.arguments };
}

function correct(answer: BrainAnswer, hint: string): BrainStep {
  const results = answer.toolCalls.map(({ id }) => ({ callId: id, text: hint, isError: true }));
  return { answer, results, note: results.length === 0 ? hint : null };
}

function sumUp(steps: readonly Pick<BrainStep, 'answer'>[]): Pick<Asked<unknown>, 'usage' | 'call'> {
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
