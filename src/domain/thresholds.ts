/** How sure a brain must be, 0 to 1. `requireApproval` is never above `autoExecute`. */
export type Thresholds = {
  /** From here on it is done without a question, as far as the contract lets it. */
  autoExecute: number;
  /** From here on the owner is asked with the suggestion; below, there is none. */
  requireApproval: number;
};

export const defaultThresholds: Thresholds = { autoExecute: 0.85, requireApproval: 0.5 };
