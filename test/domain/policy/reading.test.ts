import { expect, test } from 'vitest';
import { readSentences } from '../../../src/domain/policy/reading.ts';
import { findTripwires } from '../../../src/domain/policy/tripwires.ts';
import { buildFacts } from '../../support/gate.ts';

const words = (text: string) =>
  readSentences(text).map((sentence) => sentence.words.map((word) => word.text));

test.each([
  ['Bооk it', [['book', 'it']]],
  ['ＢＯＯＫ', [['book']]],
  ['bóók', [['book']]],
  ['b o o k it', [['book', 'it']]],
  ['b-o-o-k', [['book']]],
  ["We’ll take it. Don't!", [["we'll", 'take', 'it'], ["don't"]]],
  ['at $1,156.00 in all', [['at', '1', '156', '00', 'in', 'all']]],
  ['one\ntwo; three', [['one'], ['two'], ['three']]],
  ['..., ?!', []],
])('%j is read as words', (text, expected) => {
  expect(words(text)).toEqual(expected);
});

test.each([
  ['Is it?', [true]],
  ['Is it? It is.', [true, false]],
  ['(Is it?)', [true]],
  ['Is it？', [true]],
  ['It is ? yes', [true, false]],
  ['It is ?yes', [false]],
  ['$1.50?', [true]],
])('%j: which sentences ask', (text, expected) => {
  expect(
    readSentences(text)
      .map(({ isQuestion }) => isQuestion)
      .slice(0, expected.length),
  ).toEqual(expected);
});

test('a clause opens at a sign, not at a currency or an apostrophe', () => {
  const opens = readSentences('Yes $5 and "book it" - please don\'t')[0]?.words.filter((word) => word.opens);
  expect(opens?.map(({ text }) => text)).toEqual(['yes', 'book', 'please']);
});

/** Each pattern is linear: a counterparty's or model's 200 kB must not hold the only thread. */
test.each([
  '$',
  '1 ',
  '1,',
  '1 000 ',
  'USD 1 ',
  'one ',
  'a.',
  'a ',
  "a'",
  '?',
  'x? ',
  'please ',
  'book and ',
  'to book ',
  '4 ',
  '4111 ',
  'DE89',
  'code is ',
  'ab@c.',
  '{{',
  '٢',
  'é',
  '\n',
  ';',
  'monthly ',
])('200 kB of %j are read in good time', (unit) => {
  const text = unit.repeat(200_000 / unit.length);
  const recipient = { everSent: 1, lastInbound: text, optedOut: false };
  const started = performance.now();
  findTripwires(text, { channel: 'loopback', address: 'magic' }, buildFacts({ recipient }));
  expect(performance.now() - started).toBeLessThan(15_000);
});
