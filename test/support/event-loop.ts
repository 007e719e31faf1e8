import { setTimeout as delay } from 'node:timers/promises';

/** Lets everything run that waits for nothing but the event loop. No time passes on a fake clock. */
export async function settle(): Promise<void> {
  for (let pass = 0; pass < 20; pass++) await new Promise(setImmediate);
}

/**
 * Waits for what another process or a socket brings about, leaving them the processor; fails by the
 * test's own timeout.
 */
export async function until(isTrue: () => boolean): Promise<void> {
  for (let pass = 0; !isTrue(); pass++) await (pass < 50 ? new Promise(setImmediate) : delay(1));
}
