import { expect, it } from 'vitest';
import { buildOneUseCode } from '../../src/cli/one-use-code.ts';

const tokens = { code: () => 'ABCD2345' };

it('confirms the bytes it was made for, once', () => {
  const oneUse = buildOneUseCode(tokens, 'bytes');
  expect(oneUse.check('bytes', ' abcd2345 ')).toBe('confirmed');
  expect(oneUse.check('bytes', 'ABCD2345')).toBe('void');
});

it('confirms no other bytes', () => {
  expect(buildOneUseCode(tokens, 'bytes').check('other bytes', 'ABCD2345')).toBe('void');
});

it('is void after three wrong tries', () => {
  const oneUse = buildOneUseCode(tokens, 'bytes');
  expect(['a', 'b', 'c', 'ABCD2345'].map((typed) => oneUse.check('bytes', typed))).toEqual([
    'wrong',
    'wrong',
    'void',
    'void',
  ]);
});
