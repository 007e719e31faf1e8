import type { TranscriptPage } from '../../domain/message.ts';
import type { OwnerContext } from './context.ts';
import { readId, readPage } from './input.ts';

/** Whole texts, both ways. */
export async function readTranscript(
  { store }: Pick<OwnerContext, 'store'>,
  request: { id: string; order: 'newest' | 'oldest'; limit: number; offset: number },
): Promise<TranscriptPage> {
  const id = readId('jorb', request.id, 'id');
  const page = readPage({ limit: request.limit, offset: request.offset });
  return store.readTranscript(id, { order: request.order, ...page });
}
