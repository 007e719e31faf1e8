import type { Brain, BrainAnswer, BrainRequest, ToolCall } from '../../src/domain/brain.ts';
import type { Consequence } from '../../src/domain/contract.ts';

/** What a scripted brain does in one step. No calls: it has nothing more to say. */
export type Script = (request: BrainRequest) => ToolCall[];

/** A brain that makes the calls it is told, right or wrong, and thinks nothing. */
export function buildScriptedBrain(script: Script): Brain {
  return { name: 'script', step: async (request) => toAnswer(script(request)) };
}

/** A brain that is handed each step from outside, and is silent when it was handed none. */
export function buildQueueBrain(): Brain & { say(...calls: ToolCall[]): void; requests: BrainRequest[] } {
  const steps: ToolCall[][] = [];
  const requests: BrainRequest[] = [];
  const script = buildScriptedBrain((request) => {
    requests.push(request);
    return steps.shift() ?? [];
  });
  return { ...script, requests, say: (...calls) => void steps.push(calls) };
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
