import type { ChannelAdapter, SendOutcome } from '../domain/channel.ts';
import type { Fence } from '../domain/fence.ts';
import type { Delivery } from '../domain/message.ts';
import { evaluateDeparture } from '../domain/policy/evaluate-departure.ts';
import type { Store } from '../domain/store.ts';
import { computeBackoff } from '../lib/backoff.ts';
import { minuteMs, secondMs } from '../lib/duration.ts';
import { buildHandOver, type HandOverDeps } from './hand-over.ts';
import type { Stage } from './stage.ts';

export type OutboxDeps = HandOverDeps & {
  store: Pick<Store, 'claimDelivery' | 'settleDelivery'>;
  channels: ChannelAdapter[];
};

export const longestDeliveryDelayMs = 15 * minuteMs;
const backoff = { firstMs: 5 * secondMs, longestMs: longestDeliveryDelayMs };
const mostAttempts = 8;

/** Hands queued messages to their channels. */
export function buildOutbox(deps: OutboxDeps, fence: Fence, signal: AbortSignal): Stage {
  const { store, channels } = deps;
  return buildHandOver<Delivery>(
    {
      name: 'outbox',
      points: { claimed: 'delivery.claimed', sent: 'delivery.sent', settled: 'delivery.settled' },
      patienceMs: 30 * secondMs,
      wireOf: ({ channel }) => channel,
      claim: (now) => store.claimDelivery(fence, evaluateDeparture, now),
      async send(delivery, ending) {
        const channel = channels.find(({ kind }) => kind === delivery.channel);
        if (channel) return channel.send(delivery, ending);
        return { kind: 'failed', error: `there is no ${delivery.channel} channel to send it on` };
      },
      limit: (outcome, { attempts }) => limitAttempts(outcome, attempts),
      settle: ({ id, attempts }, outcome, now) =>
        store.settleDelivery(fence, id, outcome, now + computeRetryDelay(attempts), now),
    },
    deps,
    signal,
  );
}

/** `attempts` counts the one that just failed. */
export function computeRetryDelay(attempts: number): number {
  return computeBackoff(Math.max(0, attempts - 1), backoff);
}

function limitAttempts(outcome: SendOutcome, attempts: number): SendOutcome {
  if (outcome.kind !== 'retry' || attempts < mostAttempts) return outcome;
  return { kind: 'failed', error: `${outcome.error} (given up after ${attempts} attempts)` };
}
