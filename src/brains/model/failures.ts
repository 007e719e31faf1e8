import { BrainError, type Usage } from '../../domain/brain.ts';
import { hourMs, secondMs } from '../../lib/duration.ts';
import { escapeInvisible, shorten } from '../../lib/text.ts';

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

/** Nested so deep that it cannot even be looked at. */
export function describeUnkeepable(usage?: Usage): BrainError {
  return new BrainError('the model answered with a structure that cannot be kept', {
    kind: 'malformed',
    ...(usage && { usage }),
  });
}
