import { expect, test } from 'vitest';
import { toTools } from '../../../src/brains/anthropic/tools.ts';
import { openBrain } from './ask.ts';

function buildTool(name: string, unions: number) {
  const keys = Array.from({ length: unions }, (_, at) => `part_${at}`);
  const properties = Object.fromEntries(
    keys.map((key) => [key, { anyOf: [{ type: 'string' }, { type: 'null' }] }]),
  );
  return {
    name,
    description: 'Does it.',
    parameters: { type: 'object', properties, required: keys, additionalProperties: false },
  };
}

const bounded = {
  name: 'send',
  description: 'Sends it.',
  parameters: {
    type: 'object',
    properties: {
      text: { type: 'string', description: 'The words.', minLength: 1, maxLength: 9 },
      kind: { oneOf: [{ type: 'integer', minimum: 0, maximum: 5 }, { type: 'null' }], default: null },
      maximum: { type: 'array', items: { type: 'string', pattern: '^a' }, maxItems: 3 },
    },
    required: ['text', 'kind', 'maximum'],
    additionalProperties: false,
  },
};

test('what the API refuses in a strict schema goes into the words', () => {
  const [tool] = toTools([bounded], true);
  expect(tool?.strict).toBe(true);
  expect(tool?.input_schema.properties).toEqual({
    text: { type: 'string', description: 'The words. {minLength: 1, maxLength: 9}' },
    kind: { anyOf: [{ type: 'integer', description: '{minimum: 0, maximum: 5}' }, { type: 'null' }] },
    maximum: {
      type: 'array',
      items: { type: 'string', description: '{pattern: "^a"}' },
      description: '{maxItems: 3}',
    },
  });
});

test('as many tools are strict as one request may hold', async () => {
  const many = Array.from({ length: 22 }, (_, at) => buildTool(`tool_${at}`, 0));
  const wide = [buildTool('one', 10), buildTool('two', 6), buildTool('three', 1)];
  const { server, ask } = await openBrain(() => ({ text: 'Well.' }));
  await ask({ tools: many });
  await ask({ tools: wide });
  expect(server.refused).toEqual([]);
  const sent = server.requests.map(({ body }) => (body as { tools: { strict?: true }[] }).tools);
  expect(sent[0]?.filter(({ strict }) => strict)).toHaveLength(20);
  expect(sent[1]?.map(({ strict }) => strict)).toEqual([true, true, undefined]);
});

test('asks without strictness, now and from then on, where the model cannot take so many strict tools', async () => {
  const { server, ask } = await openBrain(() => ({ text: 'Well.' }), { server: { mostStrictTools: 0 } });
  expect((await ask()).reasoning).toBe('Well.');
  await ask();
  expect(server.refused).toEqual(['The compiled grammar is too large']);
  expect(server.requests).toHaveLength(3);
});
