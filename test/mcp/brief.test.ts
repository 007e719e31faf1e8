import { expect, test } from 'vitest';
import { hourMs, minuteMs } from '../../src/lib/duration.ts';
import { call as callBrain } from '../support/brains.ts';
import { askToBook, hotel, type OpenHost } from './errand.ts';
import { openHost } from './open-host.ts';

const wide = '宿';

/** Many jorbs, questions, strangers and promises, all in a wide script. */
async function openBusyScene(): Promise<OpenHost> {
  const host = await openHost();
  const { brain, world, call } = host;
  await askToBook(host);
  for (let index = 0; index < 12; index += 1) {
    const due = new Date(world.clock.now() + hourMs).toISOString();
    const made = { by: 'them', with: 'loopback:magic', text: wide.repeat(150), due, source: null };
    brain.say(callBrain('record_promise', { made, closed: null }));
    await call('create_jorb', { ...hotel, name: `${wide.repeat(100)} ${index}` });
    await world.settle();
    await world.receive({ from: `stranger-${index}`, text: `${index} ${wide.repeat(3000)}` });
    await world.settle();
  }
  return host;
}

/** Every id that stands anywhere in it. */
function findIds(data: unknown): string[] {
  return JSON.stringify(data).match(/\b(?:jorb|approval|event|outbox|promise|turn|fact)_\d+/g) ?? [];
}

test('a brief is below 4 kB with its note, names every id of its data, and says what it leaves out', async () => {
  const { call } = await openBusyScene();
  const { text, data } = await call('brief', { peek: true });
  expect(Buffer.byteLength(text)).toBeLessThan(4096);
  const { unmatched, ...rest } = data as { unmatched: { event_id: string }[] };
  const shown = [...findIds(rest), ...unmatched.map(({ event_id }) => event_id)];
  expect(shown.length).toBeGreaterThan(10);
  for (const id of shown) expect(text).toContain(id);
  expect(text).toContain('approval_1');
  const { more } = data as { more: Record<string, number> };
  expect(unmatched.length + (more.unmatched ?? 0)).toBe(12);
  expect(text).toContain(`and ${more.unmatched} more unmatched messages`);
});

test('looking back tells what a brief told before and leaves the next one as it was', async () => {
  const host = await openHost();
  await askToBook(host);
  host.world.clock.advance(2 * hourMs);
  expect((await host.call('brief')).data.activity).toMatchObject({ created: 1, received: 1, sent: 1 });
  await host.world.receive({ from: 'stranger', text: 'Is the bike still for sale?' });
  await host.world.settle();
  const look = await host.call('brief', { hours: 3 });
  expect(look.data).toMatchObject({
    activity: { created: 1, received: 2, sent: 1 },
    jorbs: [
      {
        ...{ id: 'jorb_1', status: 'paused', pause_cause: 'approval', received: 1, sent: 1 },
        changes: ['created', 'started', 'asked approval_1', 'paused'],
      },
    ],
  });
  expect(look.text).toContain('Looking back to');
  expect((await host.call('brief', { hours: 0.5 })).data.activity).toMatchObject({ created: 0, received: 1 });
  const since = new Date(host.world.clock.now() - minuteMs).toISOString();
  expect((await host.call('brief', { since })).data).toMatchObject({ since, activity: { received: 1 } });
  expect((await host.call('brief')).data.activity).toMatchObject({ created: 0, received: 1, sent: 0 });
  expect((await host.call('brief')).data.activity).toMatchObject({ received: 0 });
});

test('a promise that is due is told by its id, with who made it to whom and by when', async () => {
  const host = await openHost();
  const due = new Date(host.world.clock.now() + hourMs).toISOString();
  const made = { by: 'them', with: 'loopback:magic', text: 'to send the offer', due, source: null };
  host.brain.say(callBrain('record_promise', { made, closed: null }));
  await host.call('create_jorb', hotel);
  await host.world.settle();
  const { text, data } = await host.call('brief', { peek: true });
  expect(data.promises).toEqual([
    {
      ...{ id: 'promise_1', jorb_id: 'jorb_1', by: 'them', contact: 'Magic' },
      ...{ channel: 'loopback', address: 'magic', text: 'to send the offer', due_at: due },
    },
  ]);
  expect(text).toContain(
    'promise_1 of jorb_1 “Hotel for GDC”, Magic to us, due 2026-11-20 10:00Z: “to send the offer”',
  );
});
