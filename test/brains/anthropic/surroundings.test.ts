import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startMessagesServer } from '../../support/models/messages-server.ts';
import { catchError, openBrain } from './ask.ts';

/** Every variable that the SDK reads, and nothing that it should find there. */
const nonsense = {
  ANTHROPIC_API_KEY: 'sk-ant-stolen',
  ANTHROPIC_AUTH_TOKEN: 'stolen',
  ANTHROPIC_BASE_URL: 'http://127.0.0.1:9/elsewhere',
  ANTHROPIC_CONFIG_DIR: '/nowhere',
  ANTHROPIC_CUSTOM_HEADERS: 'Authorization: Bearer stolen\nx-evil: yes\nanthropic-version: 1999-01-01',
  ANTHROPIC_ENVIRONMENT_ID: 'env',
  ANTHROPIC_ENVIRONMENT_KEY: 'env',
  ANTHROPIC_FEDERATION_RULE_ID: 'rule',
  ANTHROPIC_IDENTITY_TOKEN: 'stolen',
  ANTHROPIC_IDENTITY_TOKEN_FILE: '/nowhere/token',
  ANTHROPIC_LOG: 'debug',
  ANTHROPIC_OPEN_TELEMETRY: 'true',
  ANTHROPIC_OPEN_TELEMETRY_PROPAGATION: 'true',
  ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE: 'content',
  ANTHROPIC_OPEN_TELEMETRY_TRACES_MAX_CONTENT_BYTES: '1',
  ANTHROPIC_ORGANIZATION_ID: 'org',
  ANTHROPIC_PROFILE: 'stolen',
  ANTHROPIC_SCOPE: 'all',
  ANTHROPIC_SERVICE_ACCOUNT_ID: 'svc',
  ANTHROPIC_SESSION_ID: 'session',
  ANTHROPIC_WEBHOOK_SIGNING_KEY: 'whsec',
  ANTHROPIC_WORKSPACE_ID: 'workspace',
  ANTHROPIC_WORK_ID: 'work',
  ANTHROPIC_WORK_SECRET: 'secret',
};

async function stepInChild(env: Record<string, string>) {
  const server = await startMessagesServer({ mind: () => ({ text: 'Well.' }) });
  const child = fork(join(import.meta.dirname, 'step-child.ts'), [server.url, server.key], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { PATH: process.env.PATH, ...env },
  });
  const [[answer], stdout] = await Promise.all([
    once(child, 'message'),
    child.stdout ? text(child.stdout) : undefined,
  ]);
  return { answer, stdout, request: server.requests[0] };
}

test('whatever the environment says, the same goes out, and nothing to stdout', async () => {
  const [plain, confused] = await Promise.all([stepInChild({}), stepInChild(nonsense)]);
  expect(plain).toMatchObject({ answer: 'Well.', stdout: '' });
  const { host: _, ...headers } = plain.request?.headers ?? {};
  const { host: __, ...confusedHeaders } = confused.request?.headers ?? {};
  expect(confusedHeaders).toEqual(headers);
  expect(confused).toMatchObject({ answer: 'Well.', stdout: '', request: { body: plain.request?.body } });
});

test('is built without a word to anyone', async () => {
  const { server } = await openBrain(() => ({}));
  expect(server.requests).toEqual([]);
});

test('an aborted step does not ask', async () => {
  const { server, ask } = await openBrain(() => ({}));
  await expect(ask({}, AbortSignal.abort('stopped'))).rejects.toBe('stopped');
  expect(server.requests).toEqual([]);
});

test.each([
  ['the headers do not come', { kind: 'hang' as const }],
  ['the answer stops in its middle', { kind: 'stall' as const, after: 4 }],
])('an abort ends the wait at once with its reason, where %s', async (_, fault) => {
  const { server, ask } = await openBrain(() => ({ text: 'One. Two. Three.' }));
  server.faults.push(fault);
  const controller = new AbortController();
  const step = ask({}, controller.signal);
  await server.waitForRequests(1);
  const reason = new Error('the time of the call is up');
  controller.abort(reason);
  await expect(step).rejects.toBe(reason);
  await server.waitForHangUp();
});

test('the same brain goes on after an abort', async () => {
  const { server, ask } = await openBrain(() => ({ text: 'Well.' }));
  server.faults.push({ kind: 'hang' });
  const controller = new AbortController();
  const step = ask({}, controller.signal);
  await server.waitForRequests(1);
  controller.abort('stopped');
  await expect(step).rejects.toBe('stopped');
  expect((await ask()).reasoning).toBe('Well.');
});

test.each(['', 'two words', 'sk-ant-\u{2028}', 'sk\nx-evil: yes'])(
  'asks nothing with the key %j',
  async (apiKey) => {
    const { server, ask } = await openBrain(() => ({}), { apiKey });
    const error = await catchError(ask());
    expect(error).toMatchObject({
      kind: 'permanent',
      usage: null,
      message: 'LLM_API_KEY is no key of Anthropic',
    });
    expect(server.requests).toEqual([]);
  },
);

test('says nothing of the key, and little of what the provider says', async () => {
  const { server, ask } = await openBrain(() => ({}));
  const message = `${server.key} at https://me:pass@host is no key. ${'x'.repeat(1000)}`;
  const body = { type: 'error', error: { type: 'invalid_request_error', message } };
  server.faults.push({ kind: 'status', status: 400, body });
  const error = await catchError(ask());
  expect(`${error.message}${error.stack}`).not.toContain(server.key);
  expect(error.message).toMatch(/^Anthropic refused the request: \[key\] at https:\/\/host is no key\. x+…/);
  expect(error.message.length).toBeLessThan(250);
});

test('takes an address with and without the version', async () => {
  const { server, ask } = await openBrain(() => ({ text: 'Well.' }));
  const slashed = await openBrain(() => ({}), { baseUrl: `${server.url}//`, apiKey: server.key });
  const versioned = await openBrain(() => ({}), { baseUrl: `${server.url}/v1/`, apiKey: server.key });
  await Promise.all([ask(), slashed.ask(), versioned.ask()]);
  expect(server.requests.map(({ url }) => url)).toEqual(['/v1/messages', '/v1/messages', '/v1/messages']);
});

test('takes the key nowhere else when it is sent there', async () => {
  const elsewhere = await openBrain(() => ({ text: 'Mine now.' }));
  const { server, ask } = await openBrain(() => ({}));
  server.faults.push({ kind: 'redirect', to: `${elsewhere.server.url}/v1/messages` });
  expect(await catchError(ask())).toMatchObject({ kind: 'permanent', usage: null });
  expect(server.requests).toHaveLength(1);
  expect(elsewhere.server.requests).toEqual([]);
});
