import { BrainError } from '../../domain/brain.ts';

/** An answer of 100,000 tokens, each in an event of its own, stays below. */
const mostBodyBytes = 32_000_000;

/**
 * The only way of a model's SDK to the network. What goes out has exactly these headers: SDKs add some that
 * tell of this machine, and whatever a variable of the environment names. Redirects are not followed, since a
 * key must not travel, and a body without end is cut off.
 */
export function buildModelFetch(headers: Record<string, string>): typeof fetch {
  return async (url, init) => {
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    if (response.body === null) return response;
    const { status, statusText, headers: answered } = response;
    return new Response(response.body.pipeThrough(limitBytes()), { status, statusText, headers: answered });
  };
}

function limitBytes(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > mostBodyBytes) controller.error(tooLarge());
      else controller.enqueue(chunk);
    },
  });
}

/** More text than any answer to an errand holds. Counts what is read of one answer; throws past the limit. */
export function buildSizeLimit(): (text: string) => void {
  let bytes = 0;
  return (text) => {
    bytes += Buffer.byteLength(text);
    if (bytes > mostTextBytes) throw tooLarge();
  };
}

const mostTextBytes = 2_000_000;

/** A step carries out far fewer. Each of more would be looked for among all before it, and be stored and answered. */
const mostCalls = 250;

/** Throws where one answer makes more calls than any errand needs. */
export function limitCalls(calls: number): void {
  if (calls <= mostCalls) return;
  throw new BrainError(`the model made more than ${mostCalls} calls in one answer`, { kind: 'malformed' });
}

function tooLarge(): BrainError {
  return new BrainError('the model answered with more text than any errand needs', { kind: 'malformed' });
}
