import type { ChannelAdapter, LookupOutcome } from '../domain/channel.ts';
import type { Fence } from '../domain/fence.ts';
import type { Mailer } from '../domain/mail.ts';
import type { Delivery } from '../domain/message.ts';
import type { Store } from '../domain/store.ts';
import { type HandOverDeps, lookUp } from './hand-over.ts';
import type { ModelDeps } from './model-deps.ts';

export type RecoveryDeps = HandOverDeps & {
  store: Pick<
    Store,
    'listUncertainDeliveries' | 'settleDelivery' | 'listUncertainMails' | 'settleMail' | 'endOutage'
  >;
  channels: ChannelAdapter[];
  mailer: Mailer;
  model: ModelDeps | null;
};

/**
 * Run once by each new runtime, before its stages. Batches and turns that were left open need nothing:
 * their rows are due again. A message or a mail left in `sending` may be on the wire, and only the wire
 * knows. A crash in the middle is made good by the next run.
 */
export async function recover(deps: RecoveryDeps, fence: Fence): Promise<void> {
  const { store, clock, model } = deps;
  // The model that was down is not asked any more.
  if (model === null) await store.endOutage(fence, clock.now());
  await recoverDeliveries(deps, fence);
  await recoverMails(deps, fence);
}

async function recoverDeliveries(deps: RecoveryDeps, fence: Fence): Promise<void> {
  const { store, channels, clock, log, failpoint } = deps;
  for (const delivery of await store.listUncertainDeliveries(fence)) {
    const { id, channel: wire } = delivery;
    const outcome = await lookUp({ id, wire, lookup: () => lookUpDelivery(channels, delivery) }, deps);
    failpoint('delivery.looked_up');
    const now = clock.now();
    await store.settleDelivery(fence, id, outcome, now, now);
    failpoint('delivery.recovered');
    log.warn({ delivery: id, outcome: outcome.kind }, 'delivery recovered');
  }
}

async function lookUpDelivery(channels: ChannelAdapter[], delivery: Delivery): Promise<LookupOutcome> {
  const channel = channels.find(({ kind }) => kind === delivery.channel);
  return channel ? channel.lookup(delivery) : { kind: 'unknown' };
}

async function recoverMails(deps: RecoveryDeps, fence: Fence): Promise<void> {
  const { store, mailer, clock, log, failpoint } = deps;
  for (const mail of await store.listUncertainMails(fence)) {
    const { id } = mail;
    const wire = 'the mail server';
    const outcome = await lookUp({ id, wire, lookup: () => mailer.lookup(mail) }, deps);
    failpoint('mail.looked_up');
    const now = clock.now();
    await store.settleMail(fence, id, outcome, now, now);
    failpoint('mail.recovered');
    log.warn({ mail: id, outcome: outcome.kind }, 'mail recovered');
  }
}
