import type { ModelOptions } from '../../../src/brains/model/options.ts';
import type { BrainAnswer, ModelRequest, ToolSpec } from '../../../src/domain/brain.ts';

const tools: ToolSpec[] = [
  {
    name: 'send_message',
    description: 'Propose a message.',
    parameters: {
      type: 'object',
      properties: {
        to: { type: 'string' },
        text: { type: 'string' },
        confidence: { type: 'number', minimum: 0, maximum: 1 },
        based_on: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      },
      required: ['to', 'text', 'confidence', 'based_on'],
      additionalProperties: false,
    },
  },
  {
    name: 'pause',
    description: 'Wait for the owner.',
    parameters: {
      type: 'object',
      properties: { reason: { type: 'string' } },
      required: ['reason'],
      additionalProperties: false,
    },
  },
];

/** A conversation that begins. */
export function buildModelRequest(given: Partial<ModelRequest> = {}): ModelRequest {
  return {
    prompt: {
      system: 'You carry out errands.',
      input: ['# Contract\nAsk before you buy.', '# News\nThe hotel wrote.'],
    },
    tools,
    steps: [],
    purpose: 'turn',
    jorbId: 'jorb_7',
    ...given,
  };
}

/** The conversation after one more answer, each of whose calls came to `result`. */
export function continueRequest(
  request: ModelRequest,
  answer: BrainAnswer,
  {
    result = 'done',
    isError = false,
    note = null,
  }: { result?: string; isError?: boolean; note?: string | null } = {},
): ModelRequest {
  const results = answer.toolCalls.map(({ id }) => ({ callId: id, text: result, isError }));
  return { ...request, steps: [...request.steps, { answer, results, note }] };
}

/** A token of the input costs 2, a cached one 1, one that is written 3 and one of the output 10. */
export function buildModelOptions(given: Partial<ModelOptions> = {}): ModelOptions {
  return {
    apiKey: 'sk-test',
    baseUrl: undefined,
    model: 'model-1',
    computeCost: ({ inputTokens, cachedTokens, writtenTokens, outputTokens }) =>
      2 * inputTokens - cachedTokens + writtenTokens + 10 * outputTokens,
    mostOutputTokens: 1000,
    now: () => Date.UTC(2026, 10, 20, 12),
    ...given,
  };
}
