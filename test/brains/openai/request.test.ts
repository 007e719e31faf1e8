import { expect, test, vi } from 'vitest';
import { openClient } from '../../../src/brains/openai/client.ts';
import { buildModelOptions, buildModelRequest, continueRequest } from '../../support/models/model-request.ts';
import { askingMind, openOpenAi, recordTwoSteps } from '../../support/models/openai-brains.ts';

test('sends the first and the second step as the golden files say', async () => {
  const [one, two] = await recordTwoSteps(await openOpenAi(askingMind));
  await expect(one).toMatchFileSnapshot('golden/first-step.json');
  await expect(two).toMatchFileSnapshot('golden/second-step.json');
});

test('sends back what the model thought and called, byte by byte, also after a restart', async () => {
  const { server, ask } = await openOpenAi(askingMind);
  const stored = JSON.parse(JSON.stringify(await ask()));
  await ask({ steps: continueRequest(buildModelRequest(), stored).steps });
  const { input } = (server.requests[1] ?? { body: {} }).body as { input: unknown[] };
  expect(stored.items).toHaveLength(4);
  expect(JSON.stringify(input.slice(1, 5))).toBe(JSON.stringify(stored.items));
});

test('sends exactly these headers', async () => {
  const { server, ask } = await openOpenAi(askingMind);
  await ask();
  const { host: _, 'content-length': __, ...headers } = server.requests[0]?.headers ?? {};
  expect(headers).toEqual({
    accept: 'application/json',
    'accept-encoding': expect.any(String),
    'accept-language': '*',
    authorization: 'Bearer sk-test',
    connection: 'keep-alive',
    'content-type': 'application/json',
    'sec-fetch-mode': 'cors',
    'user-agent': 'jorbs',
  });
});

test('asks OpenAI itself where no address is given, whatever the environment says', async () => {
  const names = 'BASE_URL API_KEY ADMIN_KEY ORG_ID PROJECT_ID WEBHOOK_SECRET LOG'.split(' ');
  for (const name of names) vi.stubEnv(`OPENAI_${name}`, 'https://nonsense.invalid');
  const client = await openClient(buildModelOptions());
  vi.unstubAllEnvs();
  const { baseURL, apiKey, adminAPIKey, organization, project, webhookSecret, logLevel } = client;
  expect({ baseURL, apiKey, logLevel, rest: [adminAPIKey, organization, project, webhookSecret] }).toEqual({
    baseURL: 'https://api.openai.com/v1',
    apiKey: 'sk-test',
    logLevel: 'off',
    rest: [null, null, null, null],
  });
});
