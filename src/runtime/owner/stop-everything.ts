import type { OwnerContext } from './context.ts';
import { readOptionalText } from './input.ts';

/** Once it resolves, nothing further leaves until `resumeEverything`. Saying it twice keeps the first. */
export async function stopEverything(
  { store, clock, written }: Pick<OwnerContext, 'store' | 'clock' | 'written'>,
  request: { reason: string | null },
): Promise<void> {
  await store.stopEverything(readOptionalText(request.reason, 'reason'), clock.now());
  written();
}
