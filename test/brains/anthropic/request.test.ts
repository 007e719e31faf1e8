import { expect, test } from 'vitest';
import type { BrainAnswer } from '../../../src/domain/brain.ts';
import type { Mind } from '../../support/models/mind.ts';
import { buildRequest, buildStep, openBrain } from './ask.ts';

const call = { name: 'get_weather', arguments: { city: 'Oslo', unit: null } };
const asking: Mind = () => ({ text: 'Checking.', calls: [call] });

/** The last body as it went over the wire, for a golden file. */
function render(body: unknown): string {
  return `${JSON.stringify(body, null, 2)}\n`;
}

type Body = { messages: { role: string; content: { type: string }[] }[] };

function lastMessages(requests: { body: unknown }[]): Body['messages'] {
  return (requests[requests.length - 1] as { body: Body }).body.messages;
}

/** An answer of another brain. */
const foreign: BrainAnswer = {
  wire: 'openai',
  items: [{ type: 'reasoning', encrypted_content: 'x' }],
  reasoning: 'Two cities are asked for.',
  confidence: 1,
  basedOn: [],
  toolCalls: [
    { id: 'call/1', name: 'get_weather', arguments: { city: 'Oslo', unit: 'c' } },
    { id: 'call/2', name: 'get_weather', arguments: '{"city": Bergen' },
  ],
  usage: { inputTokens: 1, cachedTokens: 0, writtenTokens: 0, outputTokens: 1 },
  call: null,
  stop: 'tools',
};

test('sends the first and the second step as the golden files say', async () => {
  const { server, ask } = await openBrain(asking);
  const first = await ask();
  await ask({ steps: [buildStep(first, { note: 'Two steps are left.' })] });
  const [one, two] = server.requests;
  expect(server.refused).toEqual([]);
  await expect(render(one?.body)).toMatchFileSnapshot('golden/first-step.json');
  await expect(render(two?.body)).toMatchFileSnapshot('golden/second-step.json');
});

test('sends exactly these headers', async () => {
  const { server, ask } = await openBrain(asking);
  await ask();
  const { host, 'content-length': length, ...headers } = server.requests[0]?.headers ?? {};
  expect(headers).toEqual({
    accept: 'text/event-stream',
    'accept-encoding': expect.any(String),
    'accept-language': '*',
    'anthropic-version': '2026-10-21',
    authorization: 'Bearer sk-ant-test',
    connection: 'keep-alive',
    'content-type': 'application/json',
    'sec-fetch-mode': 'cors',
    'user-agent': 'jorbs',
  });
});

test('sends back what the model thought and called, byte by byte', async () => {
  const { server, ask } = await openBrain(asking);
  const first = await ask();
  const kept: BrainAnswer = JSON.parse(JSON.stringify(first));
  const second = await ask({ steps: [buildStep(kept)] });
  await ask({ steps: [buildStep(kept), buildStep(second)] });
  expect(server.refused).toEqual([]);
  expect(lastMessages(server.requests)[1]?.content).toEqual(first.items);
  expect(server.seen[2]?.steps.map(({ calls }) => calls[0]?.id)).toEqual(['toolu_1_0', 'toolu_2_0']);
});

test('tells what another brain said and did', async () => {
  const { server, ask } = await openBrain(asking);
  const results = [
    { callId: 'call/1', text: 'sun', isError: false },
    { callId: 'call/2', text: 'no JSON', isError: true },
  ];
  await ask({
    steps: [buildStep(foreign, { results }), buildStep({ ...foreign, wire: 'rules', reasoning: '' })],
  });
  expect(server.refused).toEqual([]);
  expect(lastMessages(server.requests).slice(1, 3)).toMatchSnapshot();
});

test.each<[string, Mind, Parameters<typeof buildStep>[1], unknown]>([
  ['a thought alone', () => ({}), {}, [{ type: 'text', text: 'Go on.' }]],
  [
    'words alone and a note',
    () => ({ text: 'Hm.' }),
    { note: 'Conclude.' },
    [{ type: 'text', text: 'Conclude.' }],
  ],
  ['blank words', () => ({ text: ' \n' }), { note: ' ' }, [{ type: 'text', text: 'Go on.' }]],
  [
    'a call without its result',
    asking,
    { results: [] },
    [{ type: 'tool_result', tool_use_id: 'toolu_1_0', content: 'this was not carried out', is_error: true }],
  ],
  [
    'a result without a word',
    asking,
    { results: [{ callId: 'toolu_1_0', text: '', isError: false }] },
    [{ type: 'tool_result', tool_use_id: 'toolu_1_0', content: '(nothing)' }],
  ],
  [
    'a failed call',
    asking,
    { results: [{ callId: 'toolu_1_0', text: 'no such city', isError: true }], note: 'Mend it.' },
    [
      { type: 'tool_result', tool_use_id: 'toolu_1_0', content: 'no such city', is_error: true },
      { type: 'text', text: 'Mend it.' },
    ],
  ],
])('the API takes the step after %s', async (_, mind, changes, reply) => {
  const { server, ask } = await openBrain(mind);
  await ask({ steps: [buildStep(await ask(), changes)] });
  expect(server.refused).toEqual([]);
  expect(lastMessages(server.requests)[2]?.content).toEqual(reply);
});

test('the API takes a silent answer where the model does not think aloud', async () => {
  const { server, ask } = await openBrain(() => ({}), { server: { thinks: false } });
  const silent = await ask();
  expect(silent).toMatchObject({ items: [], reasoning: '', toolCalls: [], stop: 'end' });
  await ask({ steps: [buildStep(silent)] });
  expect(server.refused).toEqual([]);
});

test('leaves out what is empty, and sends no half characters', async () => {
  const { server, ask } = await openBrain(asking);
  await ask({ prompt: { system: '', input: ['', ' ', 'Cut here: \ud83d'] }, tools: [] });
  expect(server.requests[0]?.body).not.toHaveProperty('tools');
  expect(server.seen[0]).toMatchObject({ system: '', input: ['Cut here: \u{fffd}'] });
  await ask({ prompt: { system: '', input: [] } });
  expect(server.refused).toEqual([]);
});

test('reserves at least what a call comes to', async () => {
  const { brain, ask } = await openBrain(() => ({ text: 'x'.repeat(15_000) }));
  const request = buildRequest({ prompt: { system: '语'.repeat(500), input: ['one'] } });
  const worst = brain.computeWorstCost(request);
  expect((await ask({ prompt: request.prompt })).call?.costMicros).toBeLessThan(worst);
  const bytes = Buffer.byteLength('语'.repeat(500));
  expect(worst).toBeGreaterThan(bytes * 4 + 4000 * 5);
});
