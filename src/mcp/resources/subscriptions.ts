import { type JSONRPCMessage, type McpServer, ResourceNotFoundError } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Face } from '../../runtime/face.ts';
import { readResource } from './contents.ts';
import type { ResourceWatch } from './watch.ts';

const listenRequest = z.object({
  id: z.union([z.string(), z.number()]),
  method: z.literal('subscriptions/listen'),
  params: z.object({
    notifications: z.object({
      resourceSubscriptions: z.array(z.string()).default([]),
      resourcesListChanged: z.boolean().default(false),
    }),
  }),
});

const cancelNotice = z.object({
  method: z.literal('notifications/cancelled'),
  params: z.object({ requestId: z.union([z.string(), z.number()]) }),
});

/**
 * The SDK keeps the subscriptions of a 2026-07-28 connection and hands out what the server tells, but
 * does not say what is followed. So the request that says it is read on its way in.
 */
export function followListen(watch: ResourceWatch, message: JSONRPCMessage): void {
  const listen = listenRequest.safeParse(message);
  if (listen.success) {
    const { resourceSubscriptions: uris, resourcesListChanged: list } = listen.data.params.notifications;
    watch.follow(`listen ${listen.data.id}`, { uris, list });
    return;
  }
  const cancel = cancelNotice.safeParse(message);
  if (cancel.success) watch.unfollow(`listen ${cancel.data.params.requestId}`);
}

/** Before 2026-07-28 a host subscribes to one URI after the other, and hears of the list unasked. */
export function followSubscriptions(
  { server }: McpServer,
  face: Face,
  { watch, era }: { watch: ResourceWatch; era: 'legacy' | 'modern' },
): void {
  server.registerCapabilities({ resources: { subscribe: true, listChanged: true } });
  if (era === 'modern') return;
  server.oninitialized = () => watch.follow('list', { uris: [], list: true });
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
    if ((await readResource(face, uri)) === undefined) throw new ResourceNotFoundError(uri);
    watch.follow(`uri ${uri}`, { uris: [uri], list: false });
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    watch.unfollow(`uri ${uri}`);
    return {};
  });
}
