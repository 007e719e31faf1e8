import { Refusal, type RefusalCode } from '../domain/refusal.ts';

export const exitCodes = {
  done: 0,
  /** A bug, or a failure on our side. */
  failure: 1,
  /** Bad usage, configuration or input. */
  invalid: 2,
  notFound: 3,
  /** Conflict, expired, stopped. */
  conflict: 4,
  needsOwner: 5,
  /** The data folder is locked, full, read-only, corrupt or of a newer version. */
  unavailable: 6,
  /** Ended by Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;

const byRefusal: Record<RefusalCode, number> = {
  invalid: exitCodes.invalid,
  not_found: exitCodes.notFound,
  conflict: exitCodes.conflict,
  expired: exitCodes.conflict,
  stopped: exitCodes.conflict,
  needs_owner: exitCodes.needsOwner,
  unavailable: exitCodes.unavailable,
};

/** What a script learns from how the command ended. */
export function exitCodeOf(error: unknown): number {
  return error instanceof Refusal ? byRefusal[error.code] : exitCodes.failure;
}
