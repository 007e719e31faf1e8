import { describe, expect, test } from 'vitest';
import { catchBrainError, openLocal } from '../../support/models/openai-brains.ts';
import { describeRefusals, listCommonWrongs, type Wrong } from '../../support/models/openai-refusal-suite.ts';

/** messages: 0 system, 1 words of the user, 2 answer, 3 and 4 results, 5 note */
const wrongs: Wrong[] = [
  ...listCommonWrongs((body) => body.tools[0].function.parameters),
  ['an empty list of tools', (body) => (body.tools = []), /tools/],
  ['no messages', (body) => (body.messages = []), /messages/],
  ['an unknown role', (body) => (body.messages[0].role = 'robot'), /role/],
  ['an unknown field of a message', (body) => (body.messages[2].parsed = null), /Unknown parameter/],
  ['a user without words', (body) => (body.messages[1].content = []), /content/],
  ['an empty part', (body) => (body.messages[1].content[0].text = ''), /content/],
  [
    'an answer with neither words nor calls',
    (body) => (body.messages[2] = { role: 'assistant', content: null }),
    /must be set/,
  ],
  ['an empty list of calls', (body) => (body.messages[2].tool_calls = []), /tool_calls/],
  ['a call without an id', (body) => (body.messages[2].tool_calls[0].id = ''), /tool_calls\[0\]/],
  ['the index of a call', (body) => (body.messages[2].tool_calls[0].index = 0), /Unknown parameter/],
  [
    'broken arguments',
    (body) => (body.messages[2].tool_calls[0].function.arguments = '{"a'),
    /no JSON object/,
  ],
  [
    'two calls of one id',
    (body) => (body.messages[2].tool_calls[1].id = body.messages[2].tool_calls[0].id),
    /Duplicate call/,
  ],
  ['a call without a result', (body) => body.messages.splice(4, 1), /was not answered/],
  ['a result at the end missing', (body) => body.messages.splice(4, 2), /was not answered/],
  ['a result without its call', (body) => (body.messages[4].tool_call_id = 'x'), /without its call/],
  ['two results of one call', (body) => body.messages.push(body.messages[3]), /without its call/],
  [
    'a result after the next words',
    (body) => body.messages.push(body.messages.splice(4, 1)[0]),
    /was not answered/,
  ],
  ['a limit of nothing', (body) => (body.max_tokens = 0), /max_tokens/],
  ['options of a stream without one', (body) => (body.stream = false), /stream/],
];

describe('the fake of a local server', () =>
  describeRefusals((mind) => openLocal(mind, { server: { key: 'sk-1' } }), {
    route: '/v1/chat/completions',
    wrongs,
  }));

test('a model that it does not have and a conversation that does not fit end as they would there', async () => {
  const { ask } = await openLocal(() => ({}), { server: { models: ['other'] } });
  expect((await catchBrainError(ask())).message).toBe(
    'the model server has no model "model-1": check AGENT_MODEL',
  );
  const small = await openLocal(() => ({}), { server: { window: 10 } });
  expect((await catchBrainError(small.ask())).kind).toBe('too_long');
});
