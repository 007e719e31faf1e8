import type { ContractDefaults } from '../../domain/contract.ts';
import type { EvaluateGate } from '../../domain/gate.ts';
import type { ModelLimits } from '../../domain/model-money.ts';
import type { Store } from '../../domain/store.ts';
import type { Clock } from '../../lib/clock.ts';

/** What counts as a human's confirmation (`JORBS_CONFIRM`): see the README on what each gives away. */
export const confirmModes = ['human', 'strict', 'host'] as const;
export type ConfirmMode = (typeof confirmModes)[number];

/** What the owner's commands work with, whichever face they come through. */
export type OwnerContext = {
  store: Store;
  clock: Clock;
  defaults: ContractDefaults;
  /** The owner's time zone, IANA name. */
  timeZone(): string;
  confirm: ConfirmMode;
  evaluate: EvaluateGate;
  /** Null: no model is asked. */
  modelLimits: ModelLimits | null;
  /** How long each channel waits for silence before a message is read. */
  debounce: Record<string, number>;
  /** Tells the runtime, in this process or another, that there is something to do. */
  written(): void;
};
