import { normalizeAddress } from '../domain/contact.ts';
import type { Event, Inbound } from '../domain/message.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Store } from '../domain/store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Failpoint } from './stage.ts';

export type ReceiveDeps = {
  store: Pick<Store, 'receiveEvent'>;
  clock: Clock;
  /** By kind of channel, in milliseconds. */
  debounce: Readonly<Record<string, number>>;
  failpoint: Failpoint;
  /** Tells the runtime that a message waits. */
  written: () => void;
};

export type Receive = (inbound: Inbound) => Promise<{ event: Event; isNew: boolean; releaseAt: number }>;

/** A third party does not decide how much we keep: no message that people write comes near. */
const longestText = 100_000;
const longestName = 500;

/**
 * The way in, for channels and for `jorbs inject`, in any process. Resolves once the message is on
 * disk, so the caller may acknowledge it then; the same message twice is stored once. Rejects with
 * `Refusal` for a sender or id that cannot be stored.
 */
export function buildReceive({ store, clock, debounce, failpoint, written }: ReceiveDeps): Receive {
  return async (inbound) => {
    const received = await store.receiveEvent(
      readInbound(inbound),
      debounce[inbound.channel] ?? 0,
      clock.now(),
    );
    failpoint('inbox.stored');
    written();
    return received;
  };
}

function readInbound(inbound: Inbound): Inbound {
  const from = normalizeAddress(inbound.channel, inbound.from);
  if (!from.ok) throw new Refusal('invalid', `the sender ${from.error}`, 'from');
  return {
    ...inbound,
    from: from.value,
    text: cutText(inbound.text),
    externalId: readName(inbound.externalId, 'externalId'),
    inReplyTo: inbound.inReplyTo === null ? null : readName(inbound.inReplyTo, 'inReplyTo'),
  };
}

/** The text as it came, but for what the file cannot hold: half a surrogate pair, and no end. */
function cutText(text: string): string {
  const left = text.length - longestText;
  if (left <= 0) return text.toWellFormed();
  return `${text.slice(0, longestText).toWellFormed()}\n[${left} more characters were cut off]`;
}

function readName(text: string, field: string): string {
  if (text.length > 0 && text.length <= longestName) return text.toWellFormed();
  throw new Refusal('invalid', `a message needs an id of 1 to ${longestName} characters`, field);
}
