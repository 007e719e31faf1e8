/**
 * Why there is no answer. `unreached`: nothing was asked yet. `refused`: the guard does not let it be
 * asked. `unanswered`: it was asked, and nobody knows what the host made of it.
 */
export class FetchFailure extends Error {
  override readonly name = 'FetchFailure';
  readonly kind: 'unreached' | 'refused' | 'unanswered';

  constructor(kind: FetchFailure['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** The code of the system, or of TLS; never the words of a host. */
export function readCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? code : 'no reason known';
}
