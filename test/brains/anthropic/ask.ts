import { buildAnthropicBrain } from '../../../src/brains/anthropic/anthropic-brain.ts';
import type { ModelOptions } from '../../../src/brains/model/options.ts';
import type { BrainAnswer, BrainStep, ModelBrain, ModelRequest } from '../../../src/domain/brain.ts';
import { BrainError } from '../../../src/domain/brain.ts';
import type { JorbId } from '../../../src/domain/ids.ts';
import {
  type MessagesServer,
  type MessagesServerOptions,
  startMessagesServer,
} from '../../support/models/messages-server.ts';

export const model = 'claude-test-1';
const weather = {
  name: 'get_weather',
  description: 'The weather in one city.',
  parameters: {
    type: 'object',
    properties: {
      city: { type: 'string', minLength: 1, maxLength: 80 },
      unit: { anyOf: [{ type: 'string', enum: ['c', 'f'] }, { type: 'null' }] },
    },
    required: ['city', 'unit'],
    additionalProperties: false,
  },
};

/** Micro-dollars by token: in 3, cached 1, written 4, out 5. */
export const computeCost: ModelOptions['computeCost'] = (usage) =>
  (usage.inputTokens - usage.cachedTokens - usage.writtenTokens) * 3 +
  usage.cachedTokens +
  usage.writtenTokens * 4 +
  usage.outputTokens * 5;

export function buildRequest(changes: Partial<ModelRequest> = {}): ModelRequest {
  return {
    prompt: { system: 'You run errands.', input: ['The contract: Oslo only.', 'The newest message: hello.'] },
    tools: [weather],
    steps: [],
    purpose: 'turn',
    jorbId: 'jorb_1' as JorbId,
    ...changes,
  };
}

export function buildStep(answer: BrainAnswer, changes: Partial<BrainStep> = {}): BrainStep {
  const results = answer.toolCalls.map(({ id }) => ({ callId: id, text: '{"temp":12}', isError: false }));
  return { answer, results, note: null, ...changes };
}

export type Opened = {
  server: MessagesServer;
  brain: ModelBrain;
  ask(changes?: Partial<ModelRequest>, signal?: AbortSignal): Promise<BrainAnswer>;
};

/** A brain, and the server that it thinks with. */
export async function openBrain(
  mind: MessagesServerOptions['mind'],
  {
    server: serverOptions,
    ...options
  }: Partial<ModelOptions> & { server?: Partial<MessagesServerOptions> } = {},
): Promise<Opened> {
  const server = await startMessagesServer({ mind, ...serverOptions });
  const brain = buildAnthropicBrain({
    apiKey: server.key,
    baseUrl: server.url,
    model,
    computeCost,
    mostOutputTokens: 4000,
    now: () => Date.UTC(2026, 10, 20, 9),
    ...options,
  });
  const never = new AbortController().signal;
  return { server, brain, ask: (changes, signal = never) => brain.step(buildRequest(changes), signal) };
}

/** The error that a step ended with. */
export async function catchError(step: Promise<BrainAnswer>): Promise<BrainError> {
  const error = await step.then(
    (answer) => new Error(`it answered: ${JSON.stringify(answer).slice(0, 500)}`),
    (thrown) => thrown,
  );
  if (error instanceof BrainError) return error;
  throw error;
}
