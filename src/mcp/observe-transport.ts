import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';

/**
 * The same transport, seen through: `heard` gets each inbound message before the server does, `closed`
 * is called when the connection is gone, for whatever reason.
 */
export function observeTransport(
  inner: Transport,
  { heard, closed }: { heard: (message: JSONRPCMessage) => void; closed: () => void },
): Transport {
  const outer: Transport = {
    async start() {
      inner.onmessage = (message, extra) => {
        heard(message);
        outer.onmessage?.(message, extra);
      };
      inner.onerror = (error) => outer.onerror?.(error);
      inner.onclose = () => {
        closed();
        outer.onclose?.();
      };
      await inner.start();
    },
    send: (message, options) => inner.send(message, options),
    close: () => inner.close(),
    setProtocolVersion: (version) => inner.setProtocolVersion?.(version),
  };
  return outer;
}
