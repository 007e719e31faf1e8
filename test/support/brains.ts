import type {
  Brain,
  BrainAnswer,
  BrainRequest,
  ModelBrain,
  ModelRequest,
  ToolCall,
} from '../../src/domain/brain.ts';
import type { Consequence } from '../../src/domain/contract.ts';

/** What a scripted brain does in one step. No calls: it has nothing more to say. */
export type Script = (request: BrainRequest) => ToolCall[];

/** A brain that makes the calls it is told, right or wrong, and thinks nothing. */
export function buildScriptedBrain(script: Script): Brain {
  return { name: 'script', step: async (request) => toAnswer(orWait(request, script(request))) };
}

/** One that was asked to conclude and has nothing to do looks again when every test is over. */
export function orWait(
  { steps, purpose }: Pick<ModelRequest, 'steps' | 'purpose'>,
  calls: ToolCall[],
): ToolCall[] {
  const isAsked = purpose === 'turn' && calls.length === 0 && steps.at(-1)?.note != null;
  return isAsked ? [waitFor(300)] : calls;
}

export function waitFor(days: number): ToolCall {
  const minutes = days * 24 * 60;
  return call('schedule_wake', { at: null, minutes_from_now: minutes, reason: 'nothing to do until then' });
}

/** A brain that is handed each step from outside, and only waits when it was handed none. */
export function buildQueueBrain(): Brain & { say(...calls: ToolCall[]): void; requests: BrainRequest[] } {
  const steps: ToolCall[][] = [];
  const requests: BrainRequest[] = [];
  const script = buildScriptedBrain((request) => {
    requests.push(request);
    return steps.shift() ?? [];
  });
  return { ...script, requests, say: (...calls) => void steps.push(calls) };
}

/** A brain without a model in the place of one that costs nothing: a turn's request has what it reads. */
export function toModelBrain(brain: Brain): ModelBrain {
  return {
    name: brain.name,
    model: 'none',
    computeWorstCost: () => 0,
    computeCost: () => 0,
    async step(request, signal) {
      const answer = await brain.step(request as BrainRequest, signal);
      const call = { model: 'none', promptHash: 'none', costMicros: 0, durationMs: 0 };
      return { ...answer, call: answer.call ?? call };
    },
  };
}

/** What a scripted model answers, or throws. */
export type ModelScript = (request: ModelRequest, signal: AbortSignal) => ToolCall[] | Promise<ToolCall[]>;

export type ScriptedModel = ModelBrain & { requests: ModelRequest[] };

/** A model that makes the calls it is told, at a fixed price, and keeps what it was asked. */
export function buildScriptedModel(
  script: ModelScript,
  { worstMicros = 100_000, costMicros = 10_000 }: { worstMicros?: number; costMicros?: number } = {},
): ScriptedModel {
  const requests: ModelRequest[] = [];
  return {
    name: 'openai',
    model: 'script-1',
    requests,
    computeWorstCost: () => worstMicros,
    computeCost: () => costMicros,
    async step(request, signal) {
      requests.push(request);
      const answer = toAnswer(orWait(request, await script(request, signal)));
      const call = { model: 'script-1', promptHash: 'hash', costMicros, durationMs: 1 };
      return { ...answer, reasoning: `the model ${answer.reasoning}`, call };
    },
  };
}

export function toAnswer(toolCalls: ToolCall[]): BrainAnswer {
  return {
    wire: 'script',
    items: [],
    reasoning: `makes ${toolCalls.length} calls`,
    confidence: 0.5,
    basedOn: [],
    toolCalls,
    usage: { inputTokens: 10, cachedTokens: 0, writtenTokens: 0, outputTokens: 5 },
    call: null,
    stop: toolCalls.length > 0 ? 'tools' : 'end',
  };
}

export function call(name: string, given: Record<string, unknown>): ToolCall {
  return { id: `call-${name}`, name, arguments: given };
}

/** A message as a model would propose it: only what differs from plain talk need be said. */
export function sendMessage(given: {
  to?: string;
  text: string;
  price?: { amount: string; currency: string; quantity: number; per: string | null } | null;
  consequence?: Consequence;
  basedOn?: string | null;
  confidence?: number;
}): ToolCall {
  const { to = 'loopback:magic', text, price = null, consequence = 'message', basedOn = null } = given;
  const { confidence = 1 } = given;
  return call('send_message', { to, text, price, consequence, based_on: basedOn, confidence });
}
