import type { JorbDetail } from '../../domain/jorb.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { OwnerContext } from './context.ts';
import { readId } from './input.ts';

/** Rejects with `not_found` when there is no such jorb. */
export async function getJorb(
  { store, modelLimits }: Pick<OwnerContext, 'store' | 'modelLimits'>,
  id: string,
): Promise<JorbDetail> {
  const jorbId = readId('jorb', id, 'id');
  const detail = await store.getJorb(jorbId);
  if (detail === undefined) throw new Refusal('not_found', `there is no jorb ${jorbId}`, 'id');
  return modelLimits === null ? detail : { ...detail, modelLimitMicros: modelLimits.jorbMicros };
}
