import { describe, expect, test } from 'vitest';
import { modelProviders } from '../../../src/domain/brain.ts';
import { expectReplied, readJorb } from '../../support/models/expect-thinking.ts';
import type { Mind } from '../../support/models/mind.ts';
import { openThinkingWorld, replies } from '../../support/models/thinking-world.ts';

type Call = { id?: string; name: string; arguments: unknown };

const store = (given: unknown): Call => ({ name: 'store_data', arguments: given });
const fact = { key: 'offer', value: '$200 a night', source: null };
const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

/** The wrong call first; then, told why, the right one. */
const mends =
  (wrong: Call[]): Mind =>
  (seen) =>
    seen.steps.length === 0 ? { calls: wrong } : replies(seen);

describe.each(modelProviders)('a wrong call of %s is answered with a hint, and the turn goes on:', (wire) => {
  const cases: [string, Call, string][] = [
    ['an unknown tool', { name: 'book_hotel', arguments: { id: 1 } }, 'The nearest is'],
    [
      'a name that is no word',
      { name: 'book the hotel!', arguments: {} },
      'there is no tool "book the hotel!"',
    ],
    ['a name without an end', { name: 'a'.repeat(300), arguments: {} }, 'there is no tool "aaa'],
    ['a field too many', store({ ...fact, approved: true }), 'Unrecognized key: "approved"'],
    ['fields that are missing', store({}), 'key: Invalid input: expected string'],
    ['a field of another type', store({ ...fact, value: 200 }), 'value: Invalid input: expected string'],
    ['a list', store('[1, 2]'), 'expected object, received array'],
    ['null', store('null'), 'expected object, received null'],
    ['a number', store('5'), 'expected object, received number'],
    ['a text', store('"offer"'), 'no JSON that can be read'],
    ['half an object', store('{"key": "offer", "val'), 'no JSON that can be read: {"key": "offer", "val'],
    ['lists in lists in lists', store(deep), 'no JSON that can be read: [[[['],
    ['a prototype', store('{"__proto__": {"key": "a"}}'), 'Unrecognized key: "__proto__"'],
    ['nothing at all', store(''), 'key: Invalid input: expected string'],
    [
      'a message with every field wrong',
      {
        name: 'send_message',
        arguments: { to: 5, text: [], price: 'cheap', consequence: 'fun', based_on: {}, confidence: '1' },
      },
      'to: Invalid input: expected string, received number; text: Invalid input',
    ],
    ['an event that there is not', store({ ...fact, source: 'event_999' }), 'event_999'],
  ];

  test.each(cases)('%s', async (_, wrong, hint) => {
    const thinking = await openThinkingWorld(wire);
    thinking.think(mends([wrong]));
    await thinking.hear();
    await expectReplied(thinking);
    const [step] = thinking.server.seen.at(-1)?.steps ?? [];
    expect(step?.results).toHaveLength(1);
    expect(step?.results[0]?.text).toContain(hint);
    expect(thinking.world.sql('select * from fact')).toEqual([]);
    expect(thinking.server.refused).toEqual([]);
  });

  test('two calls of one id, each with its own result, and the same id again', async () => {
    const thinking = await openThinkingWorld(wire);
    const named = (key: string): Call => ({ id: 'call_0', ...store({ ...fact, key }) });
    thinking.think((seen) => {
      if (seen.steps.length === 0) return { calls: [named('one'), named('two')] };
      return seen.steps.length === 1 ? { calls: [named('three')] } : replies(seen);
    });
    await thinking.hear();
    await expectReplied(thinking);
    expect(thinking.server.refused).toEqual([]);
    const steps = thinking.server.seen.at(-1)?.steps ?? [];
    const told = steps.map(({ calls, results }) =>
      calls.map(({ id, arguments: given }) => [
        (given as { key: string }).key,
        results.find(({ callId }) => callId === id)?.text,
      ]),
    );
    expect(told).toEqual([
      [
        ['one', 'stored one'],
        ['two', 'stored two'],
      ],
      [['three', 'stored three']],
    ]);
  });

  test('an id that the wire would not take back', async () => {
    const thinking = await openThinkingWorld(wire);
    thinking.think(mends([{ id: `call ${'x'.repeat(100)}`, ...store(fact) }]));
    await thinking.hear();
    await expectReplied(thinking);
    expect(thinking.world.sql('select key from fact')).toEqual([{ key: 'offer' }]);
  });

  test('a right call beside a wrong one is made, and once', async () => {
    const thinking = await openThinkingWorld(wire);
    thinking.think(mends([store(fact), store({}), { name: 'approve', arguments: { id: 'approval_1' } }]));
    await thinking.hear();
    await expectReplied(thinking);
    expect(thinking.world.sql('select key from fact')).toEqual([{ key: 'offer' }]);
  });

  test('three wrong ones in a row pause it with the first line of the last hint', async () => {
    const thinking = await openThinkingWorld(wire);
    thinking.think(() => ({ calls: [store('{"key": ')] }));
    await thinking.hear();
    expect(readJorb(thinking)).toMatchObject({
      status: 'paused',
      reason:
        '3 steps in a row went wrong, the last since the arguments of store_data are no JSON that can be read: {"key":',
    });
  });
});
