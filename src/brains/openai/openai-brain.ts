import type { ModelBrain } from '../../domain/brain.ts';
import type { ModelOptions } from '../model/options.ts';
import { readReply } from './reply.ts';
import { buildRequest, openAiWire } from './request.ts';
import { buildWireBrain } from './wire-brain.ts';

/** OpenAI through its Responses API. */
export function buildOpenAiBrain(options: ModelOptions): ModelBrain {
  return buildWireBrain(
    {
      name: openAiWire,
      provider: { name: 'OpenAI', likeness: 'OpenAI' },
      buildRequest,
      open: (client, body, signal) => client.responses.create(body, { signal }).withResponse(),
      read: readReply,
    },
    options,
  );
}
