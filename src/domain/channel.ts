import type { ChannelKind } from './contact.ts';
import type { Delivery, Inbound } from './message.ts';

/** What came of handing a message to the wire. */
export type SendOutcome =
  | { kind: 'sent'; receipt: string }
  /** Proven not to have been accepted: it may be tried again. */
  | { kind: 'retry'; error: string }
  /** Proven not to have been accepted, and it never will be. */
  | { kind: 'failed'; error: string }
  /** It may have been accepted. */
  | { kind: 'unknown'; error: string };

export type LookupOutcome = { kind: 'sent'; receipt: string } | { kind: 'not_sent' } | { kind: 'unknown' };

/**
 * One kind of wire. Built by `app.ts`, driven by the runtime alone.
 *
 * `send` hands one message over once and does not retry; it never throws for what the wire does.
 * `lookup` says whether that message was accepted, `not_sent` also where sending it again does no harm; a
 * wire that cannot tell answers `unknown`.
 * `start` calls `receive` for each inbound message and may acknowledge it to the provider only after
 * `receive` resolved; the same message may be handed over twice.
 */
export type ChannelAdapter = {
  kind: ChannelKind;
  account: string;
  start(receive: (inbound: Inbound) => Promise<void>): Promise<void>;
  send(delivery: Delivery, signal: AbortSignal): Promise<SendOutcome>;
  lookup(delivery: Delivery): Promise<LookupOutcome>;
  /**
   * Resolves when no `send` can reach the wire any more, so that another process may take over. Called
   * twice, or before `start`, it does nothing; `start` may follow again.
   */
  stop(): Promise<void>;
};
