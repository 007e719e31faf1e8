import type { ChannelKind } from './contact.ts';

/** How long a conversation must be silent before its messages are read together. */
export type Debounce = Record<ChannelKind, number>;

/** However chatty the sender, a batch is released after this many silences' worth of time. */
const ceilingFactor = 5;

/** When a batch opened at `openedAt` is released if the newest message came at `now`. `0` silence means now. */
export function computeReleaseAt(openedAt: number, now: number, silenceMs: number): number {
  return Math.min(now + silenceMs, openedAt + silenceMs * ceilingFactor);
}
