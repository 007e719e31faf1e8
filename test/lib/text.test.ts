import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cleanText,
  cutEnd,
  escapeInvisible,
  findInvisible,
  hasInvisible,
  shorten,
  squeeze,
} from '../../src/lib/text.ts';

const hidden = [
  '\0',
  '\r',
  '\x1b',
  '\u200b',
  '\u200d',
  '\u202e',
  '\u2066',
  '\u2028',
  '\ufeff',
  '\u00ad',
  '\u034f',
  '\u3164',
  '\u2800',
  '\ufe0f',
  '\ud800',
  '\udfff',
  '\ue000',
  '\u{e0041}',
  '\u{e0100}',
  '\u{1d173}',
];

test.each(hidden)('%j is found and cannot be read', (character) => {
  const code = `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
  expect(hasInvisible(`a${character}b`)).toBe(true);
  expect(findInvisible(`a${character}b`)).toBe(code);
  expect(escapeInvisible(`a${character}b`)).toContain(`⟨${code}⟩`);
  expect(cleanText(`a${character}b`)).toMatch(/^a\n?b$/);
});

test.each(['plain', 'tab\tand\nfeed', 'é e\u0301', '日本語', 'مرحبا', '¿qué? — “so”', '👍'])(
  '%j is all visible',
  (text) => {
    expect(hasInvisible(text)).toBe(false);
    expect(findInvisible(text)).toBeUndefined();
    expect(escapeInvisible(text)).toBe(text);
  },
);

test.each(['❤️', '👨‍👩‍👧', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '1️⃣'])('%j is an emoji, whole', (text) => {
  expect(findInvisible(text)).toBeUndefined();
  expect(escapeInvisible(text)).toBe(text);
});

test('a squeezed text is letters and digits in lower case', () => {
  expect(squeeze(' Calle-Mayor, 5!\u200b ')).toBe('callemayor5');
  expect(squeeze('Ｆｕｌｌ')).toBe('full');
});

test('what is shortened keeps both ends and is never longer than asked', () => {
  expect(shorten('abcdefghij', 10)).toBe('abcdefghij');
  expect(shorten('abcdefghijk', 10)).toBe('abcdefg…jk');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, length) => {
      expect([...shorten(text, length)].length).toBeLessThanOrEqual(Math.max(length, 1));
    }),
  );
});

test.each([
  ['It is short.', 20, 'It is short.'],
  ['Nobody has answered, so I ask again tomorrow.', 25, 'Nobody has answered, so…'],
  ['Nobody has answered, so I ask again.', 22, 'Nobody has answered…'],
  ['Donaudampfschifffahrtsgesellschaft', 10, 'Donaudamp…'],
  ['😀😀😀😀😀', 3, '😀😀…'],
  ['', 5, ''],
])('the beginning of %j in %i characters is %j', (text, length, expected) => {
  expect(cutEnd(text, length)).toBe(expected);
  expect([...cutEnd(text, length)].length).toBeLessThanOrEqual(length);
});
