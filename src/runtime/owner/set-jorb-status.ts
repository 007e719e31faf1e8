import type { JorbDetail } from '../../domain/jorb.ts';
import type { OwnerContext } from './context.ts';
import { getJorb } from './get-jorb.ts';
import { readId, readOptionalText } from './input.ts';

export const ownerCommands = ['start', 'pause', 'resume', 'cancel'] as const;
export type OwnerCommand = (typeof ownerCommands)[number];

/** Rejects with `conflict` when a jorb in its status cannot be moved so. */
export async function setJorbStatus(
  context: OwnerContext,
  request: { id: string; command: OwnerCommand; reason: string | null },
): Promise<JorbDetail> {
  const id = readId('jorb', request.id, 'id');
  const reason = readOptionalText(request.reason, 'reason');
  await context.store.moveJorb(id, request.command, reason, context.clock.now());
  context.written();
  return getJorb(context, id);
}
