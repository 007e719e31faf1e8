import type OpenAI from 'openai';
import { type BrainAnswer, BrainError, type ModelBrain, type ModelRequest } from '../../domain/brain.ts';
import { lazy } from '../../lib/lazy.ts';
import { toAnswer } from '../model/answer.ts';
import { fitsHeader } from '../model/failures.ts';
import type { ModelOptions } from '../model/options.ts';
import { type Asked, type Reply, toAsked } from '../model/reply.ts';
import { computeWorstCost } from '../model/usage.ts';
import { openClient } from './client.ts';
import { describeStranger, type Provider, refusesStrictness, toBrainError } from './errors.ts';

type Streamed<Event> = { data: AsyncIterable<Event>; response: Response };

/** One of OpenAI's two wires, and who is expected at its other end. */
export type Wire<Body extends object, Event> = {
  /** Of the brain, and of the items that only this wire can send back. */
  name: string;
  provider: Pick<Provider, 'name' | 'likeness'>;
  buildRequest(request: ModelRequest, options: ModelOptions, isStrict: boolean): Body;
  open(client: OpenAI, body: Body, signal: AbortSignal): Promise<Streamed<Event>>;
  read(stream: AsyncIterable<Event>, asked: Asked, provider: Provider): Promise<Reply<unknown>>;
};

/**
 * A brain behind this wire. Its answers are always streamed: Node waits five minutes for headers, and a slow
 * model thinks for longer. A server that takes no strict tools is asked once more without, and so from then on.
 */
export function buildWireBrain<Body extends object, Event>(
  wire: Wire<Body, Event>,
  options: ModelOptions,
): ModelBrain {
  const { model, computeCost, now } = options;
  const connect = lazy(() => openClient(options));
  const mode = { isStrict: true };

  async function ask(request: ModelRequest, signal: AbortSignal): Promise<BrainAnswer> {
    const provider: Provider = { ...wire.provider, options, purpose: request.purpose };
    checkSettings(provider);
    const body = wire.buildRequest(request, options, mode.isStrict);
    const startedAt = now();
    try {
      const stream = await checkStream(await wire.open(await connect(), body, signal), provider);
      const reply = await wire.read(stream, toAsked(request, body), provider);
      return toAnswer({ wire: wire.name, body, startedAt, options, reply });
    } catch (error) {
      signal.throwIfAborted();
      if (mode.isStrict && refusesStrictness(error)) {
        mode.isStrict = false;
        return ask(request, signal);
      }
      throw await toBrainError(error, provider);
    }
  }

  return {
    name: wire.name,
    model,
    computeCost,
    computeWorstCost: (request) => computeWorstCost(wire.buildRequest(request, options, true), options),
    step: ask,
  };
}

async function checkStream<Event>(
  { data, response }: Streamed<Event>,
  provider: Provider,
): Promise<AsyncIterable<Event>> {
  const type = response.headers.get('content-type')?.toLowerCase() ?? '';
  if (type.includes('text/event-stream')) return data;
  await response.body?.cancel();
  throw describeStranger(provider, type.includes('text/html'));
}

/** What the platform refuses with errors that look like those of a network, and that name the key. */
function checkSettings({ name, options: { baseUrl, apiKey } }: Provider): void {
  const { username, password } = URL.parse(baseUrl ?? '') ?? { username: '', password: '' };
  const message =
    username !== '' || password !== ''
      ? 'LLM_BASE_URL must hold no user name and no password: a key belongs into LLM_API_KEY'
      : fitsHeader(apiKey)
        ? undefined
        : `LLM_API_KEY is no key for ${name}`;
  if (message !== undefined) throw new BrainError(message, { kind: 'permanent', usage: null });
}
