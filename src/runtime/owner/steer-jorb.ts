import type { Approval } from '../../domain/approval.ts';
import type { JorbDetail } from '../../domain/jorb.ts';
import type { SteerJorbRequest } from '../../domain/requests.ts';
import { readSteerJorbRequest } from '../../domain/steering.ts';
import type { OwnerContext } from './context.ts';
import { getJorb } from './get-jorb.ts';

/** `approval` asks for what no assistant may set alone; what it may set holds at once. */
export async function steerJorb(
  context: OwnerContext,
  id: string,
  request: SteerJorbRequest,
): Promise<{ detail: JorbDetail; approval: Approval | null }> {
  const { store, clock, defaults } = context;
  const timeZone = context.timeZone();
  const now = clock.now();
  const current = await getJorb(context, id);
  const steering = readSteerJorbRequest(request, current, { defaults, timeZone, now });
  const { jorb, approvalId } = await store.steerJorb(current.jorb.id, steering, now);
  context.written();
  return {
    detail: await getJorb(context, jorb.id),
    approval: approvalId === null ? null : ((await store.getApproval(approvalId)) ?? null),
  };
}
