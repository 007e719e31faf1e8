import { BrainError } from '../../domain/brain.ts';
import { fitsHeader } from '../model/failures.ts';
import { describeStranger, type Provider, toBrainError } from './errors.ts';

type Streamed<Event> = { data: AsyncIterable<Event>; response: Response };

/**
 * One call. Its answer is always streamed: Node waits five minutes for headers, and a slow model thinks for
 * longer. Throws `BrainError`, or the signal's reason when it was aborted.
 */
export async function callModel<Event, Reply>(
  provider: Provider,
  signal: AbortSignal,
  call: { ask: () => Promise<Streamed<Event>>; read: (stream: AsyncIterable<Event>) => Promise<Reply> },
): Promise<Reply> {
  checkSettings(provider);
  try {
    const { data, response } = await call.ask();
    const type = response.headers.get('content-type')?.toLowerCase() ?? '';
    if (!type.includes('text/event-stream')) {
      await response.body?.cancel();
      throw describeStranger(provider, type.includes('text/html'));
    }
    return await call.read(data);
  } catch (error) {
    signal.throwIfAborted();
    throw await toBrainError(error, provider);
  }
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
