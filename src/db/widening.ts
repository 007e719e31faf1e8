import type { NewCounterparty } from '../domain/contact.ts';
import type { ApprovalId } from '../domain/ids.ts';
import type { Widening } from '../domain/widening.ts';
import type { Ask } from './asking.ts';
import { toId } from './rows.ts';

export type WideningRequest = {
  jorbRow: number;
  contractVersion: number;
  widening: Widening;
  counterparties: NewCounterparty[] | null;
  startAfter: boolean;
};

/** Asks the owner for a contract beyond what may be set without a human. */
export function askForWidening(
  ask: Ask,
  { jorbRow, contractVersion, widening, counterparties, startAfter }: WideningRequest,
  now: number,
): ApprovalId {
  const { contract, findings } = widening;
  const { approvalRow } = ask(
    {
      jorbRow,
      contractVersion,
      payload: {
        kind: 'change_contract',
        contract,
        ...(counterparties && { counterparties }),
        startAfter,
      },
      consequence: findings[0]?.consequence ?? 'none',
      findings,
      turnRow: null,
      decisionRow: null,
      causedBy: null,
      by: 'owner',
    },
    now,
  );
  return toId('approval', approvalRow);
}
