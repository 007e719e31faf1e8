import { hourMs, secondMs } from '../../lib/duration.ts';
import { escapeInvisible, shorten } from '../../lib/text.ts';

const longestWords = 200;

/** What a provider said, short enough for the owner: on one line, without the key or what looks like one. */
export function quoteProvider(words: string, apiKey: string): string {
  const safe = (apiKey === '' ? words : words.replaceAll(apiKey, '[key]'))
    .replace(/\bsk-[\w.*-]{6,}|\bBearer \S+/gi, '[key]')
    .replace(/\/\/[^\s/@]*@/g, '//');
  return shorten(escapeInvisible(safe.replace(/\s+/g, ' ').trim()), longestWords);
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
