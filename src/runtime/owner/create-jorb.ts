import type { Approval } from '../../domain/approval.ts';
import type { JorbDetail } from '../../domain/jorb.ts';
import { readCreateJorbRequest } from '../../domain/new-jorb.ts';
import type { CreateJorbRequest } from '../../domain/requests.ts';
import type { OwnerContext } from './context.ts';
import { getJorb } from './get-jorb.ts';

export type CreatedJorb = { detail: JorbDetail; created: boolean; approval: Approval | null };

/** `approval` asks for what no assistant may set alone. A known idempotency key gives the first jorb back. */
export async function createJorb(context: OwnerContext, request: CreateJorbRequest): Promise<CreatedJorb> {
  const { store, clock, defaults } = context;
  const timeZone = context.timeZone();
  const now = clock.now();
  const input = readCreateJorbRequest(request, { defaults, timeZone, now });
  const { jorb, created, approvalId } = await store.createJorb(input, now);
  context.written();
  return {
    detail: await getJorb(context, jorb.id),
    created,
    approval: approvalId === null ? null : ((await store.getApproval(approvalId)) ?? null),
  };
}
