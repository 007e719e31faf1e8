import type { AppendAudit } from './audit.ts';
import type { FencedWrite } from './connection.ts';

/** What every group of the store is built with, besides its connection. */
export type StoreParts = {
  audit: AppendAudit;
  /** One IMMEDIATE transaction that rejects with `StaleEpoch` when the fence is not the runtime's. */
  fenced: FencedWrite;
};
