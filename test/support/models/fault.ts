import type { ServerResponse } from 'node:http';

/** One event of a stream. A string goes out as it is, anything else as JSON. */
export type SseEvent = { event?: string; data: unknown };

/** What can go wrong with one answer. `after` counts events of a stream, or halves of any other body. */
export type Fault =
  | { kind: 'status'; status: number; retryAfter?: string | number; body?: unknown }
  /** Takes the request, and never sends a header. */
  | { kind: 'hang' }
  /** Closes the connection before a byte of the answer. */
  | { kind: 'reset' }
  /** A part of the body, then the connection is gone. */
  | { kind: 'cut'; after?: number }
  /** A part of the body, then silence. */
  | { kind: 'stall'; after?: number }
  /** A part of the body, then an orderly end. */
  | { kind: 'short'; after?: number }
  /** A part of the stream, then the wire's own error event, then the end. */
  | { kind: 'midstream'; type: string; after?: number }
  /** The event at `after` again and again, until the caller hangs up. */
  | { kind: 'endless'; after: number }
  /** Sends the caller elsewhere with all that it sent. */
  | { kind: 'redirect'; to: string }
  | { kind: 'html' }
  /** 200 and the right content type, but no JSON. */
  | { kind: 'garbage' }
  /** Every U+FFFD of the answer is sent as a byte that is no UTF-8. */
  | { kind: 'bytes' };

/** What leaves a body incomplete. */
const breaking: string[] = ['cut', 'stall', 'short', 'midstream', 'endless'];
const replacement = Buffer.from('\u{fffd}');

export function renderEvent({ event, data }: SseEvent): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`;
}

/** Waits where the caller reads slowly; false once it has hung up. */
async function write(response: ServerResponse, chunk: string | Buffer): Promise<boolean> {
  if (response.destroyed) return false;
  const accepted = response.write(chunk);
  if (!accepted) {
    await new Promise<void>((resolve) => {
      const goOn = () => {
        response.off('drain', goOn).off('close', goOn);
        resolve();
      };
      response.on('drain', goOn).on('close', goOn);
    });
  }
  return !response.destroyed;
}

/** Writes the body of an answer, chunk by chunk, and what the fault makes of it. */
export async function writeBody(
  response: ServerResponse,
  chunks: readonly string[],
  fault: Fault | undefined,
  errorEvent: (type: string) => SseEvent,
): Promise<void> {
  const half = Math.floor(chunks.length / 2);
  const partial = fault && 'after' in fault ? (fault.after ?? half) : half;
  const isWhole = fault === undefined || !breaking.includes(fault.kind);
  for (const chunk of isWhole ? chunks : chunks.slice(0, partial)) {
    if (!(await write(response, fault?.kind === 'bytes' ? spoil(chunk) : chunk))) return;
  }
  if (fault?.kind === 'stall') return;
  if (fault?.kind === 'cut') return hangUp(response);
  if (fault?.kind === 'midstream') await write(response, renderEvent(errorEvent(fault.type)));
  if (fault?.kind === 'endless') {
    const again = chunks[fault.after] ?? ' ';
    while (await write(response, again));
    return;
  }
  response.end();
}

/** Only after what was written has left, so that the caller has seen it. */
function hangUp(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.write('', () => {
      response.socket?.destroySoon();
      resolve();
    });
  });
}

function spoil(chunk: string): Buffer {
  const bytes = Buffer.from(chunk);
  for (let at = bytes.indexOf(replacement); at !== -1; at = bytes.indexOf(replacement, at + 1)) {
    bytes.fill(0xff, at, at + replacement.length);
  }
  return bytes;
}
