import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, type Json, sha256 } from '../../src/lib/canonical.ts';

function shuffle(value: Json): Json {
  if (Array.isArray(value)) return value.map(shuffle);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, shuffle(inner)]),
  );
}

test('equal values have equal bytes, whatever the order of their keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.parse(JSON.stringify(value)) as Json;
      expect(canonicalJson(shuffle(json))).toBe(canonicalJson(json));
      expect(JSON.parse(canonicalJson(json))).toEqual(json);
    }),
  );
});

test('different values have different bytes', () => {
  const values: Json[] = [
    1,
    '1',
    [1],
    ['1'],
    { a: 1 },
    { a: '1' },
    { a: [1] },
    { A: 1 },
    null,
    'null',
    true,
    {},
    [],
    '',
  ];
  expect(new Set(values.map(canonicalJson)).size).toBe(values.length);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d has no form', (value) => {
  expect(() => canonicalJson({ value })).toThrow();
});

test('a hash is that of the bytes in UTF-8', () => {
  expect(sha256('ä')).toBe('33e6d73fee82904c8d7afb78de1154d1e8dc2a0edb08120e63df5b9385c2d9cc');
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
