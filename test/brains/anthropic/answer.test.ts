import { expect, test } from 'vitest';
import { noUsage } from '../../../src/domain/brain.ts';
import { openFakeServer, startFakeServer } from '../../support/models/fake-server.ts';
import type { SseEvent } from '../../support/models/fault.ts';
import type { Mind } from '../../support/models/mind.ts';
import { buildStep, catchError, computeCost, openBrain } from './ask.ts';

const asking: Mind = () => ({
  text: 'Checking Oslo.',
  calls: [
    { name: 'get_weather', arguments: { city: 'Oslo', unit: 'c', confidence: 0.7 } },
    { name: 'get_weather', arguments: { city: 'Bergen', unit: 'c' } },
  ],
});

test('reads words, calls, confidence, cost and time', async () => {
  const times = [1000, 1250];
  const { ask } = await openBrain(asking, { now: () => times.shift() ?? 0 });
  const answer = await ask();
  expect(answer).toMatchObject({
    wire: 'anthropic',
    reasoning: 'Checking Oslo.',
    confidence: 0.7,
    stop: 'tools',
    toolCalls: [
      { id: 'toolu_1_0', name: 'get_weather', arguments: { city: 'Oslo', unit: 'c', confidence: 0.7 } },
      { id: 'toolu_1_1', name: 'get_weather', arguments: { city: 'Bergen', unit: 'c' } },
    ],
    call: { model: 'claude-test-1', durationMs: 250, costMicros: computeCost(answer.usage) },
  });
  expect(answer.call?.promptHash).toMatch(/^[0-9a-f]{64}$/);
});

test('counts what the cache gave and took as part of the input', async () => {
  const { server, ask } = await openBrain(asking);
  const prompt = {
    system: 'You run errands. '.repeat(40),
    input: ['The contract. '.repeat(40), 'The newest message.'],
  };
  const first = await ask({ prompt });
  const second = await ask({ prompt, steps: [buildStep(first)] });
  const otherTurn = await ask({ prompt: { ...prompt, input: [prompt.input[0] ?? '', 'Another message.'] } });
  const otherJorb = await ask({ prompt: { ...prompt, input: ['Another contract.'] } });
  expect(server.refused).toEqual([]);
  const { inputTokens, writtenTokens } = first.usage;
  expect(first.usage).toMatchObject({ cachedTokens: 0, writtenTokens: inputTokens });
  expect(second.usage.cachedTokens).toBe(writtenTokens);
  expect(second.usage.inputTokens).toBe(second.usage.cachedTokens + second.usage.writtenTokens);
  expect(otherTurn.usage.cachedTokens).toBeGreaterThan(otherJorb.usage.cachedTokens);
  expect(otherTurn.usage.cachedTokens / otherTurn.usage.inputTokens).toBeGreaterThan(0.9);
  expect(otherJorb.usage.cachedTokens).toBeGreaterThan(prompt.system.length / 4);
});

test.each<[string, Mind, object]>([
  [
    'nothing but a thought',
    () => ({}),
    { stop: 'end', toolCalls: [], reasoning: expect.stringMatching(/^Thought 1/) },
  ],
  ['words', () => ({ text: 'Done.' }), { stop: 'end', reasoning: 'Done.' }],
  [
    'a refusal',
    () => ({ stop: 'refused' }),
    { stop: 'refused', reasoning: 'This request is not one to help with.' },
  ],
  ['half an answer', () => ({ text: 'Well, I', stop: 'cut' }), { stop: 'cut', reasoning: 'Well, I' }],
  [
    'half a call',
    () => ({ text: 'Hm.', calls: [{ name: 'get_weather', arguments: '{"city": "Os' }], stop: 'cut' }),
    { stop: 'cut', toolCalls: [], items: [{ type: 'thinking' }, { type: 'text' }] },
  ],
  [
    'a call without arguments',
    () => ({ calls: [{ name: 'get_weather', arguments: '' }] }),
    { stop: 'tools', toolCalls: [{ arguments: {} }] },
  ],
])('reads %s', async (_, mind, answer) => {
  const { ask } = await openBrain(mind);
  expect(await ask()).toMatchObject(answer);
});

