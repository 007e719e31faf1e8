import { type Address, addressKey } from '../contact.ts';
import type { Contract } from '../contract.ts';

/** Whether the contract lets that profile field be told to that address without a question. */
export function isShared(contract: Contract, field: string, to: Address): boolean {
  const key = addressKey(to);
  return contract.share.some(
    (entry) => entry.field === field && (entry.with === 'all' || entry.with.includes(key)),
  );
}
