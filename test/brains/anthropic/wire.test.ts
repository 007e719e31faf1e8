import { expect, test } from 'vitest';
import { startMessagesServer } from '../../support/models/messages-server.ts';

type Body = Record<string, unknown> & { messages: Record<string, unknown>[] };

const key = 'sk-ant-test';
const headers = {
  authorization: `Bearer ${key}`,
  'anthropic-version': '2026-10-21',
  'content-type': 'application/json',
};
const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const tool = { name: 'get_weather', description: 'The weather.', input_schema: schema, strict: true };
const call = { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Oslo' } };
const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'sun' };
const marked = { cache_control: { type: 'ephemeral' } };
const said = (...content: object[]) => ({ role: 'user', content });
const answered = (...content: object[]) => ({ role: 'assistant', content });
const text = (words: string, more: object = {}) => ({ type: 'text', text: words, ...more });

function buildBody(changes: Record<string, unknown> = {}): Body {
  return {
    model: 'claude-test-1',
    max_tokens: 100,
    system: [text('You run errands.')],
    tools: [tool],
    messages: [said(text('Hello.')), answered(call), said(result)],
    stream: true,
    ...changes,
  };
}

async function send(body: unknown, { path = '/v1/messages', ...init }: RequestInit & { path?: string } = {}) {
  const server = await startMessagesServer({ mind: () => ({ text: 'Well.' }), key });
  const given = init.method === 'GET' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(`${server.url}${path}`, { method: 'POST', headers, ...given, ...init });
  return { status: response.status, answer: await response.text(), id: response.headers.get('request-id') };
}

test('the API takes what is right', async () => {
  const { status, answer, id } = await send(buildBody());
  expect(status).toBe(200);
  expect(answer).toMatch(
    /^event: message_start\n[\s\S]*event: message_stop\ndata: {"type":"message_stop"}\n\n$/,
  );
  expect(id).toMatch(/^req_/);
});

test.each<[string, number, RequestInit & { path?: string }]>([
  ['another route', 404, { path: '/v1/complete' }],
  ['another method', 405, { method: 'GET' }],
  ['no credentials', 401, { headers: { ...headers, authorization: '' } }],
  ['another key', 401, { headers: { ...headers, authorization: 'Bearer no' } }],
  ['the key in the old header', 401, { headers: { ...headers, authorization: '', 'x-api-key': key } }],
  ['the key in both headers', 400, { headers: { ...headers, 'x-api-key': key } }],
  ['an old version', 400, { headers: { ...headers, 'anthropic-version': '2023-06-01' } }],
  [
    'no version',
    400,
    { headers: { authorization: headers.authorization, 'content-type': 'application/json' } },
  ],
  ['another content type', 400, { headers: { ...headers, 'content-type': 'text/plain' } }],
])('the API refuses %s', async (_, status, init) => {
  expect(await send(buildBody(), init)).toMatchObject({
    status,
    answer: expect.stringContaining('"type":"error"'),
  });
});

const union = { anyOf: [{ type: 'string' }, { type: 'null' }] };
const withSchema = (input_schema: object) => ({ tools: [{ ...tool, input_schema }] });
const withCity = (city: object) => withSchema({ ...schema, properties: { city } });
const copies = (count: number, each: object = {}) =>
  Array.from({ length: count }, (_, at) => ({ ...tool, name: `tool_${at}`, ...each }));

