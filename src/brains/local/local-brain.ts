import type { ModelBrain } from '../../domain/brain.ts';
import type { ModelOptions } from '../model/options.ts';
import { buildWireBrain } from '../openai/wire-brain.ts';
import { readReply } from './reply.ts';
import { buildRequest, localWire } from './request.ts';

/** Any server with OpenAI's Chat Completions: Ollama, llama.cpp, vLLM. */
export function buildLocalBrain(options: ModelOptions): ModelBrain {
  return buildWireBrain(
    {
      name: localWire,
      provider: { name: 'the model server', likeness: 'an OpenAI-compatible server' },
      buildRequest,
      open: (client, body, signal) => client.chat.completions.create(body, { signal }).withResponse(),
      read: readReply,
    },
    options,
  );
}
