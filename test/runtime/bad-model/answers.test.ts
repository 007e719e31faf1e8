import { describe, expect, test } from 'vitest';
import { modelProviders } from '../../../src/domain/brain.ts';
import { minuteMs, secondMs } from '../../../src/lib/duration.ts';
import {
  expectCounted,
  expectPaused,
  expectReplied,
  expectRetried,
  readJorb,
} from '../../support/models/expect-thinking.ts';
import type { Fault } from '../../support/models/fault.ts';
import type { Mind, MindAnswer } from '../../support/models/mind.ts';
import { openThinkingWorld, replies } from '../../support/models/thinking-world.ts';

/** One answer first, and the right one after it. */
const first =
  (answer: MindAnswer): Mind =>
  (seen) =>
    seen.steps.length === 0 ? answer : replies(seen);
const store = (key: string, value: string) => ({
  name: 'store_data',
  arguments: { key, value, source: null },
});
const halfACall = { name: 'send_message', arguments: '{"to": "loopback:magic", "te' };
/** Money enough that no limit of it hides the others. */
const limits = { dayMicros: 1_000_000_000, jorbMicros: 1_000_000_000 };
const inARow = '3 steps in a row went wrong, the last since ';
const more = 'the model answered with more text than any errand needs';

describe.each(modelProviders)('an answer of %s that is none pauses with one sentence:', (wire) => {
  const noReason = wire === 'anthropic' ? 'This request is not one to help with.' : 'it gave no reason';
  const words = wire === 'anthropic' ? 'This request is not one to help with.' : 'I cannot help with that.';
  const answers: [string, MindAnswer, string][] = [
    ['nothing', {}, `${inARow}the model answered nothing`],
    ['blanks', { text: ' \n ' }, `${inARow}the model answered nothing`],
    ['a refusal', { text: 'I cannot help with that.', stop: 'refused' }, `the model refused: ${words}`],
    ['a refusal without a word', { stop: 'refused' }, `the model refused: ${noReason}`],
    [
      'half a sentence',
      { text: 'I think that', stop: 'cut' },
      `${inARow}the answer was cut off at its limit`,
    ],
    ['half a call', { calls: [halfACall], stop: 'cut' }, `${inARow}the answer was cut off at its limit`],
    [
      'a tool that there is not',
      { calls: [{ name: 'book', arguments: {} }] },
      `${inARow}there is no tool "book"`,
    ],
    [
      'calls without end',
      { calls: [{ name: 'retrieve_data', arguments: { from: 'facts', words: 'hotel' } }] },
      'the agent took 50 steps in one turn, the most it may, and came to no end',
    ],
  ];

  test.each(answers)('%s', async (_, answer, reason) => {
    // A thought would be something said.
    const thinking = await openThinkingWorld(wire, { server: { thinks: false } });
    thinking.think(() => answer);
    await thinking.hear();
    await expectPaused(thinking, reason);
    thinking.think(replies);
    await thinking.resume();
    await expectReplied(thinking);
  });

  test('more tokens than a turn may take', async () => {
    const thinking = await openThinkingWorld(wire);
    thinking.think(() => ({ calls: [store('offer', 'y'.repeat(900_000))] }));
    await thinking.hear();
    const { reason } = readJorb(thinking) ?? {};
    expect(reason).toMatch(
      /^the agent took \d{6} tokens of the model in one turn, and 400000 are the most it may$/,
    );
    await expectPaused(thinking, String(reason));
    thinking.think(replies);
    await thinking.resume();
    await expectReplied(thinking);
  });

  test('too large for five times', async () => {
    const thinking = await openThinkingWorld(wire, { model: { limits } });
    thinking.think(() => ({ text: 'x'.repeat(10_000_000) }));
    const asked = thinking.server.requests.length;
    await thinking.hear();
    await thinking.world.advance(10 * minuteMs);
    await expectPaused(thinking, more);
    expect(thinking.server.requests).toHaveLength(asked + 5);
  });
});

describe.each(modelProviders)('a turn of %s goes on at once after', (wire) => {
  const answers: [string, MindAnswer, string][] = [
    ['nothing', {}, 'Your answer was empty.'],
    ['half a sentence', { text: 'I think that', stop: 'cut' }, 'Your answer ran into its limit'],
    ['half a call', { calls: [halfACall], stop: 'cut' }, 'Your answer ran into its limit'],
  ];

  test.each(answers)('%s, when it is told', async (_, answer, note) => {
    const thinking = await openThinkingWorld(wire, { server: { thinks: false } });
    thinking.think(first(answer));
    await thinking.hear();
    await expectReplied(thinking);
    expect(thinking.server.seen.at(-1)?.steps[0]?.note).toContain(note);
  });

  test('two hundred calls, of which it is told which were made', async () => {
    const thinking = await openThinkingWorld(wire);
    thinking.think(first({ calls: Array.from({ length: 200 }, (_, at) => store(`key ${at}`, 'value')) }));
    await thinking.hear();
    await expectReplied(thinking);
    expect(thinking.world.sql('select count(*) facts from fact')).toEqual([{ facts: 32 }]);
    const results = thinking.server.seen.at(-1)?.steps[0]?.results.map(({ text }) => text);
    expect(results).toHaveLength(200);
    expect(results?.[32]).toContain('an answer may hold at most 32 calls; call again for the rest');
  });
});

describe.each(modelProviders)('an answer of %s that cannot be taken is asked for again later:', (wire) => {
  const answers: [string, MindAnswer, Fault | undefined][] = [
    ['ten megabytes of text', { text: 'x'.repeat(10_000_000) }, undefined],
    ['more than a megabyte of text', { text: 'x'.repeat(1_500_000) }, undefined],
    ['three megabytes of arguments', { calls: [store('a', 'y'.repeat(3_000_000))] }, undefined],
    ['text without end', { text: 'x'.repeat(30_000) }, { kind: 'endless', after: 4 }],
    ['what is no JSON', {}, { kind: 'garbage' }],
  ];

  test.each(answers)('%s', async (_, answer, fault) => {
    const thinking = await openThinkingWorld(wire, { model: { limits } });
    thinking.think(() => answer);
    if (fault) thinking.server.faults.push(fault);
    await thinking.hear();
    await expectRetried(thinking, 30 * secondMs);
    thinking.think(replies);
    await thinking.world.crash();
    await thinking.world.advance(30 * secondMs);
    await expectReplied(thinking);
    await expectCounted(thinking);
  });
});
