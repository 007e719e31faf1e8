import { z } from 'zod';

/** Malformed ids are refused by the commands, with a sentence; this only bounds what is read. */
export function idField(example: string): z.ZodString {
  return z.string().max(100).describe(`Such as ${example}`);
}

export const offsetField = z.int().min(0).max(1_000_000).default(0).describe('How many to skip');

export function limitField(usual: number): z.ZodDefault<z.ZodInt> {
  return z.int().min(1).max(50).default(usual);
}

export const readOnly = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;