test.each([
  ['{"city": Oslo}', '{"city": Oslo}'],
  ['["Oslo"]', ['Oslo']],
  ['null', null],
])('hands on arguments that are no object: %s, and can go on', async (written, read) => {
  const { server, ask } = await openBrain(() => ({ calls: [{ name: 'get_weather', arguments: written }] }));
  const answer = await ask();
  expect(answer).toMatchObject({ stop: 'tools', toolCalls: [{ arguments: read }] });
  expect(answer.usage.outputTokens).toBeGreaterThan(0);
  await ask({ steps: [buildStep(answer)] });
  expect(server.refused).toEqual([]);
});

test('reads an answer that is no UTF-8 as far as it is', async () => {
  const { server, ask } = await openBrain(() => ({ text: 'Before \u{fffd} after' }));
  server.faults.push({ kind: 'bytes' });
  expect((await ask()).reasoning).toMatch(/^Before \u{fffd}+ after$/u);
});

test('an answer of ten megabytes is refused with what it took', async () => {
  const { ask } = await openBrain(() => ({ text: 'x'.repeat(10_000_000) }));
  const error = await catchError(ask());
  expect(error).toMatchObject({ kind: 'malformed' });
  expect(error.usage?.outputTokens).toBeGreaterThan(100_000);
});

test('hangs up on an answer without end after two megabytes of it', async () => {
  const { server, ask } = await openBrain(() => ({ text: 'x'.repeat(4000) }));
  server.faults.push({ kind: 'endless', after: 8 });
  const error = await catchError(ask());
  expect(error).toMatchObject({ kind: 'malformed' });
  expect((error.usage?.outputTokens ?? 0) * 3).toBeLessThan(2_100_000);
  await server.waitForHangUp();
});

function toEvents(events: { type: string }[]): SseEvent[] {
  return events.map((data) => ({ event: data.type, data }));
}

const start = { type: 'message_start', message: { usage: { input_tokens: 7, output_tokens: 1 } } };
const stopped = { type: 'message_stop' };

async function answerWith(events: { type: string }[]) {
  const server = await startFakeServer({
    answer: () => ({ sse: toEvents(events) }),
    errorBody: () => ({}),
    errorEvent: (type) => ({ event: 'error', data: { type } }),
  });
  return (await openBrain(() => ({}), { baseUrl: `${server.url}/v1/` })).ask();
}

test('passes over events and fields that are newer than this', async () => {
  const answer = await answerWith([
    { type: 'weather_report' },
    start,
    { type: 'content_block_start', index: 0, content_block: { type: 'hologram', id: 'h' } } as {
      type: string;
    },
    { type: 'content_block_delta', index: 0, delta: { type: 'light_delta', light: 1 } } as { type: string },
    { type: 'content_block_delta', index: 5, delta: { type: 'text_delta', text: 'lost' } } as {
      type: string;
    },
    { type: 'message_delta', delta: { stop_reason: 'bored' }, usage: { output_tokens: 9 } } as {
      type: string;
    },
    stopped,
  ]);
  expect(answer).toMatchObject({ items: [{ type: 'hologram', id: 'h' }], stop: 'end', toolCalls: [] });
  expect(answer.usage).toEqual({ ...noUsage, inputTokens: 7, outputTokens: 9 });
});

test('an answer that nobody counted costs a token for every byte', async () => {
  const text = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'four' } };
  const answer = await answerWith([
    { type: 'message_start', message: { usage: {} } } as { type: string },
    text,
    stopped,
  ]);
  expect(answer.usage.outputTokens).toBe(4);
  expect(answer.usage.inputTokens).toBeGreaterThan(400);
});

test.each([
  ['a start without usage', [{ type: 'message_start' }]],
  ['a block that is none', [start, { type: 'content_block_start', index: 'one' }]],
  [
    'a call without a name',
    [start, { type: 'content_block_start', index: 0, content_block: { type: 'tool_use' } }, stopped],
  ],
])('takes no %s', async (_, events) => {
  expect(await catchError(answerWith(events))).toMatchObject({ kind: 'malformed' });
});

test('a fake server outside a test is closed by its owner, once or twice', async () => {
  const { url, close } = await openFakeServer({
    answer: () => ({ json: {} }),
    errorBody: () => ({}),
    errorEvent: () => ({ data: '' }),
  });
  expect((await fetch(url)).status).toBe(200);
  await close();
  await close();
  await expect(fetch(url)).rejects.toThrow();
});
