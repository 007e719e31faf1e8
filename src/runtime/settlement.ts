import { StaleEpoch } from '../domain/fence.ts';

/** The way of results into the store. */
export type Settlement<Result> = {
  /** Rejects with what `write` rejects with, and keeps the result for `settleLeft`, unless it is not ours any more. */
  settle(result: Result): Promise<void>;
  /** Settles one that was left. False when there is none. */
  settleLeft(): Promise<boolean>;
};

/**
 * What was done outside cannot be done again because the store did not take its result, on a full disk
 * for one: the result waits for the next tick. Lost with the process, it is found out again by recovery.
 */
export function buildSettlement<Result>(write: (result: Result) => Promise<void>): Settlement<Result> {
  const left: Result[] = [];
  const settle = async (result: Result) => {
    try {
      await write(result);
    } catch (error) {
      if (!(error instanceof StaleEpoch)) left.push(result);
      throw error;
    }
  };
  return {
    settle,
    async settleLeft() {
      const result = left.shift();
      if (result === undefined) return false;
      await settle(result);
      return true;
    },
  };
}
