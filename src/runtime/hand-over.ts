import type { LookupOutcome, SendOutcome } from '../domain/channel.ts';
import type { Clock } from '../lib/clock.ts';
import { secondMs } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import { buildSettlement } from './settlement.ts';
import type { Failpoint, FailpointName, Stage } from './stage.ts';

/** Things of one kind that are each handed to a wire once: messages, mails. */
export type Departing<Item extends { id: string }> = {
  /** Of the stage. */
  name: string;
  points: Record<'claimed' | 'sent' | 'settled', FailpointName>;
  /** How long a wire may take to say what came of it. */
  patienceMs: number;
  /** What to call the wire in a sentence. */
  wireOf(item: Item): string;
  /** Marks one as on its way, so that a crash leaves it to recovery and never to a second try. */
  claim(now: number): Promise<Item | undefined>;
  send(item: Item, signal: AbortSignal): Promise<SendOutcome>;
  /** Gives up what was tried for too long. */
  limit(outcome: SendOutcome, item: Item, now: number): SendOutcome;
  settle(item: Item, outcome: SendOutcome, now: number): Promise<void>;
};

export type HandOverDeps = { clock: Clock; log: Log; failpoint: Failpoint };

/** Hands what is due to the wire, each once, and writes what came of it. */
export function buildHandOver<Item extends { id: string }>(
  departing: Departing<Item>,
  { clock, log, failpoint }: HandOverDeps,
  signal: AbortSignal,
): Stage {
  const { name, points, claim, limit } = departing;
  const { settle, settleLeft } = buildSettlement(
    async ({ item, outcome }: { item: Item; outcome: SendOutcome }) => {
      await departing.settle(item, outcome, clock.now());
      failpoint(points.settled);
      log.info({ id: item.id, outcome: outcome.kind }, `${name}: settled`);
    },
  );
  return {
    name,
    async tick() {
      if (signal.aborted) return false;
      if (await settleLeft()) return true;
      const item = await claim(clock.now());
      if (item === undefined) return false;
      failpoint(points.claimed);
      const outcome = limit(await handOver(departing, item, { clock, log, signal }), item, clock.now());
      failpoint(points.sent);
      // The end of this process cut the wire off: recovery asks the wire what became of it.
      if (signal.aborted && outcome.kind === 'unknown') return false;
      await settle({ item, outcome });
      return true;
    },
  };
}

/**
 * What came of it, whatever the wire does: one that throws or never answers may have sent. The end of
 * this process is the wire's to heed: to leave it alone with an open line would let the next runtime
 * look the item up too early.
 */
async function handOver<Item extends { id: string }>(
  { send, wireOf, patienceMs }: Departing<Item>,
  item: Item,
  { clock, log, signal }: { clock: Clock; log: Log; signal: AbortSignal },
): Promise<SendOutcome> {
  const timeout = new AbortController();
  let cancel = () => {};
  const late = new Promise<SendOutcome>((resolve) => {
    cancel = clock.at(clock.now() + patienceMs, () => {
      timeout.abort();
      resolve({
        kind: 'unknown',
        error: `${wireOf(item)} did not say in time whether it took the message`,
      });
    });
  });
  try {
    return await Promise.race([send(item, AbortSignal.any([signal, timeout.signal])), late]);
  } catch (error) {
    log.error({ err: error, id: item.id }, 'the wire threw');
    return { kind: 'unknown', error: `${wireOf(item)} broke off while the message was handed over` };
  } finally {
    cancel();
  }
}

const lookupPatienceMs = 30 * secondMs;

/** What a wire says about an item that a dead process left on its way; one that throws or never answers cannot tell. */
export async function lookUp(
  { id, wire, lookup }: { id: string; wire: string; lookup: () => Promise<LookupOutcome> },
  { clock, log }: { clock: Clock; log: Log },
): Promise<SendOutcome> {
  let cancel = () => {};
  const cut = new Promise<LookupOutcome>((resolve) => {
    cancel = clock.at(clock.now() + lookupPatienceMs, () => resolve({ kind: 'unknown' }));
  });
  try {
    return readLookup(await Promise.race([lookup(), cut]), wire);
  } catch (error) {
    log.error({ err: error, id }, 'the wire threw while an item was looked up');
    return readLookup({ kind: 'unknown' }, wire);
  } finally {
    cancel();
  }
}

function readLookup(found: LookupOutcome, wire: string): SendOutcome {
  switch (found.kind) {
    case 'sent':
      return found;
    case 'not_sent':
      return { kind: 'retry', error: 'the process ended before the message was handed over' };
    case 'unknown':
      return {
        kind: 'unknown',
        error: `the process ended while the message was handed over, and ${wire} cannot tell whether it was accepted`,
      };
  }
}
