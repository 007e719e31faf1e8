import { buildLocalBrain } from '../../../src/brains/local/local-brain.ts';
import type { ModelOptions } from '../../../src/brains/model/options.ts';
import { buildOpenAiBrain } from '../../../src/brains/openai/openai-brain.ts';
import {
  type BrainAnswer,
  BrainError,
  type ModelBrain,
  type ModelRequest,
} from '../../../src/domain/brain.ts';
import { type ChatServerOptions, startChatServer } from './chat-server.ts';
import type { Mind } from './mind.ts';
import { buildModelOptions, buildModelRequest, continueRequest } from './model-request.ts';
import type { OpenAiServer, OpenAiServerOptions } from './openai-server.ts';
import { startResponsesServer } from './responses-server.ts';

export type Opened = {
  server: OpenAiServer;
  brain: ModelBrain;
  ask(changes?: Partial<ModelRequest>, signal?: AbortSignal): Promise<BrainAnswer>;
};

type Given<Options> = Partial<ModelOptions> & { server?: Partial<Options> };

/** A brain, and the server that it thinks with. */
export async function openOpenAi(mind: Mind, { server: given, ...options }: Given<OpenAiServerOptions> = {}) {
  const server = await startResponsesServer({ mind, ...given });
  return open(server, buildOpenAiBrain, { apiKey: server.key, ...options });
}

export async function openLocal(mind: Mind, { server: given, ...options }: Given<ChatServerOptions> = {}) {
  const server = await startChatServer({ mind, ...given });
  return open(server, buildLocalBrain, { apiKey: server.key, ...options });
}

function open(
  server: OpenAiServer,
  build: (options: ModelOptions) => ModelBrain,
  options: Partial<ModelOptions>,
): Opened {
  const brain = build(buildModelOptions({ baseUrl: `${server.url}/v1`, ...options }));
  const never = new AbortController().signal;
  return { server, brain, ask: (changes, signal = never) => brain.step(buildModelRequest(changes), signal) };
}

/** Writes, and pauses. */
export const askingMind: Mind = () => ({
  text: 'I ask the hotel.',
  calls: [
    {
      name: 'send_message',
      arguments: { to: 'loopback:magic', text: 'Free?', confidence: 1, based_on: null },
    },
    { name: 'pause', arguments: { reason: 'for the owner' } },
  ],
});

/** What was sent for a first step, and for the one after it with its failures and a note: as golden files hold it. */
export async function recordTwoSteps({ server, ask }: Opened): Promise<[string, string]> {
  const first = await ask();
  const failed = { isError: true, note: 'Two steps are left.' };
  await ask({ steps: continueRequest(buildModelRequest(), first, failed).steps });
  if (server.refused.length > 0) throw new Error(server.refused.join('; '));
  const [one = '', two = ''] = server.requests.map(({ body }) => `${JSON.stringify(body, null, 2)}\n`);
  return [one, two];
}

/** The error that a step ended with. */
export async function catchBrainError(step: Promise<BrainAnswer>): Promise<BrainError> {
  const error = await step.then(
    (answer) => new Error(`it answered: ${JSON.stringify(answer).slice(0, 500)}`),
    (thrown) => thrown,
  );
  if (error instanceof BrainError) return error;
  throw error;
}
