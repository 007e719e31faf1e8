import { describe, expect, test } from 'vitest';
import type { ChatManners } from '../../support/models/chat-events.ts';
import { buildModelRequest, continueRequest } from '../../support/models/model-request.ts';
import { describeAnswers } from '../../support/models/openai-answer-suite.ts';
import { openLocal } from '../../support/models/openai-brains.ts';

const calls = [
  { name: 'pause', arguments: { reason: 'first' } },
  { name: 'pause', arguments: { reason: 'second, which is longer than one piece of a stream' } },
];

describe('a local server', () => describeAnswers((mind) => openLocal(mind)));

test.each<Partial<ChatManners>>([
  { index: 'zero' },
  { index: 'none' },
  { ids: 'none' },
  { ids: 'same' },
  { index: 'none', ids: 'none' },
])('reads two calls apart from a server with %o', async (manners) => {
  const { server, ask } = await openLocal(() => ({ calls }), { server: { manners } });
  const first = await ask();
  expect(first.toolCalls.map(({ id: _, ...call }) => call)).toEqual(calls);
  const next = continueRequest(buildModelRequest(), first);
  const second = await ask({ steps: next.steps });
  const ids = [first, second].flatMap(({ toolCalls }) => toolCalls.map(({ id }) => id));
  expect(new Set(ids).size).toBe(4);
  await ask({ steps: continueRequest(next, second).steps });
  expect(server.refused).toEqual([]);
});

test('counts a token for every byte where the server counts none', async () => {
  const { server, ask } = await openLocal(() => ({ text: 'Grüße' }), {
    server: { manners: { usage: 'none' } },
  });
  const { usage, call } = await ask();
  const sent = Buffer.byteLength(JSON.stringify(server.requests[0]?.body));
  expect(usage).toMatchObject({ inputTokens: sent, cachedTokens: 0, writtenTokens: 0 });
  expect(usage.outputTokens).toBeGreaterThan(Buffer.byteLength('Grüße'));
  expect(call?.costMicros).toBe(2 * sent + 10 * usage.outputTokens);
});

test('takes a count without details', async () => {
  const { ask } = await openLocal(() => ({ text: 'x' }), { server: { manners: { usage: 'plain' } } });
  await ask();
  const { usage } = await ask();
  expect(usage.cachedTokens).toBe(0);
  expect(usage.inputTokens).toBeLessThan(500);
});

test.each(['reasoning', 'reasoning_content'] as const)(
  'sends a thought back in the field %s it came in',
  async (thoughts) => {
    const { server, ask } = await openLocal(() => ({ calls }), { server: { manners: { thoughts } } });
    const first = await ask();
    expect(first.reasoning).toBe('let me think');
    await ask({ steps: continueRequest(buildModelRequest(), first).steps });
    expect(JSON.stringify(server.requests[1]?.body)).toContain(`"${thoughts}":"let me think"`);
  },
);

test('leaves a thought in tags out of the reasoning, unless there is nothing else', async () => {
  const texts = ['<think>Hm.</think>\nI ask the hotel.', '<think>Hm.</think>'];
  const { ask } = await openLocal(() => ({ text: texts.shift() ?? '' }));
  expect((await ask()).reasoning).toBe('I ask the hotel.');
  expect((await ask()).reasoning).toBe('<think>Hm.</think>');
});

test('sends a placeholder where there is no key', async () => {
  const { server, ask } = await openLocal(() => ({}), { apiKey: '' });
  await ask();
  expect(server.requests[0]?.headers.authorization).toBe('Bearer none');
});
