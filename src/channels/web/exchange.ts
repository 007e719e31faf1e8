import { type IncomingMessage, request as sendRequest } from 'node:http';
import type { Socket } from 'node:net';
import { readContentType, type WebRequest } from '../../domain/web-request.ts';
import type { Clock } from '../../lib/clock.ts';
import { limitTime, untilAborted } from '../time-limit.ts';
import { FetchFailure, readCode } from './fetch-failure.ts';

export type ExchangeLimits = {
  headersMs: number;
  bodyMs: number;
  headerBytes: number;
  /** As much of a body is kept. */
  bodyBytes: number;
};

export type WebAnswer = {
  status: number;
  /** Lower case, without parameters. */
  contentType: string | null;
  location: string | null;
  /** In an encoding that was not asked for, and is not undone. */
  isEncoded: boolean;
  body: Uint8Array;
  /** Whether there was more of it, or may have been. */
  isCut: boolean;
};

export type ExchangeOptions = { clock: Clock; userAgent: string; limits: ExchangeLimits };

/** Replies before the reply: more than this are none. */
const mostInformational = 8;

/**
 * Asks once over a connection that is already made and reads as much of the answer as is kept. The
 * connection is gone when it resolves. Throws `FetchFailure`: from here on the host may have acted.
 */
export async function exchange(
  socket: Socket,
  { host, request }: { host: string; request: WebRequest },
  options: ExchangeOptions,
  signal: AbortSignal,
): Promise<WebAnswer> {
  try {
    if (signal.aborted) throw new FetchFailure('unreached', `${host} could not be asked in time`);
    const response = await awaitResponse(socket, { host, request }, options, signal);
    const { bytes, isCut } = await readBody(response, options, signal);
    const { statusCode = 0, headers } = response;
    const encoding = headers['content-encoding'] ?? 'identity';
    return {
      status: statusCode,
      contentType: /^[\w.+-]+\/[\w.+-]+/.exec(headers['content-type'] ?? '')?.[0].toLowerCase() ?? null,
      location: headers.location ?? null,
      isEncoded: encoding.trim().toLowerCase() !== 'identity',
      body: bytes,
      isCut,
    };
  } finally {
    socket.destroy();
  }
}

async function awaitResponse(
  socket: Socket,
  { host, request }: { host: string; request: WebRequest },
  { clock, userAgent, limits }: ExchangeOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const limit = limitTime(clock, limits.headersMs, signal);
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    const { method, path, body } = request;
    const bytes = body === null ? undefined : Buffer.from(body, 'utf8');
    const outgoing = sendRequest({
      // Without an agent, no pool, no proxy and no second look at the name.
      createConnection: () => socket,
      method,
      path,
      setHost: false,
      maxHeaderSize: limits.headerBytes,
      insecureHTTPParser: false,
      headers: {
        host,
        'user-agent': userAgent,
        accept: 'application/json, text/*;q=0.9, */*;q=0.1',
        // Nothing is unpacked here, so nothing can be a bomb.
        'accept-encoding': 'identity',
        connection: 'close',
        ...(bytes && { 'content-type': readContentType(body ?? ''), 'content-length': bytes.length }),
      },
    });
    let informational = 0;
    outgoing.on('information', () => {
      informational += 1;
      if (informational > mostInformational) outgoing.destroy(new Error('it never comes to the point'));
    });
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
    // Also of a host that changes the protocol, which Node hangs up on without a word.
    outgoing.once('close', () => reject(new Error('the connection was closed')));
    outgoing.end(bytes);
  });
  try {
    const first = await untilAborted(limit.signal, response);
    if (first) return first;
  } catch (error) {
    throw new FetchFailure('unanswered', `${host} was asked and did not answer (${readCode(error)})`);
  } finally {
    limit.end();
  }
  throw new FetchFailure('unanswered', `${host} was asked and did not answer in time`);
}

/** What came of the body before its end, its time or its most. It never fails: the host has answered. */
async function readBody(
  response: IncomingMessage,
  { clock, limits }: ExchangeOptions,
  signal: AbortSignal,
): Promise<{ bytes: Uint8Array; isCut: boolean }> {
  const limit = limitTime(clock, limits.bodyMs, signal);
  const stop = () => response.destroy();
  limit.signal.addEventListener('abort', stop, { once: true });
  if (limit.signal.aborted) stop();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isCut = limit.signal.aborted;
  try {
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limits.bodyBytes) break;
    }
  } catch {
    isCut = true;
  } finally {
    limit.signal.removeEventListener('abort', stop);
    limit.end();
  }
  return {
    bytes: Buffer.concat(chunks).subarray(0, limits.bodyBytes),
    isCut: isCut || size > limits.bodyBytes,
  };
}