test.each<[string, Record<string, unknown>]>([
  ['no model', { model: '' }],
  ['no limit', { max_tokens: undefined }],
  ['a limit of nothing', { max_tokens: 0 }],
  ['a temperature', { temperature: 1 }],
  ['top_p', { top_p: 1 }],
  ['top_k', { top_k: 1 }],
  ['a field it does not know', { prompt_cache_key: 'jorb' }],
  ['no message', { messages: [] }],
  ['a first message of the assistant', { messages: [answered(text('Hi.')), said(text('Hello.'))] }],
  ['a last message of the assistant', { messages: [said(text('Hello.')), answered(text('Hi.'))] }],
  ['two messages of one side', { messages: [said(text('Hello.')), said(text('Hello?'))] }],
  ['an empty message', { messages: [said()] }],
  ['an empty text', { messages: [said(text(''))] }],
  ['a blank text', { messages: [said(text(' \n'))] }],
  ['an item that it does not know', { messages: [said({ type: 'input_text', text: 'Hello.' })] }],
  ['a field of an item that it does not know', { messages: [said(text('Hello.', { parsed: true }))] }],
  ['a call without its result', { messages: [said(text('Hello.')), answered(call), said(text('Well?'))] }],
  ['a result without its call', { messages: [said(result)] }],
  ['two results of one call', { messages: [said(text('Hello.')), answered(call), said(result, result)] }],
  ['a result after words', { messages: [said(text('Hello.')), answered(call), said(text('Here.'), result)] }],
  [
    'a late result',
    {
      messages: [
        said(text('Hello.')),
        answered(call),
        said(text('Wait.')),
        answered(text('Yes.')),
        said(result),
      ],
    },
  ],
  [
    'one id for two calls',
    { messages: [said(text('Hello.')), answered(call), said(result), answered(call), said(result)] },
  ],
  [
    'an id with a slash',
    { messages: [said(text('Hello.')), answered({ ...call, id: 'a/b' }), said(result)] },
  ],
  [
    'arguments as text',
    { messages: [said(text('Hello.')), answered({ ...call, input: '{}' }), said(result)] },
  ],
  ['a call of the user', { messages: [said(call)] }],
  [
    'a forged thought',
    {
      messages: [
        said(text('Hello.')),
        answered({ type: 'thinking', thinking: 'So.', signature: 'x' }, call),
        said(result),
      ],
    },
  ],
  [
    'a thought at the end',
    {
      messages: [
        said(text('Hi.')),
        answered({ type: 'thinking', thinking: 'So.', signature: 'x' }),
        said(text('Well?')),
      ],
    },
  ],
  ['five marks', { ...marked, messages: [said(...['a', 'b', 'c', 'd'].map((word) => text(word, marked)))] }],
  [
    'a mark for a day',
    { messages: [said(text('Hi.', { cache_control: { type: 'ephemeral', ttl: '24h' } }))] },
  ],
  ['two tools of one name', { tools: [tool, tool] }],
  ['a tool with a space in its name', { tools: [{ ...tool, name: 'get weather' }] }],
  ['an open object', withSchema({ ...schema, additionalProperties: true })],
  ['a key that is not required', withSchema({ ...schema, required: [] })],
  ['a record', withCity({ type: 'object', additionalProperties: { type: 'string' } })],
  ['a schema without a type', withCity({ description: 'Anything.' })],
  ['oneOf', withCity({ oneOf: [{ type: 'string' }] })],
  ['a bound of a number', withCity({ type: 'integer', minimum: 1 })],
  ['a bound of a length', withCity({ type: 'string', maxLength: 9 })],
  [
    'an open object in a list',
    withCity({ type: 'array', items: { type: 'object', properties: {}, required: [] } }),
  ],
  ['21 strict tools', { tools: copies(21) }],
  ['17 unions', { tools: copies(17, { input_schema: { ...schema, properties: { city: union } } }) }],
])('the API refuses %s', async (_, changes) => {
  const { status, answer } = await send(buildBody(changes));
  expect(answer).toContain('invalid_request_error');
  expect(status).toBe(400);
});

test('the API refuses what is no JSON', async () => {
  expect((await send('{"model": ')).status).toBe(400);
});

test('an unstrict tool may be as open as it likes', async () => {
  const open = {
    ...tool,
    strict: false,
    input_schema: { type: 'object', properties: { city: { minLength: 1 } } },
  };
  expect((await send(buildBody({ tools: [open] }))).status).toBe(200);
});
