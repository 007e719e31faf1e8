import type { ModelBrain } from '../../domain/brain.ts';
import { lazy } from '../../lib/lazy.ts';
import { toAnswer } from '../model/answer.ts';
import type { ModelOptions } from '../model/options.ts';
import { toAsked } from '../model/reply.ts';
import { computeWorstCost } from '../model/usage.ts';
import { callModel } from './call-model.ts';
import { openClient } from './client.ts';
import type { Provider } from './errors.ts';
import { readReply } from './reply.ts';
import { buildRequest, openAiWire } from './request.ts';

/** OpenAI through its Responses API. */
export function buildOpenAiBrain(options: ModelOptions): ModelBrain {
  const { model, computeCost, now } = options;
  const connect = lazy(() => openClient(options));
  return {
    name: 'openai',
    model,
    computeCost,
    computeWorstCost: (request) => computeWorstCost(buildRequest(request, options), options),
    async step(request, signal) {
      const body = buildRequest(request, options);
      const asked = toAsked(request, body);
      const provider: Provider = { name: 'OpenAI', likeness: 'OpenAI', options, purpose: request.purpose };
      const startedAt = now();
      const reply = await callModel(provider, signal, {
        ask: async () => (await connect()).responses.create(body, { signal }).withResponse(),
        read: (stream) => readReply(stream, asked, provider),
      });
      return toAnswer({ wire: openAiWire, body, startedAt, options, reply });
    },
  };
}
