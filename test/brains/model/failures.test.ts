import { expect, test } from 'vitest';
import { quoteProvider, readRetryAfter } from '../../../src/brains/model/failures.ts';
import { readUsage } from '../../../src/brains/model/usage.ts';

const now = Date.UTC(2026, 10, 20, 12);

test.each([
  ['Incorrect API key provided: my-own-key.', 'Incorrect API key provided: [key]'],
  ['Incorrect API key provided: sk-proj-abc***xyz.', 'Incorrect API key provided: [key]'],
  ['no such header: Bearer abcdef0123', 'no such header: [key]'],
  ['see https://me:pass@host/v1', 'see https://host/v1'],
  ['one\n\n  two', 'one two'],
  ['ham\u202eegg', 'ham⟨U+202E⟩egg'],
])('quotes a provider without secrets, on one line: %s', (words, quoted) => {
  expect(quoteProvider(words, 'my-own-key')).toBe(quoted);
});

test('quotes no more than 200 characters', () => {
  expect([...quoteProvider('x'.repeat(10_000), '')]).toHaveLength(200);
});

test.each([
  [{}, null],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': '2.5' }, 2500],
  [{ 'retry-after': '-5' }, null],
  [{ 'retry-after': '1e9' }, null],
  [{ 'retry-after': '' }, null],
  [{ 'retry-after': 'Fri, 20 Nov 2026 13:30:00 GMT' }, 3_600_000],
  [{ 'retry-after': '7', 'retry-after-ms': '250' }, 250],
])('reads how long to wait: %o', (headers, expected) => {
  expect(readRetryAfter(new Headers(headers), now)).toBe(expected);
});

const bytes = { asked: 'x'.repeat(500), answered: 'y'.repeat(70) };

test.each([
  [{ input: 100, cached: 40, written: 30, output: 7 }, [100, 40, 30, 7]],
  [{ input: 100, cached: 400, written: 30, output: 7 }, [100, 100, 0, 7]],
  [{ input: 0, cached: 0, written: 0, output: 0 }, [500, 0, 0, 70]],
  [{ input: undefined, cached: undefined, written: undefined, output: undefined }, [500, 0, 0, 70]],
  [{ input: -3, cached: -1, written: Number.NaN, output: '12' }, [500, 0, 0, 70]],
  [{ input: 1e300, cached: 1.5, written: null, output: Number.POSITIVE_INFINITY }, [500, 0, 0, 70]],
])('reads a count, and the bytes where there is none: %o', (reported, [input, cached, written, output]) => {
  expect(readUsage(reported, bytes)).toEqual({
    inputTokens: input,
    cachedTokens: cached,
    writtenTokens: written,
    outputTokens: output,
  });
});
