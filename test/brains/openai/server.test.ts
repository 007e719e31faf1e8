import { describe, expect, test } from 'vitest';
import { catchBrainError, openOpenAi } from '../../support/models/openai-brains.ts';
import {
  type Body,
  describeRefusals,
  listCommonWrongs,
  type Wrong,
} from '../../support/models/openai-refusal-suite.ts';

/** input: 0 words of the user, 1 thought, 2 message, 3 and 4 calls, 5 and 6 outputs, 7 note */
const wrongs: Wrong[] = [
  ...listCommonWrongs((body) => body.tools[0].parameters),
  ['no input', (body) => (body.input = []), /input/],
  ['an unknown type of item', (body) => (body.input[0].type = 'magic'), /'magic'/],
  ['an unknown role', (body) => (body.input[0].role = 'tool'), /role/],
  ['a message without content', (body) => (body.input[0].content = []), /content/],
  ['words of the user as output', (body) => (body.input[0].content[0].type = 'output_text'), /content\[0\]/],
  ['what an SDK adds to an item', (body) => (body.input[3].parsed_arguments = {}), /parsed_arguments/],
  ['arguments that are no text', (body) => (body.input[3].arguments = {}), /arguments/],
  ['a call without an id', (body) => delete body.input[3].call_id, /call_id/],
  ['two calls of one id', (body) => (body.input[4].call_id = body.input[3].call_id), /Duplicate call_id/],
  ['a call without output', (body) => body.input.splice(6, 1), /No tool output found for function call/],
  ['an output without its call', (body) => (body.input[6].call_id = 'call_x'), /No tool call found/],
  ['two outputs of one call', (body) => body.input.push(body.input[5]), /No tool call found/],
  [
    'an output before its call',
    (body) => body.input.unshift(body.input.splice(5, 1)[0]),
    /No tool call found/,
  ],
  ['a thought without its seal', (body) => delete body.input[1].encrypted_content, /could not be verified/],
  ['a thought that was changed', (body) => (body.input[1].encrypted_content += 'x'), /could not be verified/],
  ['a thought that nothing follows', (body: Body) => body.input.splice(2, 5), /required following item/],
  ['a call without its thought', (body) => body.input.splice(1, 1), /required 'reasoning' item/],
  ['a limit that is no number', (body) => (body.max_output_tokens = '9'), /max_output_tokens/],
  ['a limit below the least', (body) => (body.max_output_tokens = 1), /max_output_tokens/],
  ['something odd to include', (body) => (body.include = ['all']), /include/],
  ['a key of the cache that is a number', (body) => (body.prompt_cache_key = 7), /prompt_cache_key/],
];

describe('the fake of OpenAI', () => describeRefusals(openOpenAi, { route: '/v1/responses', wrongs }));

test('a model that it does not have and a conversation that does not fit end as they would there', async () => {
  const { server, ask } = await openOpenAi(() => ({}), { server: { models: ['other'] } });
  expect((await catchBrainError(ask())).message).toBe('OpenAI has no model "model-1": check AGENT_MODEL');
  const small = await openOpenAi(() => ({}), { server: { window: 10 } });
  expect((await catchBrainError(small.ask())).kind).toBe('too_long');
  expect([...server.refused, ...small.server.refused]).toHaveLength(2);
});
