import { describe, expect, test } from 'vitest';
import { describeAnswers } from '../../support/models/openai-answer-suite.ts';
import { openOpenAi } from '../../support/models/openai-brains.ts';

describe('OpenAI', () => describeAnswers((mind) => openOpenAi(mind)));

test('keeps the caches of jorbs apart, and that of the router', async () => {
  const { server, ask } = await openOpenAi(() => ({}));
  const first = await ask();
  expect((await ask()).usage.cachedTokens).toBe(first.usage.inputTokens - 1);
  expect((await ask({ jorbId: 'jorb_8' })).usage.cachedTokens).toBe(0);
  expect((await ask({ jorbId: null, purpose: 'routing' })).usage.cachedTokens).toBe(0);
  const keys = server.requests.map(({ body }) => (body as { prompt_cache_key: string }).prompt_cache_key);
  expect(keys).toEqual(['jorb_7', 'jorb_7', 'jorb_8', 'router']);
});
