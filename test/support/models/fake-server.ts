import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { type Fault, renderEvent, type SseEvent, writeBody } from './fault.ts';

export type FakeRequest = {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  /** Read from JSON; the text itself where it is none. */
  body: unknown;
};

/** 200 unless it says otherwise. */
export type FakeReply = { status?: number; headers?: Record<string, string> } & (
  | { json: unknown }
  | { sse: SseEvent[] }
  | { raw: string }
);

export type FakeServerOptions = {
  answer: (request: FakeRequest) => FakeReply;
  /** How this wire words an error: the body of a status fault that has none of its own. */
  errorBody: (status: number) => unknown;
  /** How this wire words an error inside a stream. */
  errorEvent: (type: string) => SseEvent;
  /** By the number of the request, from 1. Where it has none, the next of `faults` is taken. */
  fault?: (n: number) => Fault | undefined;
};

export type FakeServer = {
  /** Without a path: `http://127.0.0.1:PORT`. */
  url: string;
  /** All that arrived, in order, answered or not. */
  requests: FakeRequest[];
  /** What each of them was to be answered with, and what went wrong with that. Nothing where no header was sent. */
  replies: { reply: FakeReply | undefined; fault: Fault | undefined }[];
  /** Taken from the front, one for each request. */
  faults: Fault[];
  /** Resolves with the number of requests when that many have arrived. */
  waitForRequests(count: number): Promise<number>;
  /** Resolves when every caller has hung up. */
  waitForHangUp(): Promise<void>;
  close(): Promise<void>;
};

/** A real HTTP server on loopback that keeps every request. Closed when the test ends. */
export async function startFakeServer(options: FakeServerOptions): Promise<FakeServer> {
  const server = await openFakeServer(options);
  onTestFinished(server.close);
  return server;
}

/** The same outside a test, where the caller closes it. */
export async function openFakeServer(options: FakeServerOptions): Promise<FakeServer> {
  const requests: FakeRequest[] = [];
  const replies: FakeServer['replies'] = [];
  const faults: Fault[] = [];
  const waiting: { count: number; resolve: (count: number) => void }[] = [];
  const open = new Set<Promise<unknown>>();

  async function take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    requests.push(request);
    const fault = options.fault?.(requests.length) ?? faults.shift();
    for (const { count, resolve } of waiting) if (requests.length >= count) resolve(requests.length);
    const reply = chooseReply(request, fault, options);
    replies.push({ reply, fault });
    await respond(response, { reply, fault }, options);
  }

  const server = createServer((incoming, response) => {
    open.add(once(response, 'close'));
    void take(incoming, response).catch((error) => response.destroy(error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    replies,
    faults,
    waitForRequests(count) {
      if (requests.length >= count) return Promise.resolve(requests.length);
      return new Promise((resolve) => waiting.push({ count, resolve }));
    },
    waitForHangUp: async () => void (await Promise.all(open)),
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<FakeRequest> {
  const { method = '', url = '', headers } = incoming;
  const body = await text(incoming);
  try {
    return { method, url, headers, body: JSON.parse(body) };
  } catch {
    return { method, url, headers, body };
  }
}

function chooseReply(
  request: FakeRequest,
  fault: Fault | undefined,
  { answer, errorBody }: FakeServerOptions,
): FakeReply | undefined {
  if (fault?.kind === 'hang' || fault?.kind === 'reset') return undefined;
  if (fault?.kind === 'redirect') return { status: 307, headers: { location: fault.to }, raw: '' };
  return fault?.kind === 'status' ? refuse(fault, errorBody) : answer(request);
}

async function respond(
  response: ServerResponse,
  { reply, fault }: FakeServer['replies'][number],
  { errorEvent }: FakeServerOptions,
): Promise<void> {
  if (fault?.kind === 'reset') return void response.socket?.resetAndDestroy();
  if (reply === undefined) return;
  const isRefused = (reply.status ?? 200) >= 300;
  const [type, chunks] = renderReply(reply, isRefused ? undefined : fault);
  const id = `req_${randomUUID()}`;
  response.writeHead(reply.status ?? 200, {
    'content-type': type,
    'request-id': id,
    'x-request-id': id,
    ...reply.headers,
  });
  response.flushHeaders();
  await writeBody(response, chunks, isRefused ? undefined : fault, errorEvent);
}

function refuse(
  fault: Extract<Fault, { kind: 'status' }>,
  errorBody: (status: number) => unknown,
): FakeReply {
  const { status, retryAfter, body = errorBody(status) } = fault;
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return typeof body === 'string' ? { status, headers, raw: body } : { status, headers, json: body };
}

/** Content type, and the body in the chunks that a fault counts in. */
function renderReply(reply: FakeReply, fault: Fault | undefined): [string, string[]] {
  if (fault?.kind === 'html') return ['text/html', ['<!doctype html>', '<title>Sign in</title>']];
  if ('sse' in reply) {
    const events = fault?.kind === 'garbage' ? reply.sse.slice(0, 1).map(spoil) : reply.sse;
    return ['text/event-stream', events.map(renderEvent)];
  }
  if ('raw' in reply) return ['text/html', [reply.raw]];
  const body = fault?.kind === 'garbage' ? '{"id": "x", ' : JSON.stringify(reply.json);
  const middle = body.indexOf(',', body.length / 2);
  return ['application/json', [body.slice(0, middle), body.slice(middle)]];
}

function spoil(event: SseEvent): SseEvent {
  return { ...event, data: JSON.stringify(event.data).slice(0, 20) };
}
