/** What a caller can do about it: mend the input, look elsewhere, try later, ask the person. */
export const refusalCodes = [
  'invalid',
  'not_found',
  'conflict',
  'expired',
  'stopped',
  'needs_owner',
  'unavailable',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/**
 * A request that cannot be carried out, said in one sentence: what, where, what would be right. The
 * sentence is shown to people and models as it is, so it holds no secret and no third party's words.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  /** The input field it is about, as the caller wrote it (`contacts[1].address`). */
  readonly field: string | undefined;

  constructor(code: RefusalCode, message: string, field?: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}
