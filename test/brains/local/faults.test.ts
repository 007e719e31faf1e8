import { describe, expect, test } from 'vitest';
import { catchBrainError, openLocal } from '../../support/models/openai-brains.ts';
import { describeFaults } from '../../support/models/openai-fault-suite.ts';

describe('a local server', () =>
  describeFaults((mind, options) => openLocal(mind, { apiKey: 'sk-1', ...options })));

test('asks for a key where the server wants one and there is none', async () => {
  const { ask } = await openLocal(() => ({}), { apiKey: '', server: { key: 'secret' } });
  expect((await catchBrainError(ask())).message).toBe('the model server wants a key: set LLM_API_KEY');
});

test.each([
  'request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it',
  "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
])('knows a context that is full by the words of its server: %s', async (message) => {
  const { server, ask } = await openLocal(() => ({}));
  server.faults.push({ kind: 'status', status: 400, body: { error: { message, type: 'bad', code: 400 } } });
  expect((await catchBrainError(ask())).kind).toBe('too_long');
});
