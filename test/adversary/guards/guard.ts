export type Edit = { file: string; find: string; replace: string };

/**
 * A guard of the program as the edit that takes it out. Each `find` stands once in its file. `by` is part of
 * what the case holds that is played first without it.
 */
export type Guard = { name: string; by: string; edits: Edit[] };

export function guard(name: string, by: string, file: string, find: string, replace = ''): Guard {
  return { name, by, edits: [{ file, find, replace }] };
}

export const policy = 'src/domain/policy';

/** A condition that never holds. */
export const never = 'if (false as boolean) {';
