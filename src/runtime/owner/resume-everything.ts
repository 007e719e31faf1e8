import type { OwnerContext } from './context.ts';

/** Lets what was stopped go on where it was. Harmless when nothing is stopped. */
export async function resumeEverything({
  store,
  clock,
  written,
}: Pick<OwnerContext, 'store' | 'clock' | 'written'>): Promise<void> {
  await store.resumeEverything(clock.now());
  written();
}
