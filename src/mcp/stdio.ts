import type { McpServer, Transport } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio as serve } from '@modelcontextprotocol/server/stdio';
import { secondMs } from '../lib/duration.ts';
import type { Face } from '../runtime/face.ts';
import { observeTransport } from './observe-transport.ts';
import { followListen, followSubscriptions } from './resources/subscriptions.ts';
import { watchResources } from './resources/watch.ts';
import { buildServer, openShared, type Shared } from './server.ts';

/** A host that only looks (lists what there is and leaves) never makes this process run. */
const settledMs = 3 * secondMs;

/** Serves the host on stdin and stdout. Resolves when the host has gone. */
export function serveStdio(face: Face): Promise<void> {
  return serveTransport(face, new StdioServerTransport());
}

/**
 * Serves one host in the era its first message speaks. Stands for election once the host has stayed.
 * Resolves when the connection is gone.
 */
export function serveTransport(
  face: Face,
  transport: Transport,
  shared: Shared = openShared(face),
): Promise<void> {
  const { clock } = face.owner;
  return new Promise((resolve) => {
    const connection: { server?: McpServer; leave?: () => void } = {};
    const watch = watchResources(face, {
      updated: async (uri) => connection.server?.server.sendResourceUpdated({ uri }),
      listChanged: async () => connection.server?.server.sendResourceListChanged(),
    });
    const closed = () => {
      watch.stop();
      connection.leave?.();
      resolve();
    };
    serve(
      ({ era }) => {
        connection.leave ??= clock.at(clock.now() + settledMs, () => face.stand());
        connection.server = buildServer(face, shared);
        followSubscriptions(connection.server, face, { watch, era });
        return connection.server;
      },
      {
        transport: observeTransport(transport, { heard: (message) => followListen(watch, message), closed }),
        maxSubscriptions: 16,
        onerror: (error) => {
          face.log.warn({ name: error.name }, 'trouble on the connection to the host');
          face.log.debug({ err: error }, 'trouble on the connection to the host');
        },
      },
    );
  });
}
