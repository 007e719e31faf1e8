import type { ModelBrain } from '../../domain/brain.ts';
import { lazy } from '../../lib/lazy.ts';
import { toAnswer } from '../model/answer.ts';
import type { ModelOptions } from '../model/options.ts';
import { toAsked } from '../model/reply.ts';
import { computeWorstCost } from '../model/usage.ts';
import { callModel } from '../openai/call-model.ts';
import { openClient } from '../openai/client.ts';
import type { Provider } from '../openai/errors.ts';
import { readReply } from './reply.ts';
import { buildRequest, localWire } from './request.ts';

/** Any server with OpenAI's Chat Completions: Ollama, llama.cpp, vLLM. */
export function buildLocalBrain(options: ModelOptions): ModelBrain {
  const { model, computeCost, now } = options;
  const connect = lazy(() => openClient(options));
  return {
    name: 'local',
    model,
    computeCost,
    computeWorstCost: (request) => computeWorstCost(buildRequest(request, options), options),
    async step(request, signal) {
      const body = buildRequest(request, options);
      const asked = toAsked(request, body);
      const provider: Provider = {
        name: 'the model server',
        likeness: 'an OpenAI-compatible server',
        options,
        purpose: request.purpose,
      };
      const startedAt = now();
      const reply = await callModel(provider, signal, {
        ask: async () => (await connect()).chat.completions.create(body, { signal }).withResponse(),
        read: (stream) => readReply(stream, asked, provider),
      });
      return toAnswer({ wire: localWire, body, startedAt, options, reply });
    },
  };
}
