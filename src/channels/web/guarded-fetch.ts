import { normalizeAddress } from '../../domain/contact.ts';
import { formatWebRequest, parseWebRequest, type WebRequest } from '../../domain/web-request.ts';
import { limitTime } from '../time-limit.ts';
import { type DialOptions, dial } from './dial.ts';
import { type ExchangeLimits, type ExchangeOptions, exchange, type WebAnswer } from './exchange.ts';
import { FetchFailure } from './fetch-failure.ts';

export type FetchLimits = ExchangeLimits & {
  /** For looking the name up and connecting. */
  connectMs: number;
  /** For all of it, redirects included. */
  totalMs: number;
  redirects: number;
};

export type FetchOptions = DialOptions & Omit<ExchangeOptions, 'limits'> & { limits: FetchLimits };

/** The total is below what the outbox waits for a channel. */
export const defaultLimits: FetchLimits = {
  connectMs: 8_000,
  headersMs: 10_000,
  bodyMs: 8_000,
  totalMs: 20_000,
  headerBytes: 16 * 1024,
  bodyBytes: 64 * 1024,
  redirects: 3,
};

/**
 * The only client that asks web hosts. A GET follows redirects within its host, each vetted and dialled
 * anew; the answer to a POST is taken as it is, so that nothing is posted twice. Throws `FetchFailure`.
 */
export async function guardedFetch(
  host: string,
  request: WebRequest,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<WebAnswer> {
  const limit = limitTime(options.clock, options.limits.totalMs, signal);
  try {
    let next = request;
    for (let hops = 0; hops <= options.limits.redirects; hops++) {
      const answer = await ask(host, next, options, limit.signal);
      if (signal.aborted) throw new FetchFailure('unanswered', `${host} was not heard out`);
      const path = readRedirect(host, next, answer);
      if (path === undefined) return answer;
      next = { method: 'GET', path, body: null };
    }
    throw new FetchFailure('refused', `${host} redirects more than ${options.limits.redirects} times`);
  } finally {
    limit.end();
  }
}

async function ask(
  host: string,
  request: WebRequest,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<WebAnswer> {
  const connecting = limitTime(options.clock, options.limits.connectMs, signal);
  const socket = await dial(host, options, connecting.signal).finally(connecting.end);
  return exchange(socket, { host, request }, options, signal);
}

/** The path of the same host that an answer sends us to; undefined when it is an answer. */
function readRedirect(host: string, { method, path }: WebRequest, answer: WebAnswer): string | undefined {
  const { status, location } = answer;
  if (method !== 'GET' || location === null || ![301, 302, 303, 307, 308].includes(status)) return undefined;
  const refuse = (where: string) => new FetchFailure('refused', `${host} redirects to ${where}`);
  if (!URL.canParse(location, `https://${host}${path}`)) throw refuse('what is no address');
  const url = new URL(location, `https://${host}${path}`);
  if (url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '') {
    throw refuse('an address that is not plain https on port 443, which is not followed');
  }
  if (url.hostname !== host) {
    const other = normalizeAddress('web', url.hostname);
    const name = other.ok ? other.value : 'another place';
    throw refuse(`${name}, which is not followed; name it as a contact to ask it`);
  }
  const target = { method: 'GET', path: `${url.pathname}${url.search}`, body: null } as const;
  if (!parseWebRequest(formatWebRequest(target)).ok) throw refuse('a path that is too long or malformed');
  return target.path;
}
