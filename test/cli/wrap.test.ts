import { expect, it } from 'vitest';
import { wrapText } from '../../src/cli/wrap.ts';

it.each([
  ['short lines as they are', 'one two', 10, ['one two']],
  ['at spaces', 'one two three four', 9, ['one two', 'three', 'four']],
  ['deeper under the indent of exact text', '    one two three', 12, ['    one two', '      three']],
  ['under a list mark', '- one two three', 10, ['- one two', '  three']],
  ['as a quotation on every line', '> one two three', 10, ['> one two', '> three']],
  ['never inside a word', 'a verylongword b', 6, ['a', 'verylongword', 'b']],
  ['line by line', 'one\n\ntwo', 10, ['one', '', 'two']],
])('breaks %s', (_how, text, width, lines) => {
  expect(wrapText(text, width)).toEqual(lines);
});
