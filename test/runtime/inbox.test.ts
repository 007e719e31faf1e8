import { expect, test } from 'vitest';
import type { Inbound } from '../../src/domain/message.ts';
import { buildReceive } from '../../src/runtime/inbox.ts';
import { buildQueueBrain } from '../support/brains.ts';
import { openWorld } from '../support/world.ts';

const message: Inbound = {
  ...{ channel: 'loopback', account: 'local', externalId: 'one', from: 'magic', text: 'Hello' },
  ...{ inReplyTo: null, sentAt: null, grade: 'none' },
};

async function openInbox() {
  const world = await openWorld({ brain: buildQueueBrain() });
  const calls: string[] = [];
  const receive = buildReceive({
    store: world.otherFace.store,
    clock: world.clock,
    debounce: { loopback: 30_000 },
    failpoint: (name) => void calls.push(name),
    written: () => void calls.push('written'),
  });
  return { ...world, receive, calls };
}

test.each([
  ['  @Magic ', 'magic'],
  ['+1 (415) 555-0101', '+14155550101'],
  ['14155550101', '+14155550101'],
])('stores the sender %j as %j', async (from, stored) => {
  const { receive } = await openInbox();
  const { event } = await receive({ ...message, from });
  expect(event.address).toBe(stored);
});

test('keeps the text as it came, whatever it hides', async () => {
  const { receive, sql } = await openInbox();
  const text = 'pay​ now‮ \r\n <script> 😀';
  await receive({ ...message, text });
  expect(sql('select text from event')).toEqual([{ text }]);
});

test('cuts what no person writes, and says so', async () => {
  const { receive, sql } = await openInbox();
  await receive({ ...message, text: 'x'.repeat(250_000) });
  const [{ text } = {}] = sql('select text from event');
  expect(String(text)).toHaveLength(100_000 + '\n[150000 more characters were cut off]'.length);
  expect(text).toMatch(/x\n\[150000 more characters were cut off\]$/);
});

test('stores half a character as the sign for one, since no file holds it', async () => {
  const { receive, sql } = await openInbox();
  await receive({ ...message, text: 'a\ud83d' });
  expect(sql('select text from event')).toEqual([{ text: 'a�' }]);
});

test.each<[string, Partial<Inbound>, string]>([
  ['a sender that is no address', { from: 'a b c' }, 'from'],
  ['a sender with a hidden character', { from: 'ma​gic' }, 'from'],
  ['no external id', { externalId: '' }, 'externalId'],
  ['an external id without end', { externalId: 'x'.repeat(501) }, 'externalId'],
  ['an empty reply reference', { inReplyTo: '' }, 'inReplyTo'],
])('refuses %s and stores nothing', async (_, change, field) => {
  const { receive, sql, calls } = await openInbox();
  await expect(receive({ ...message, ...change })).rejects.toMatchObject({ code: 'invalid', field });
  expect(sql('select 1 from event')).toEqual([]);
  expect(calls).toEqual([]);
});

test('the row is on disk before anyone is told', async () => {
  const { sql, otherFace, clock } = await openInbox();
  const seen: unknown[] = [];
  const look = () => void seen.push(sql('select external_id from event'));
  const receive = buildReceive({
    ...{ store: otherFace.store, clock, debounce: {} },
    ...{ failpoint: look, written: look },
  });
  await receive(message);
  expect(seen).toEqual([[{ external_id: 'one' }], [{ external_id: 'one' }]]);
});

test('a message that comes again is the one that is there', async () => {
  const { receive, sql, clock } = await openInbox();
  const first = await receive(message);
  clock.advance(5000);
  const second = await receive({ ...message, text: 'other words' });
  expect([first.isNew, second.isNew]).toEqual([true, false]);
  expect(second.event).toEqual(first.event);
  expect(sql('select text from event')).toEqual([{ text: 'Hello' }]);
});

test('each message of a conversation moves its release, up to the ceiling', async () => {
  const { receive, clock } = await openInbox();
  const start = clock.now();
  const releases: number[] = [];
  for (let count = 0; count < 8; count++) {
    const { releaseAt } = await receive({ ...message, externalId: `m${count}` });
    releases.push((releaseAt - start) / 1000);
    clock.advance(20_000);
  }
  expect(releases).toEqual([30, 50, 70, 90, 110, 130, 150, 150]);
});
