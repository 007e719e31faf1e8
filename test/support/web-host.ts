/**
 * A web host on loopback that a test answers for, in plain bytes where it must be able to misbehave, and
 * the way there for the guarded client: every name leads to it, by plain TCP.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { WebWire } from '../../src/channels/web/client.ts';
import { defaultLimits } from '../../src/channels/web/guarded-fetch.ts';

/** One request as its host read it. */
export type HostRequest = { method: string; path: string; headers: Record<string, string>; body: string };

export type WebHost = {
  /** All that it was asked, in order. */
  requests: HostRequest[];
  /** Every connection, asked or not. */
  readonly connections: number;
  /** What it does when it is asked. */
  answer: (request: HostRequest, socket: Socket) => void;
  /** The names that were looked up, in order. */
  lookups: string[];
  /** How the guarded client reaches it. */
  wire: WebWire;
  /** Takes no connection any more. */
  stop(): Promise<void>;
};

const loopback = '127.0.0.1';

/** Closed when the test that opened it ends. */
export async function openWebHost(): Promise<WebHost> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    readRequest(socket, (request) => {
      host.requests.push(request);
      host.answer(request, socket);
    });
  });
  let connections = 0;
  const port = await listen(server);
  const host: WebHost = {
    requests: [],
    get connections() {
      return connections;
    },
    answer: (_, socket) => void socket.end(formatResponse({ body: 'hello' })),
    lookups: [],
    wire: {
      resolve: async (name) => {
        host.lookups.push(name);
        return [loopback];
      },
      isAllowedAddress: (ip) => ip === loopback,
      connect: ({ ip }, signal) => connectPlainly(ip, port, signal),
      limits: defaultLimits,
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  onTestFinished(() => (server.listening ? host.stop() : undefined));
  return host;
}

export function formatResponse(response: {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}): Buffer {
  const { status = 200, headers = {}, body = '' } = response;
  const bytes = Buffer.from(body);
  const all = { 'content-type': 'text/plain', 'content-length': String(bytes.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} OK\r\n${lines.join('\r\n')}\r\n\r\n`), bytes]);
}

export function connectPlainly(ip: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: ip, port, signal });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, loopback, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

/** Once its head and the body it declares are in. */
function readRequest(socket: Socket, each: (request: HostRequest) => void): void {
  let bytes = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) return;
    const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 2),
      ]),
    );
    const body = bytes.subarray(end + 4);
    if (body.length < Number(headers['content-length'] ?? 0)) return;
    const [method = '', path = ''] = first.split(' ');
    bytes = Buffer.alloc(0);
    each({ method, path, headers, body: body.toString('utf8') });
  });
}
