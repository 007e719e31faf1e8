import { hourMs } from '../lib/duration.ts';
import type { Fence } from './fence.ts';

/** How long, by the rules of those who set it, each kind of wait can be at most. */
export type LongestWaits = {
  /** Until a turn that failed is tried again, or the model that is down is asked again. */
  retryMs: number;
  /** For which a turn is leased. */
  leaseMs: number;
  /** Until a batch that a model is asked about may be routed. */
  routeMs: number;
  /** For the silence of a conversation. */
  silenceMs: number;
  /** Until a message that a wire refused is tried again. */
  deliveryMs: number;
  /** The same of a mail. */
  mailMs: number;
};

/** What is too far ahead by no more is left as it is: clocks are set right by seconds and minutes all the time. */
export const toleratedMs = hourMs;

export type SetBackStore = {
  /**
   * Repairs what a clock that was ahead has left in the rows: a time further ahead than its rule ever puts one
   * becomes the latest that its rule allows from now on, and what is said to have happened in the future has
   * happened now. Writes nothing where no time is too far ahead. Returns how many were. What it leaves:
   * the next wake of an agent, promises and deadlines, which say when by the calendar and may be meant so;
   * messages that came in, decisions, model calls and the audit, which are never changed; and what was done in
   * time while the clock was ahead, such as a question that expired or a jorb that went stale. Schedules,
   * notices, handoffs and the progress log look to their own times.
   */
  bringBackTimes(fence: Fence, waits: LongestWaits, now: number): Promise<number>;
};
