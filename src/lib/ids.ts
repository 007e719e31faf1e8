import { randomBytes } from 'node:crypto';

/** Where unguessable names come from. Tests pass a counter. */
export type Tokens = {
  /** At least 128 bits, lower-case hex: keys that must never repeat. */
  key(): string;
  /** Eight characters without look-alikes, 40 bits: a code a person types once. */
  code(): string;
};

const codeAlphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

export const randomTokens: Tokens = {
  key: () => randomBytes(16).toString('hex'),
  code: () => Array.from(randomBytes(8), (byte) => codeAlphabet[byte % codeAlphabet.length]).join(''),
};
