/** Which keywords a strict tool may hold differs between models and servers, and nothing but a refusal tells. */
import { expect, test } from 'vitest';
import { buildModelRequest, continueRequest } from '../../support/models/model-request.ts';
import { askingMind, catchBrainError, openLocal, openOpenAi } from '../../support/models/openai-brains.ts';

const wires = [
  ['openai', openOpenAi],
  ['local', openLocal],
] as const;

test.each(wires)('%s goes on without strict tools where they are refused', async (_, open) => {
  const { server, ask } = await open(askingMind, { server: { refusedKeyword: 'minimum' } });
  const first = await ask();
  expect(first.toolCalls.map(({ name }) => name)).toEqual(['send_message', 'pause']);
  await ask({ steps: continueRequest(buildModelRequest(), first).steps });
  const strict = server.requests.map(({ body }) => JSON.stringify(body).includes('"strict":true'));
  expect(strict).toEqual([true, false, false]);
  expect(server.refused).toHaveLength(1);
});

test.each(wires)('%s asks no second time for another refusal', async (_, open) => {
  const { server, ask } = await open(askingMind);
  server.faults.push({ kind: 'status', status: 400 });
  expect(await catchBrainError(ask())).toMatchObject({ kind: 'permanent', usage: null });
  expect(server.requests).toHaveLength(1);
});
