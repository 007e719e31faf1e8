/** Where the connection never came to be, so nobody can have counted anything. */
const notConnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|(ERR_)?(SSL|TLS|CERT|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO).*)$/;

export type NetworkFailure = {
  /** As the platform names it; empty where it has no name. */
  code: string;
  /** The platform has a list of ports that it never dials. */
  isBlocked: boolean;
  /** Something may have arrived there. */
  mayHaveArrived: boolean;
};

/** Reads an error, or what caused it. */
export function readNetworkFailure(error: unknown): NetworkFailure {
  const causes = listCauses(error);
  const isBlocked = causes.some((cause) => cause instanceof Error && cause.message === 'bad port');
  const code = causes.map(readCode).find(Boolean) ?? '';
  return { code, isBlocked, mayHaveArrived: !isBlocked && !notConnected.test(code) };
}

/** How the platform tells that a body ended too soon, while it is read. */
export function isBrokenOff(error: unknown): boolean {
  return error instanceof TypeError && readNetworkFailure(error).code !== '';
}

function listCauses(error: unknown): unknown[] {
  return error instanceof Error ? [error, ...listCauses(error.cause)] : [error];
}

function readCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
