import type { ChannelAdapter, LookupOutcome, SendOutcome } from '../domain/channel.ts';
import type { Fence } from '../domain/fence.ts';
import type { Delivery } from '../domain/message.ts';
import type { Store } from '../domain/store.ts';
import type { Clock } from '../lib/clock.ts';
import { secondMs } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import type { ModelDeps } from './model-deps.ts';
import type { Failpoint } from './stage.ts';

export type RecoveryDeps = {
  store: Pick<Store, 'listUncertainDeliveries' | 'settleDelivery' | 'endOutage'>;
  clock: Clock;
  log: Log;
  channels: ChannelAdapter[];
  model: ModelDeps | null;
  failpoint: Failpoint;
};

const lookupTimeoutMs = 30 * secondMs;

/**
 * Run once by each new runtime, before its stages. Batches and turns that were left open need nothing:
 * their rows are due again. A message left in `sending` may be on the wire, and only the channel knows.
 * A crash in the middle is made good by the next run.
 */
export async function recover(deps: RecoveryDeps, fence: Fence): Promise<void> {
  const { store, clock, log, failpoint, model } = deps;
  // The model that was down is not asked any more.
  if (model === null) await store.endOutage(fence, clock.now());
  for (const delivery of await store.listUncertainDeliveries(fence)) {
    const outcome = readLookup(await lookUp(deps, delivery), delivery);
    failpoint('delivery.looked_up');
    const now = clock.now();
    await store.settleDelivery(fence, delivery.id, outcome, now, now);
    failpoint('delivery.recovered');
    log.warn({ delivery: delivery.id, outcome: outcome.kind }, 'delivery recovered');
  }
}

function readLookup(found: LookupOutcome, { channel }: Delivery): SendOutcome {
  switch (found.kind) {
    case 'sent':
      return found;
    case 'not_sent':
      return { kind: 'retry', error: 'the process ended before the message was handed over' };
    case 'unknown':
      return {
        kind: 'unknown',
        error: `the process ended while the message was handed over, and ${channel} cannot tell whether it was accepted`,
      };
  }
}

async function lookUp({ channels, clock, log }: RecoveryDeps, delivery: Delivery): Promise<LookupOutcome> {
  const { id, channel } = delivery;
  const adapter = channels.find(({ kind }) => kind === channel);
  if (adapter === undefined) return { kind: 'unknown' };
  let cancel = () => {};
  const cut = new Promise<LookupOutcome>((resolve) => {
    cancel = clock.at(clock.now() + lookupTimeoutMs, () => resolve({ kind: 'unknown' }));
  });
  try {
    return await Promise.race([adapter.lookup(delivery), cut]);
  } catch (error) {
    log.error({ err: error, delivery: id }, 'channel threw while a message was looked up');
    return { kind: 'unknown' };
  } finally {
    cancel();
  }
}
