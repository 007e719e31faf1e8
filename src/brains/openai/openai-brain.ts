import type { ModelBrain } from '../../domain/brain.ts';
import { lazy } from '../../lib/lazy.ts';
import { hashPrompt, toAnswer } from '../model/answer.ts';
import { listCallIds } from '../model/conversation.ts';
import type { ModelOptions } from '../model/options.ts';
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
      const asked = { body: JSON.stringify(body), callIds: listCallIds(request) };
      const provider: Provider = { name: 'OpenAI', likeness: 'OpenAI', options, purpose: request.purpose };
      const startedAt = now();
      const reply = await callModel(provider, signal, {
        ask: async () => (await connect()).responses.create(body, { signal }).withResponse(),
        read: (stream) => readReply(stream, asked, provider),
      });
      return toAnswer({
        ...reply,
        wire: openAiWire,
        model,
        promptHash: hashPrompt(body),
        costMicros: computeCost(reply.usage),
        durationMs: now() - startedAt,
      });
    },
  };
}
