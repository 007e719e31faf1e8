import { expect, test } from 'vitest';
import { mostResultBytes } from '../../src/mcp/define-tool.ts';
import { fitAnswer } from '../../src/mcp/fit-answer.ts';
import { call as brainCall, sendMessage } from '../support/brains.ts';
import { hotel, type OpenHost } from './errand.ts';
import { openHost } from './open-host.ts';

/** Three bytes each, on the wire and in a result. */
const wide = '宿';
const messages = 12;

/** A jorb as large as one may be, with long messages, facts and unmatched messages in a wide script. */
async function openLargeScene(): Promise<OpenHost> {
  const host = await openHost();
  const { brain, world, call } = host;
  const contacts = Array.from({ length: 20 }, (_, index) => ({
    name: `${wide.repeat(60)}${index}`,
    channel: 'loopback',
    address: index === 0 ? 'magic' : `contact-${index}-${'x'.repeat(100)}`,
    ask: wide.repeat(2000),
  }));
  const phases = Array.from({ length: 20 }, (_, index) => `${wide.repeat(190)} ${index}`);
  brain.say(
    ...Array.from({ length: 40 }, (_, index) =>
      brainCall('store_data', { key: `fact-${index}`, value: wide.repeat(1000), source: null }),
    ),
  );
  await call('create_jorb', { ...hotel, plan: wide.repeat(20_000), phases, contacts });
  await world.settle();
  for (let index = 0; index < messages; index++) {
    await world.receive({ text: `${index} ${wide.repeat(3000)}` });
    await world.receive({ from: `stranger-${index}`, text: `${index} ${wide.repeat(3000)}` });
  }
  await world.settle();
  const price = { amount: '1156.00', currency: 'USD', quantity: 4, per: 'night' };
  brain.say(sendMessage({ text: wide.repeat(3900), price, consequence: 'purchase' }));
  await world.receive({ text: 'A room at $289.' });
  await world.settle();
  return host;
}

test('no result is larger than what hosts show, however much there is to tell', async () => {
  const host = await openLargeScene();
  for (let index = 0; index < 40; index++) {
    await host.call('create_jorb', { ...hotel, name: `${wide.repeat(190)} ${index}`, start: false });
  }
  const calls: [string, Record<string, unknown>][] = [
    ['get_jorb', { id: 'jorb_1', messages: 50 }],
    ['get_jorb', { id: 'jorb_1', messages: 0 }],
    ['list_jorbs', { filter: 'all', limit: 50 }],
    ['list_inbox', { limit: 50 }],
    ['list_decisions', { limit: 50 }],
    ['list_decisions', { jorb_id: 'jorb_1', limit: 50 }],
    ['brief', { peek: true }],
    ['approve', { id: 'approval_1', answer: 'accept' }],
    ['steer_jorb', { id: 'jorb_1', contract: { spend_without_approval: '900.00' } }],
    ['set_jorb_status', { id: 'jorb_1', command: 'cancel', reason: wide.repeat(4000) }],
    ['get_status', {}],
  ];
  for (const [name, given] of calls) {
    const result = await host.client.callTool({ name, arguments: given });
    expect(result.isError ? result.content : [], name).toEqual([]);
    expect(Buffer.byteLength(JSON.stringify(result)), name).toBeLessThan(mostResultBytes);
  }
});

test('a cut answer says so in both halves and how to read the rest', async () => {
  const host = await openLargeScene();
  const { text, data } = await host.call('get_jorb', { id: 'jorb_1', messages: 50 });
  expect(text).toContain(String(data.cut));
  expect(data.cut).toContain('jorb://jorb_1/transcript');
});

test('paging with next_offset tells every message once', async () => {
  const host = await openLargeScene();
  const seen: string[] = [];
  for (let offset: unknown = 0; offset !== undefined; ) {
    const { data, text } = await host.call('get_jorb', { id: 'jorb_1', messages: 50, offset });
    const page = data.messages as { id: string }[];
    seen.push(...page.map((message) => message.id));
    if (data.next_offset !== undefined) expect(text).toContain(`offset ${data.next_offset}`);
    offset = data.next_offset;
  }
  const stored = host.world.sql(
    "select 'event_' || id as id from event where jorb_id = 1 order by event.id desc",
  );
  expect(seen).toEqual(stored.map((row) => row.id));
  expect(new Set(seen).size).toBe(messages + 1);
});

test('a transcript holds the newest messages whole, as many as have room, and says where to go on', async () => {
  const host = await openHost();
  await host.call('create_jorb', hotel);
  for (const letter of ['a', 'b', 'c']) await host.world.receive({ text: letter.repeat(90_000) });
  await host.world.settle();
  const { contents } = await host.client.readResource({ uri: 'jorb://jorb_1/transcript' });
  const [data] = contents;
  const { messages: told, ...page } = JSON.parse(data && 'text' in data ? data.text : '');
  expect(told.map((message: { third_party_text: string }) => message.third_party_text)).toEqual([
    'c'.repeat(90_000),
    'b'.repeat(90_000),
  ]);
  expect(page).toMatchObject({ total: 3, next_offset: 2 });
});

test('an answer that fits is told whole, and the first cut that fits is taken', () => {
  const tried: number[] = [];
  const build = (length: number) =>
    fitAnswer(({ characters }) => {
      tried.push(characters);
      return { text: 'x'.repeat(Math.min(length, characters)), data: {} };
    });
  expect(build(100).text).toHaveLength(100);
  expect(tried).toHaveLength(1);
  expect(build(100_000).text.length).toBeGreaterThan(1000);
});
