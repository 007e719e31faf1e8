/** A server that calls itself a model may answer anything, and must not stop or spoil the process that asks it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { buildAnthropicBrain } from '../../../src/brains/anthropic/anthropic-brain.ts';
import { extendDraft, startDraft } from '../../../src/brains/local/draft.ts';
import { buildLocalBrain } from '../../../src/brains/local/local-brain.ts';
import { nameCalls } from '../../../src/brains/model/conversation.ts';
import { readUsage } from '../../../src/brains/model/usage.ts';
import { BrainError } from '../../../src/domain/brain.ts';
import { buildModelOptions, buildModelRequest } from '../../support/models/model-request.ts';
import { catchBrainError, openLocal, openOpenAi } from '../../support/models/openai-brains.ts';

const pause = { name: 'pause', arguments: { reason: 'x' } };

test.each([
  ['openai', openOpenAi],
  ['local', openLocal],
] as const)('an answer of %s with a thousand calls is none', async (_, open) => {
  const { ask } = await open(() => ({ calls: Array.from({ length: 1000 }, () => pause) }));
  expect(await catchBrainError(ask())).toMatchObject({
    kind: 'malformed',
    message: 'the model made more than 250 calls in one answer',
  });
});

test('as many calls as fit are read', async () => {
  const { ask } = await openLocal(() => ({ calls: Array.from({ length: 250 }, () => pause) }));
  expect((await ask()).toolCalls).toHaveLength(250);
});

test('a chunk of a million calls is not read to its end', () => {
  const tool_calls = Array.from({ length: 1_000_000 }, (_, index) => ({ index }));
  const startedAt = performance.now();
  expect(() => extendDraft(startDraft(), { tool_calls })).toThrow(BrainError);
  const ids = Array.from({ length: 100_000 }, (_, index) => (index < 50_000 ? `call_${50_000 + index}` : ''));
  expect(() => nameCalls(ids, { fit: /./, taken: new Set() })).toThrow(BrainError);
  expect(performance.now() - startedAt).toBeLessThan(2000);
});

test('a count beyond all measure is cut, so that sums of it are still numbers', () => {
  const most = Number.MAX_SAFE_INTEGER;
  const usage = readUsage(
    { input: most, cached: most, written: most, output: most },
    { asked: 'a', answered: 'b' },
  );
  expect(usage).toEqual({
    ...{ inputTokens: 10_000_000, cachedTokens: 10_000_000 },
    ...{ writtenTokens: 0, outputTokens: 10_000_000 },
  });
});

const depth = 100_000;
const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
const streams = {
  local: `data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"pause","arguments":"{}"},"extra":${deep}}]},"finish_reason":"tool_calls"}]}\n\ndata: [DONE]\n\n`,
  anthropic: [
    ['message_start', '"message":{"usage":{}}'],
    [
      'content_block_start',
      `"index":0,"content_block":{"type":"tool_use","id":"a","name":"pause","input":${deep}}`,
    ],
    ['message_stop', '"x":0'],
  ]
    .map(([type, rest]) => `event: ${type}\ndata: {"type":"${type}",${rest}}\n\n`)
    .join(''),
};

test.each([
  ['local', buildLocalBrain],
  ['anthropic', buildAnthropicBrain],
] as const)('an answer of %s that is nested without end is none', async (wire, build) => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(streams[wire]);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const brain = build(buildModelOptions({ baseUrl: `http://127.0.0.1:${port}/v1`, apiKey: 'key' }));
  const error = await catchBrainError(brain.step(buildModelRequest(), new AbortController().signal));
  expect(error).toMatchObject({
    kind: 'malformed',
    message: 'the model answered with a structure that cannot be kept',
  });
});
