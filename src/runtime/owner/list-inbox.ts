import type { InboxItem } from '../../domain/message.ts';
import type { OwnerContext } from './context.ts';
import { readPage } from './input.ts';

/** Messages that no rule gave to a jorb, newest first. */
export async function listInbox(
  { store }: Pick<OwnerContext, 'store'>,
  request: { limit: number; offset: number },
): Promise<{ items: InboxItem[]; total: number }> {
  return store.listInbox(readPage(request));
}
