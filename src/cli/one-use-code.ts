import type { Tokens } from '../lib/ids.ts';

const tries = 3;

export type OneUseCode = {
  /** What the person is shown and types back. */
  code: string;
  /** Whether `typed` confirms what is in `bytes`, a hash. Right or wrong, each call uses a try up. */
  check(bytes: string, typed: string): 'confirmed' | 'wrong' | 'void';
};

/** A code that lives in this process, for the bytes that hash to `boundTo` and for one yes; void after three wrong tries. */
export function buildOneUseCode(tokens: Pick<Tokens, 'code'>, boundTo: string): OneUseCode {
  const code = tokens.code();
  let left = tries;
  return {
    code,
    check(bytes, typed) {
      if (left === 0 || bytes !== boundTo) return 'void';
      if (typed.trim().toUpperCase() === code) {
        left = 0;
        return 'confirmed';
      }
      left -= 1;
      return left === 0 ? 'void' : 'wrong';
    },
  };
}
