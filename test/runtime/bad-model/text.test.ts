import { describe, expect, test } from 'vitest';
import { modelProviders } from '../../../src/domain/brain.ts';
import { renderDecisions } from '../../../src/domain/render/decision.ts';
import { presentDecision } from '../../../src/mcp/present/decision.ts';
import { listDecisions } from '../../../src/runtime/owner/list-decisions.ts';
import {
  expectCounted,
  expectPaused,
  expectReplied,
  readJorb,
  readOwnerTexts,
} from '../../support/models/expect-thinking.ts';
import { openThinkingWorld, replies, type ThinkingWorld } from '../../support/models/thinking-world.ts';

/** Half a character, which no UTF-8 can hold, and one that ends a text for some. */
const half = '\ud83d';
const nul = '\u0000';
const everything = { jorbId: null, status: null, since: null, limit: 50, offset: 0 };

/** Whatever the owner or a model is shown can be shown. */
async function expectClean(thinking: ThinkingWorld): Promise<void> {
  const { world, server } = thinking;
  const page = await listDecisions(world.otherFace, everything);
  const shown = [
    await readOwnerTexts(thinking),
    JSON.stringify(page.decisions.map(presentDecision)),
    renderDecisions(page),
    ...world.wire.lines.map(({ text }) => text),
    ...server.requests.map(({ body }) => JSON.stringify(body)),
  ];
  for (const text of shown) {
    expect(text.isWellFormed()).toBe(true);
    expect(text).not.toMatch(/\\u[dD][89a-fA-F]/);
    expect(text).not.toContain(nul);
  }
}

describe.each(modelProviders)('text of %s', (wire) => {
  test('with half characters is kept and shown without them', async () => {
    const thinking = await openThinkingWorld(wire);
    thinking.think((seen) => {
      if (seen.steps.length > 0) return replies(seen);
      const given = { key: `offer${half}`, value: `$200${nul} a${half} night`, source: null };
      return { text: `Half ${half} a word ${nul}.`, calls: [{ name: 'store_data', arguments: given }] };
    });
    await thinking.hear();
    await expectReplied(thinking);
    await expectClean(thinking);
    expect(thinking.world.sql('select key from fact')).toHaveLength(1);
  });

  test.each([
    ['a question', { name: 'ask_owner', arguments: { question: `Shall I ${half}?` } }],
    [
      'a message',
      {
        name: 'send_message',
        arguments: {
          ...{ to: 'loopback:magic', text: `A room ${half}?`, price: null, consequence: 'message' },
          ...{ based_on: null, confidence: 1 },
        },
      },
    ],
  ])('does not leave as %s with half a character: it is told to leave that out', async (_, wrong) => {
    const thinking = await openThinkingWorld(wire);
    thinking.think((seen) => (seen.steps.length === 0 ? { calls: [wrong] } : replies(seen)));
    await thinking.hear();
    await expectReplied(thinking);
    await expectClean(thinking);
    const [step] = thinking.server.seen.at(-1)?.steps ?? [];
    expect(step?.results[0]?.text).toContain('U+D83D');
  });

  test.each([
    ['pause', { reason: `It is ${half} late${nul}` }, 'paused'],
    ['fail', { reason: `No ${half} room${nul}` }, 'failed'],
    ['complete', { outcome: `Done ${half}${nul}`, evidence: [] }, 'complete'],
  ])('ends the errand by %s, and the owner can read why', async (name, given, status) => {
    const thinking = await openThinkingWorld(wire);
    thinking.think(() => ({ text: `I ${half} end it.`, calls: [{ name, arguments: given }] }));
    await thinking.hear();
    expect(readJorb(thinking)).toMatchObject({ status });
    await expectClean(thinking);
    await expectCounted(thinking);
  });

  test('that is no UTF-8 is read as well as it goes', async () => {
    const thinking = await openThinkingWorld(wire);
    thinking.think(() => ({ text: 'I will not say \u{fffd} that.', stop: 'refused' }));
    thinking.server.faults.push({ kind: 'bytes' });
    await thinking.hear();
    const { reason } = readJorb(thinking) ?? {};
    await expectPaused(thinking, String(reason));
    await expectClean(thinking);
    if (wire !== 'anthropic') expect(reason).toMatch(/^the model refused: I will not say \u{fffd}+ that\.$/u);
    thinking.think(replies);
    await thinking.resume();
    await expectReplied(thinking);
  });

  test('of the other side reaches it as whole characters', async () => {
    const thinking = await openThinkingWorld(wire);
    thinking.think(replies);
    await thinking.hear(`We have ${half} a room${nul} \u202Eyes.`);
    await expectReplied(thinking);
    await expectClean(thinking);
    expect(thinking.server.seen.at(-1)?.input.at(-1)).toContain('We have');
  });

  test('of ten megabytes from the other side does not make the prompt longer than it may be', async () => {
    const thinking = await openThinkingWorld(wire);
    thinking.think(replies);
    await thinking.hear('Yes, we have a room. '.repeat(500_000));
    await expectReplied(thinking);
    const longest = Math.max(...thinking.server.requests.map(({ body }) => JSON.stringify(body).length));
    expect(longest).toBeLessThan(200_000);
  });
});
