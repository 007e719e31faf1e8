import type Anthropic from '@anthropic-ai/sdk';
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import { type BrainAnswer, BrainError, type ModelBrain, type ModelRequest } from '../../domain/brain.ts';
import { lazy } from '../../lib/lazy.ts';
import { toAnswer } from '../model/answer.ts';
import { describeCut, fitsHeader } from '../model/failures.ts';
import type { ModelOptions } from '../model/options.ts';
import { toAsked } from '../model/reply.ts';
import { computeWorstCost } from '../model/usage.ts';
import { openClient } from './client.ts';
import { describeStranger, refusesStrictness, toBrainError } from './errors.ts';
import { openReading, type Reading } from './reading.ts';
import { anthropicWire, buildRequest } from './request.ts';

/** Thinks by Anthropic's Messages API, which keeps nothing of a conversation. */
export function buildAnthropicBrain(options: ModelOptions): ModelBrain {
  const client = lazy(() => openClient(options));
  const mode = { mayBeStrict: true };

  async function ask(request: ModelRequest, signal: AbortSignal): Promise<BrainAnswer> {
    const startedAt = options.now();
    const body = buildRequest(request, options, mode.mayBeStrict);
    const reading = openReading(toAsked(request, body));
    try {
      await read(await client(), body, { reading, signal });
      return toAnswer({ wire: anthropicWire, body, startedAt, options, reply: reading.finish() });
    } catch (error) {
      // Also where the SDK has ended an aborted stream as if it were complete.
      signal.throwIfAborted();
      // How many strict tools fit into one request depends on the model, and nothing but a refusal tells.
      if (mode.mayBeStrict && refusesStrictness(error)) {
        mode.mayBeStrict = false;
        return ask(request, signal);
      }
      const asked = { options, purpose: request.purpose };
      throw withUsage(await toBrainError(error, asked), reading);
    }
  }

  return {
    name: anthropicWire,
    model: options.model,
    computeCost: options.computeCost,
    computeWorstCost: (request) => computeWorstCost(buildRequest(request, options), options),
    async step(request, signal) {
      if (options.apiKey === '' || !fitsHeader(options.apiKey)) {
        throw new BrainError('LLM_API_KEY is no key of Anthropic', { kind: 'permanent', usage: null });
      }
      return ask(request, signal);
    },
  };
}

async function read(
  client: Anthropic,
  body: MessageCreateParamsStreaming,
  { reading, signal }: { reading: Reading; signal: AbortSignal },
): Promise<void> {
  const { data: stream, response } = await client.messages.create(body, { signal }).withResponse();
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('text/event-stream')) {
    stream.controller.abort();
    throw type.startsWith('text/html') ? describeStranger(null) : describeStranger();
  }
  for await (const event of stream) reading.take(event);
  if (!reading.hasBegun()) throw describeStranger();
  if (!reading.hasEnded()) throw describeCut('Anthropic');
}

/** What the answer had taken when it failed, where that is known. */
function withUsage(error: BrainError, reading: Reading): BrainError {
  const usage = error.usage === undefined ? reading.countUsage() : error.usage;
  if (usage === undefined) return error;
  const { kind, retryAfterMs } = error;
  return new BrainError(error.message, { kind, retryAfterMs, usage });
}
