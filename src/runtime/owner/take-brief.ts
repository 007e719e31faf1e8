import type { Brief } from '../../domain/brief.ts';
import type { OwnerContext } from './context.ts';

/** What happened since the last brief. Moves the mark, unless the owner only peeks. */
export async function takeBrief(
  { store, clock }: Pick<OwnerContext, 'store' | 'clock'>,
  request: { peek: boolean },
): Promise<Brief> {
  return store.takeBrief(request.peek, clock.now());
}
