import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hotel } from './errand.ts';
import { connectHost, eras, openHost } from './open-host.ts';

const snapshots = join(import.meta.dirname, '__snapshots__', 'tools');

/** What hosts are reported to show of it; the rest would be cut. */
const longestDescription = 1024;
const longestInstructions = 2000;
const mostTools = 20;
const mostCharacters = 22_000;

test.each(eras)('each tool is listed as committed, in %s', async (era) => {
  const { client } = await openHost({ era });
  const { tools } = await client.listTools();
  for (const tool of tools) {
    await expect(`${JSON.stringify(tool, null, 2)}\n`).toMatchFileSnapshot(
      join(snapshots, `${tool.name}.json`),
    );
  }
  expect(tools.map((tool) => tool.name)).toEqual([
    'create_jorb',
    'brief',
    'list_jorbs',
    'get_jorb',
    'steer_jorb',
    'set_jorb_status',
    'approve',
    'list_inbox',
    'assign_message',
    'list_decisions',
    'stop_everything',
    'get_status',
  ]);
});

test('every tool says all hints, its title, what it takes and what it gives', async () => {
  const { client } = await openHost();
  const { tools } = await client.listTools();
  for (const { name, title, description = '', annotations, inputSchema, outputSchema } of tools) {
    expect(annotations, name).toEqual({
      title,
      readOnlyHint: expect.any(Boolean),
      destructiveHint: expect.any(Boolean),
      idempotentHint: expect.any(Boolean),
      openWorldHint: expect.any(Boolean),
    });
    expect(title, name).toMatch(/\w/);
    expect(description.length, name).toBeLessThanOrEqual(longestDescription);
    expect(inputSchema, name).toMatchObject({ type: 'object', additionalProperties: false });
    expect(outputSchema, name).toMatchObject({ type: 'object', properties: expect.any(Object) });
  }
});

test('all tools together cost a conversation less than 6,000 tokens', async () => {
  const { client } = await openHost();
  const { tools } = await client.listTools();
  expect(tools.length).toBeLessThanOrEqual(mostTools);
  expect(JSON.stringify(tools).length).toBeLessThan(mostCharacters);
});

test('every schema has one type, as the narrowest hosts want it', async () => {
  const { client } = await openHost();
  expect(JSON.stringify(await client.listTools())).not.toContain('"type":[');
});

test('numbers are published with the bounds they have, and never with those of a double', async () => {
  const { client } = await openHost();
  expect(JSON.stringify(await client.listTools())).not.toContain(String(Number.MAX_SAFE_INTEGER));
});

test.each(eras)('the instructions are short and the server says who it is, in %s', async (era) => {
  const { client } = await openHost({ era });
  const instructions = client.getInstructions() ?? '';
  expect(instructions.length).toBeGreaterThan(0);
  expect(instructions.length).toBeLessThan(longestInstructions);
  expect(client.getServerVersion()).toMatchObject({ name: 'jorbs', title: 'Jorbs', version: '0.1.0' });
});

test.each(['2025-06-18', '2025-03-26', '2024-11-05'])(
  'a host of %s is served in its version',
  async (version) => {
    const { call, client } = await openHost({ supportedProtocolVersions: [version] });
    expect(client.getNegotiatedProtocolVersion()).toBe(version);
    expect((await client.listTools()).tools).toHaveLength(12);
    expect(await call('create_jorb', hotel)).toMatchObject({
      isError: false,
      text: expect.stringContaining('jorb_1 was created.'),
      data: { jorb: { id: 'jorb_1' } },
    });
  },
);

test('two hosts of both eras are served at once', async () => {
  const { face, client, call } = await openHost({ era: '2025-11-25' });
  const other = await connectHost(face, { era: '2026-07-28' });
  expect(client.getNegotiatedProtocolVersion()).toBe('2025-11-25');
  expect(other.client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
  expect((await other.call('get_status')).data).toEqual((await call('get_status')).data);
});
