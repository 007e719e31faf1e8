import type { ChannelAdapter, SendOutcome } from '../../domain/channel.ts';
import type { Delivery, Inbound } from '../../domain/message.ts';
import { parseWebRequest } from '../../domain/web-request.ts';
import type { AskOptions } from './client.ts';

type Receive = (inbound: Inbound) => Promise<void>;

/**
 * Web hosts as counterparties: what is sent to one is a request, and what it answers is a message from it,
 * stored before the request counts as sent. A GET whose answer was lost is made again, and its answer is
 * one event all the same; a POST is made once. No connection outlives its request.
 */
export function buildWebChannel(options: AskOptions): ChannelAdapter {
  const underWay = new Map<Promise<SendOutcome>, AbortController>();
  let receive: Receive | undefined;

  return {
    kind: 'web',
    account: 'local',
    async start(given) {
      receive = given;
    },
    async send(delivery, signal) {
      if (!receive || signal.aborted) return { kind: 'retry', error: 'the channel is stopped' };
      const stop = new AbortController();
      const asked = ask(delivery, { options, receive }, AbortSignal.any([signal, stop.signal]));
      underWay.set(asked, stop);
      try {
        return await asked;
      } finally {
        underWay.delete(asked);
      }
    },
    async lookup({ text }) {
      const request = parseWebRequest(text);
      return { kind: request.ok && request.value.method === 'GET' ? 'not_sent' : 'unknown' };
    },
    async stop() {
      receive = undefined;
      for (const stop of underWay.values()) stop.abort();
      await Promise.allSettled(underWay.keys());
    },
  };
}

async function ask(
  { address: host, text, key, jorbId }: Delivery,
  { options, receive }: { options: AskOptions; receive: Receive },
  signal: AbortSignal,
): Promise<SendOutcome> {
  const request = parseWebRequest(text);
  if (!request.ok) return { kind: 'failed', error: request.error };
  // Loaded when first needed: most processes never ask a host.
  const { askHost } = await import('./client.ts');
  const asked = await askHost(host, request.value, options, signal);
  if (asked.kind !== 'answered') return asked;
  try {
    await receive({
      channel: 'web',
      // Each errand has its own conversation with a host: answers to two of them are never read together.
      account: jorbId,
      externalId: key,
      from: host,
      text: asked.text,
      inReplyTo: key,
      sentAt: null,
      grade: 'verified',
    });
  } catch {
    const error = `${host} answered, and its answer could not be stored`;
    return { kind: request.value.method === 'GET' ? 'retry' : 'unknown', error };
  }
  return { kind: 'sent', receipt: key };
}
