import type { SendOutcome } from '../../domain/channel.ts';
import type { WebRequest } from '../../domain/web-request.ts';
import type { Clock } from '../../lib/clock.ts';
import { buildConnectTls, resolveHost } from './dial.ts';
import { FetchFailure } from './fetch-failure.ts';
import { defaultLimits, type FetchOptions, guardedFetch } from './guarded-fetch.ts';
import { isPublicAddress } from './public-address.ts';
import { renderAnswer } from './render-answer.ts';

/** How the internet is reached, so that a test can stand for it. */
export type WebWire = Pick<FetchOptions, 'resolve' | 'isAllowedAddress' | 'connect' | 'limits'>;

const internet: WebWire = {
  resolve: resolveHost,
  isAllowedAddress: (ip) => isPublicAddress(ip),
  connect: buildConnectTls({ port: 443 }),
  limits: defaultLimits,
};

export type AskOptions = { clock: Clock; version: string; wire?: Partial<WebWire> };

/** Makes one request and gives the answer as the text of a message, or what came of it without one. */
export async function askHost(
  host: string,
  request: WebRequest,
  { clock, version, wire }: AskOptions,
  signal: AbortSignal,
): Promise<{ kind: 'answered'; text: string } | Exclude<SendOutcome, { kind: 'sent' }>> {
  const options = { ...internet, ...wire, clock, userAgent: `jorbs/${version}` };
  try {
    return { kind: 'answered', text: renderAnswer(await guardedFetch(host, request, options, signal)) };
  } catch (error) {
    if (!(error instanceof FetchFailure)) throw error;
    return { kind: readKind(error, request), error: error.message };
  }
}

/** To ask again harms nobody, to post again may. */
function readKind({ kind }: FetchFailure, { method }: WebRequest): 'retry' | 'failed' | 'unknown' {
  if (kind === 'refused') return 'failed';
  return kind === 'unreached' || method === 'GET' ? 'retry' : 'unknown';
}
