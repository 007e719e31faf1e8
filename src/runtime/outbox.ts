import type { ChannelAdapter, SendOutcome } from '../domain/channel.ts';
import type { Fence } from '../domain/fence.ts';
import type { Delivery } from '../domain/message.ts';
import { evaluateDeparture } from '../domain/policy/evaluate-departure.ts';
import type { Store } from '../domain/store.ts';
import { computeBackoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { minuteMs, secondMs } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import { buildSettlement } from './settlement.ts';
import type { Failpoint, Stage } from './stage.ts';

export type OutboxDeps = {
  store: Pick<Store, 'claimDelivery' | 'settleDelivery'>;
  clock: Clock;
  log: Log;
  channels: ChannelAdapter[];
  failpoint: Failpoint;
};

const sendTimeoutMs = 30 * secondMs;
const backoff = { firstMs: 5 * secondMs, longestMs: 15 * minuteMs };
const mostAttempts = 8;

/**
 * Hands queued messages to the wire, each once. A message is marked as on its way before the wire is
 * touched, so a crash leaves it to recovery and never to a second try.
 */
export function buildOutbox(deps: OutboxDeps, fence: Fence, signal: AbortSignal): Stage {
  const { store, clock, log, channels, failpoint } = deps;
  const { settle, settleLeft } = buildSettlement(async ({ delivery, outcome }: HandedOver) => {
    const now = clock.now();
    const retryAt = now + computeRetryDelay(delivery.attempts);
    await store.settleDelivery(fence, delivery.id, outcome, retryAt, now);
    failpoint('delivery.settled');
    log.info({ delivery: delivery.id, outcome: outcome.kind }, 'delivery settled');
  });

  async function handOver(delivery: Delivery): Promise<SendOutcome> {
    const channel = channels.find(({ kind }) => kind === delivery.channel);
    if (!channel) return { kind: 'failed', error: `there is no ${delivery.channel} channel to send it on` };
    return limitAttempts(await send(channel, delivery, { clock, log, signal }), delivery.attempts);
  }

  return {
    name: 'outbox',
    async tick() {
      if (signal.aborted) return false;
      if (await settleLeft()) return true;
      const delivery = await store.claimDelivery(fence, evaluateDeparture, clock.now());
      if (delivery === undefined) return false;
      failpoint('delivery.claimed');
      const outcome = await handOver(delivery);
      failpoint('delivery.sent');
      // The end of this process cut the wire off: recovery asks the channel what became of it.
      if (signal.aborted && outcome.kind === 'unknown') return false;
      await settle({ delivery, outcome });
      return true;
    },
  };
}

type HandedOver = { delivery: Delivery; outcome: SendOutcome };

/** `attempts` counts the one that just failed. */
export function computeRetryDelay(attempts: number): number {
  return computeBackoff(Math.max(0, attempts - 1), backoff);
}

function limitAttempts(outcome: SendOutcome, attempts: number): SendOutcome {
  if (outcome.kind !== 'retry' || attempts < mostAttempts) return outcome;
  return { kind: 'failed', error: `${outcome.error} (given up after ${attempts} attempts)` };
}

type SendContext = { clock: Clock; log: Log; signal: AbortSignal };

/**
 * What came of it, whatever the adapter does: one that throws or never answers may have sent. The end
 * of this process is the adapter's to heed: to leave it alone with an open wire would let the next
 * runtime look the message up too early.
 */
async function send(
  channel: ChannelAdapter,
  delivery: Delivery,
  { clock, log, signal }: SendContext,
): Promise<SendOutcome> {
  const timeout = new AbortController();
  let cancel = () => {};
  const late = new Promise<SendOutcome>((resolve) => {
    cancel = clock.at(clock.now() + sendTimeoutMs, () => {
      timeout.abort();
      resolve({
        kind: 'unknown',
        error: `${delivery.channel} did not say in time whether it took the message`,
      });
    });
  });
  try {
    return await Promise.race([channel.send(delivery, AbortSignal.any([signal, timeout.signal])), late]);
  } catch (error) {
    log.error({ err: error, delivery: delivery.id }, 'channel threw');
    return { kind: 'unknown', error: `${delivery.channel} broke off while the message was handed over` };
  } finally {
    cancel();
  }
}
