import { describe, expect, test } from 'vitest';
import { toAnswer } from '../../../src/brains/model/answer.ts';
import { mendArguments, readArguments } from '../../../src/brains/model/arguments.ts';
import { mendName, nameCalls, toWellFormed } from '../../../src/brains/model/conversation.ts';
import type { BrainAnswer } from '../../../src/domain/brain.ts';

const usage = { inputTokens: 1, cachedTokens: 0, writtenTokens: 0, outputTokens: 2 };
const nest = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

function answer(items: unknown[], text = ''): BrainAnswer {
  const reply = { items, text, toolCalls: [], usage, stop: 'end' as const };
  const options = { model: 'm', computeCost: () => 1, now: () => 1 };
  return toAnswer({ wire: 'openai', body: {}, startedAt: 0, options, reply });
}

describe('an answer to be kept', () => {
  test('is refused, with what it took, when its items are nested without measure', () => {
    expect(() => answer([nest(5000)])).toThrow(
      expect.objectContaining({
        kind: 'malformed',
        usage,
        message: expect.stringContaining('cannot be kept'),
      }),
    );
    expect(answer([nest(50)]).items).toEqual([nest(50)]);
  });

  test('holds no half character, in no key and no value', () => {
    const kept = answer([{ 'a\ud83d': ['b\udc00', '\\ud83d', '😀'] }], 'half \ud83d');
    expect(kept.items).toEqual([{ 'a\ufffd': ['b\ufffd', '\\ud83d', '😀'] }]);
    expect(kept.reasoning).toBe('half \ufffd');
  });
});

describe('arguments', () => {
  test('nested without measure are no more than text', () => {
    expect(readArguments('[[1]]')).toEqual([[1]]);
    expect(readArguments('['.repeat(5000) + ']'.repeat(5000))).toEqual(expect.any(String));
  });

  test.each([
    ['', '{}'],
    [' \n', '{}'],
    ['{"a": 1}', '{"a": 1}'],
    ['{"a": "\\ud83d"}', '{"a":"\ufffd"}'],
    ['{"a": "\\ud83d\\ude00"}', '{"a":"😀"}'],
    ['{"a": "\\ud83d', '{"a": "\\ud83d'],
  ])('%j go back as %j', (given, sent) => {
    expect(mendArguments(given)).toBe(sent);
  });
});

test.each([
  ['send_message', 'send_message'],
  ['book the hotel!', 'book_the_hotel_'],
  ['', 'unnamed'],
  ['a'.repeat(100), 'a'.repeat(64)],
])('the name %j goes back as %j', (name, sent) => {
  expect(mendName(name)).toBe(sent);
});

test('calls get ids of their own where theirs are taken, missing or unfit', () => {
  const named = nameCalls(['a', 'a', '', 'b c', 'used'], {
    fit: /^\w+$/,
    taken: new Set(['used', 'call_2']),
  });
  expect(named.slice(0, 1)).toEqual(['a']);
  expect(new Set([...named, 'used', 'call_2']).size).toBe(7);
  expect(named.every((id) => /^\w+$/.test(id))).toBe(true);
});

test('what is well formed stays as it is', () => {
  const given = { text: 'a\\n"b"\u0000 😀', list: [1, null, true] };
  expect(toWellFormed(given)).toEqual(given);
});
