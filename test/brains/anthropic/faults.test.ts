import { expect, test } from 'vitest';
import type { BrainErrorDetails } from '../../../src/domain/brain.ts';
import type { Fault } from '../../support/models/fault.ts';
import { catchError, openBrain } from './ask.ts';

const words = { text: 'A longer answer, of which only a part arrives. '.repeat(200) };

function describe(type: string, message: string): object {
  return { type: 'error', error: { type, message } };
}

type Expected = Required<Pick<BrainErrorDetails, 'kind'>> & {
  usage: unknown;
  retryAfterMs?: number | undefined;
  message?: RegExp;
};

const status = (code: number, body?: unknown, retryAfter?: string | number): Fault => ({
  kind: 'status',
  status: code,
  ...(body !== undefined && { body }),
  ...(retryAfter !== undefined && { retryAfter }),
});
const partial = { inputTokens: expect.any(Number), cachedTokens: 0, writtenTokens: expect.any(Number) };

test.each<[string, Fault, Expected]>([
  ['401', status(401), { kind: 'permanent', usage: null, message: /does not accept LLM_API_KEY/ }],
  ['403', status(403), { kind: 'permanent', usage: null, message: /LLM_API_KEY: status 403/ }],
  ['402', status(402), { kind: 'permanent', usage: null, message: /no credit/ }],
  [
    '400 for want of credit',
    status(400, describe('invalid_request_error', 'Your credit balance is too low')),
    { kind: 'permanent', usage: null, message: /no credit/ },
  ],
  [
    '404',
    status(404, describe('not_found_error', 'model: claude-test-1')),
    { kind: 'permanent', usage: null, message: /no model "claude-test-1": check AGENT_MODEL/ },
  ],
  [
    '404 of a path',
    status(404, describe('not_found_error', 'Not Found')),
    { kind: 'permanent', usage: null, message: /LLM_BASE_URL.*check the address/ },
  ],
  [
    '404 of a stranger',
    status(404, '<h1>Not here</h1>'),
    { kind: 'permanent', usage: null, message: /LLM_BASE_URL/ },
  ],
  ['a redirect', status(302, ''), { kind: 'permanent', usage: null, message: /LLM_BASE_URL.*302/ }],
  ['413', status(413), { kind: 'too_long', usage: null }],
  [
    'too long a prompt',
    status(400, describe('invalid_request_error', 'prompt is too long: 200001 tokens > 200000 maximum')),
    { kind: 'too_long', usage: null },
  ],
  ['400', status(400), { kind: 'permanent', usage: null, message: /refused the request: status 400/ }],
  ['429', status(429), { kind: 'overload', usage: null }],
  ['429 with seconds', status(429, undefined, 7), { kind: 'overload', usage: null, retryAfterMs: 7000 }],
  [
    '429 with a date',
    status(429, undefined, 'Fri, 20 Nov 2026 09:01:00 GMT'),
    { kind: 'overload', usage: null, retryAfterMs: 60_000 },
  ],
  [
    '429 with a week',
    status(429, undefined, 604_800),
    { kind: 'overload', usage: null, retryAfterMs: 3_600_000 },
  ],
  ['429 with nonsense', status(429, undefined, 'soon'), { kind: 'overload', usage: null }],
  ['500', status(500), { kind: 'overload', usage: null }],
  ['502 of a proxy', status(502, '<h1>Bad gateway</h1>'), { kind: 'overload', usage: undefined }],
  ['504', status(504), { kind: 'timeout', usage: undefined }],
  ['529', status(529, undefined, 3), { kind: 'overload', usage: null, retryAfterMs: 3000 }],
  [
    'an overload inside an answer',
    { kind: 'midstream', type: 'overloaded_error' },
    { kind: 'overload', usage: expect.objectContaining(partial) },
  ],
  [
    'an overload before an answer',
    { kind: 'midstream', type: 'overloaded_error', after: 0 },
    { kind: 'overload', usage: undefined },
  ],
  [
    'a failure of another kind inside an answer',
    { kind: 'midstream', type: 'unheard_error' },
    { kind: 'overload', usage: expect.objectContaining(partial) },
  ],
  [
    'a connection cut within the answer',
    { kind: 'cut' },
    { kind: 'timeout', usage: expect.objectContaining(partial) },
  ],
  [
    'an answer that ends too early',
    { kind: 'short' },
    { kind: 'timeout', usage: expect.objectContaining(partial) },
  ],
  ['a connection cut before the answer', { kind: 'cut', after: 0 }, { kind: 'timeout', usage: undefined }],
  [
    'a reset',
    { kind: 'reset' },
    { kind: 'timeout', usage: undefined, message: /cannot be reached \(ECONNRESET\)/ },
  ],
  ['garbage', { kind: 'garbage' }, { kind: 'malformed', usage: undefined, message: /no JSON/ }],
  [
    'a page',
    { kind: 'html' },
    { kind: 'permanent', usage: null, message: /LLM_BASE_URL answers, but not as/ },
  ],
  [
    'an answer without an event',
    { kind: 'short', after: 0 },
    { kind: 'permanent', usage: undefined, message: /LLM_BASE_URL/ },
  ],
])('%s', async (_, fault, { kind, usage, retryAfterMs = null, message = /^/ }) => {
  const { server, ask } = await openBrain(() => words);
  server.faults.push(fault);
  const error = await catchError(ask());
  expect(error.message).toMatch(message);
  expect(error.message.length).toBeLessThan(300);
  expect(error).toMatchObject({ kind, retryAfterMs });
  expect(error.usage).toEqual(usage);
  expect(server.requests).toHaveLength(1);
  expect((await ask()).stop).toBe('end');
});

test('an answer that broke off counts what arrived of it', async () => {
  const { server, ask } = await openBrain(() => words);
  const whole = await ask();
  server.faults.push({ kind: 'cut', after: 10 });
  const { usage } = await catchError(ask());
  expect(usage?.inputTokens).toBe(whole.usage.inputTokens);
  expect(usage?.outputTokens).toBeGreaterThan(1000);
});

test('the model of the router is named by its own variable', async () => {
  const { ask } = await openBrain(() => words, { server: { models: ['another'] } });
  expect((await catchError(ask({ purpose: 'routing' }))).message).toMatch(/check ROUTER_MODEL$/);
});

test('a prompt that does not fit is too long', async () => {
  const { ask } = await openBrain(() => words, { server: { window: 10 } });
  expect(await catchError(ask())).toMatchObject({ kind: 'too_long', usage: null });
});

test('nobody at the address costs nothing', async () => {
  const { server, ask } = await openBrain(() => words);
  await server.close();
  const error = await catchError(ask());
  expect(error).toMatchObject({ kind: 'timeout', usage: null });
  expect(error.message).toBe('Anthropic cannot be reached (ECONNREFUSED)');
});
