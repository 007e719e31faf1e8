import { BrainError, type ModelPurpose, type Usage } from '../../domain/brain.ts';
import { hourMs, secondMs } from '../../lib/duration.ts';
import { escapeInvisible, shorten } from '../../lib/text.ts';
import { isBrokenOff, readNetworkFailure } from './network.ts';

const longestWords = 200;

/** What a provider said, as a part of a sentence for the owner: on one line, short, without the key or what looks like one. */
export function quoteProvider(words: string, apiKey: string): string {
  const safe = (apiKey === '' ? words : words.replaceAll(apiKey, '[key]'))
    .replace(/\bsk-[\w.*-]{6,}|\bBearer \S+/gi, '[key]')
    .replace(/\/\/[^\s/@]*@/g, '//');
  return shorten(
    escapeInvisible(
      safe
        .replace(/\s+/g, ' ')
        .replace(/[\s.]+$/, '')
        .trim(),
    ),
    longestWords,
  );
}

/** How long a provider asked to be left alone, in milliseconds, an hour at most. Null when it did not say. */
export function readRetryAfter(headers: Headers | undefined, now: number): number | null {
  const ms = readNumber(headers?.get('retry-after-ms')) ?? readAfter(headers?.get('retry-after') ?? '', now);
  return ms === undefined ? null : Math.min(hourMs, Math.max(0, Math.ceil(ms)));
}

/** Seconds, or the date of HTTP: what else the platform takes for a date is none. */
function readAfter(text: string, now: number): number | undefined {
  const seconds = readNumber(text);
  if (seconds !== undefined) return seconds * secondMs;
  const at = /^[A-Z][a-z]{2}, .* GMT$/.test(text.trim()) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at - now;
}

function readNumber(text: string | null | undefined): number | undefined {
  return /^\d+(\.\d+)?$/.test(text?.trim() ?? '') ? Number(text) : undefined;
}

/** A character that no header can carry would be named, with the key, by whoever refuses it. */
export function fitsHeader(apiKey: string): boolean {
  return /^[\x21-\x7e]*$/.test(apiKey);
}

/** The setting that names the model. */
export function nameVariable(purpose: ModelPurpose): string {
  return purpose === 'routing' ? 'ROUTER_MODEL' : 'AGENT_MODEL';
}

/** At the others, something in between may have given up on an answer that was made all the same. */
export function isSurelyUnbilled(status: number): boolean {
  return ![408, 502, 504, 524].includes(status);
}

/** No answer came from there. The name is as the owner knows the provider. */
export function describeUnreachable(error: Error, name: string): BrainError {
  const { code, isBlocked, mayHaveArrived } = readNetworkFailure(error);
  if (isBlocked) {
    const message = 'LLM_BASE_URL names a port that is never dialled: check the address';
    return new BrainError(message, { kind: 'permanent', usage: null });
  }
  return new BrainError(`${name} cannot be reached${code === '' ? '' : ` (${code})`}`, {
    kind: 'timeout',
    ...(!mayHaveArrived && { usage: null }),
  });
}

/** For what is thrown while an answer is read. What is no failure of the call is thrown on. */
export function describeBroken(error: unknown, name: string): BrainError {
  if (error instanceof SyntaxError) {
    return new BrainError(`${name} sent an answer that is no JSON`, { kind: 'malformed' });
  }
  if (error instanceof RangeError) return describeUnkeepable();
  if (isBrokenOff(error)) return describeCut(name);
  throw error;
}

/** The answer ended before its end. What it took is unknown. */
export function describeCut(name: string): BrainError {
  return new BrainError(`${name} broke off in the middle of an answer`, { kind: 'timeout' });
}

/** Nested so deep that it cannot even be looked at. */
export function describeUnkeepable(usage?: Usage): BrainError {
  return new BrainError('the model answered with a structure that cannot be kept', {
    kind: 'malformed',
    ...(usage && { usage }),
  });
}
