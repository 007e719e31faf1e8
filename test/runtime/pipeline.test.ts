import { describe, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { assignMessage } from '../../src/runtime/owner/assign-message.ts';
import { listInbox } from '../../src/runtime/owner/list-inbox.ts';
import { resumeEverything } from '../../src/runtime/owner/resume-everything.ts';
import { setJorbStatus } from '../../src/runtime/owner/set-jorb-status.ts';
import { stopEverything } from '../../src/runtime/owner/stop-everything.ts';
import { buildQueueBrain, call, sendMessage } from '../support/brains.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld, type World } from '../support/world.ts';

const create = ({ owner, clock }: World, overrides = {}) =>
  owner.store.createJorb(buildNewJorb(overrides), clock.now());

describe('messages that come in', () => {
  test('one after the other are read together, once it is quiet', async () => {
    const brain = buildQueueBrain();
    const world = await openWorld({ brain, debounceMs: 30_000 });
    await create(world);
    await world.settle();
    const before = brain.requests.length;
    for (const text of ['Hi!', 'We have a room.', 'A king.', '$289.', 'Interested?']) {
      await world.receive({ text });
      await world.advance(20_000);
    }
    expect(brain.requests).toHaveLength(before);
    await world.advance(10_000);
    const [request] = brain.requests.slice(before);
    expect(request?.context.newMessages.map(({ text }) => text)).toEqual([
      'Hi!',
      'We have a room.',
      'A king.',
      '$289.',
      'Interested?',
    ]);
    expect(world.sql('select count(*) batches from batch')).toEqual([{ batches: 1 }]);
  });

  test('from a contact of two errands wait for the owner, who teaches the conversation its errand', async () => {
    const brain = buildQueueBrain();
    const world = await openWorld({ brain });
    await create(world);
    await create(world, { requestHash: 'other' });
    await world.settle();
    await world.receive({ text: 'Which one is this about?' });
    await world.settle();
    const { items } = await listInbox(world.owner, { limit: 10, offset: 0 });
    expect(items.map(({ event, candidates }) => [event.text, candidates.map(({ id }) => id)])).toEqual([
      ['Which one is this about?', expect.arrayContaining(['jorb_1', 'jorb_2'])],
    ]);
    await assignMessage(world.owner, { eventId: items[0]?.event.id ?? '', jorbId: 'jorb_2' });
    await world.settle();
    await world.receive({ text: 'And this?' });
    await world.settle();
    expect(world.sql('select text, jorb_id, status from event')).toEqual([
      { text: 'Which one is this about?', jorb_id: 2, status: 'handled' },
      { text: 'And this?', jorb_id: 2, status: 'handled' },
    ]);
  });

  test('from a stranger reach no brain and get no answer', async () => {
    const brain = buildQueueBrain();
    const world = await openWorld({ brain });
    await create(world);
    await world.settle();
    const before = brain.requests.length;
    await world.receive({ from: 'stranger', text: 'Send me money.' });
    await world.settle();
    expect(brain.requests).toHaveLength(before);
    expect(world.wire.lines).toEqual([]);
    expect(world.sql('select status from event')).toEqual([{ status: 'unmatched' }]);
  });

  test('while everything is stopped are kept and read after', async () => {
    const brain = buildQueueBrain();
    const world = await openWorld({ brain });
    await create(world);
    await world.settle();
    await stopEverything(world.owner, { reason: null });
    const before = brain.requests.length;
    await world.receive({ text: 'Hello?' });
    await world.settle();
    expect(brain.requests).toHaveLength(before);
    await resumeEverything(world.owner);
    await world.settle();
    expect(brain.requests[before]?.context.newMessages).toMatchObject([{ text: 'Hello?' }]);
  });
});

describe('what only time makes due', () => {
  test('a wake comes at its time, once', async () => {
    const brain = buildQueueBrain();
    brain.say(call('schedule_wake', { at: null, minutes_from_now: 90, reason: 'ask again' }));
    const world = await openWorld({ brain });
    await create(world);
    await world.settle();
    const before = brain.requests.length;
    await world.advance(89 * minuteMs);
    expect(brain.requests).toHaveLength(before);
    await world.advance(minuteMs);
    expect(brain.requests[before]?.context.triggers).toEqual(['wake']);
    const after = brain.requests.length;
    await world.crash();
    await world.advance(hourMs);
    expect(brain.requests).toHaveLength(after);
  });

  test('the deadline of the contract wakes the agent', async () => {
    const brain = buildQueueBrain();
    const world = await openWorld({ brain });
    const { contract } = buildNewJorb();
    await create(world, { contract: { ...contract, deadlineAt: world.clock.now() + 2 * hourMs } });
    await world.settle();
    const before = brain.requests.length;
    await world.advance(2 * hourMs);
    expect(brain.requests[before]?.context.triggers).toEqual(['deadline']);
  });

  test('a question to the owner is reminded of, then expires, and nothing is done for it', async () => {
    const brain = buildQueueBrain();
    brain.say(sendMessage({ to: 'loopback:stranger', text: 'Hello' }));
    const world = await openWorld({ brain, staleMs: 30 * dayMs });
    await create(world);
    await world.settle();
    await world.advance(6 * dayMs);
    expect(world.sql('select status, reminders from approval')).toEqual([
      { status: 'pending', reminders: 3 },
    ]);
    await world.advance(2 * dayMs);
    expect(world.sql('select status from approval')).toEqual([{ status: 'expired' }]);
    expect(world.sql('select status from action')).toEqual([{ status: 'expired' }]);
    expect(world.wire.lines).toEqual([]);
  });

  test('a running errand in which nothing happens is paused for the owner', async () => {
    const brain = buildQueueBrain();
    // A question that nobody answers, and no wake to ask again.
    brain.say(sendMessage({ text: 'Is a room free?' }));
    const world = await openWorld({ brain, staleMs: 2 * dayMs });
    await create(world);
    await world.advance(2 * dayMs - 1);
    expect(world.sql('select status from jorb')).toEqual([{ status: 'running' }]);
    await world.advance(1);
    expect(world.sql('select status, pause_cause from jorb')).toEqual([
      { status: 'paused', pause_cause: 'limit' },
    ]);
  });

  test('with nothing due, no brain is asked and no stage works', async () => {
    const brain = buildQueueBrain();
    const world = await openWorld({ brain });
    await create(world);
    await world.settle();
    const before = brain.requests.length;
    await world.advance(dayMs);
    expect(brain.requests).toHaveLength(before);
    for (const { name } of world.life.stages) expect([name, await world.tick(name)]).toEqual([name, false]);
  });
});

describe('a message that waits in the outbox', () => {
  async function openWithQueued() {
    const brain = buildQueueBrain();
    brain.say(sendMessage({ text: 'Is a room free?' }));
    const world = await openWorld({ brain });
    await create(world);
    await world.tick('turns');
    return world;
  }

  test('is held by a pause of the owner, and leaves after it', async () => {
    const world = await openWithQueued();
    await setJorbStatus(world.owner, { id: 'jorb_1', command: 'pause', reason: 'wait' });
    await world.advance(hourMs);
    expect(world.wire.lines).toEqual([]);
    await setJorbStatus(world.owner, { id: 'jorb_1', command: 'resume', reason: null });
    await world.settle();
    expect(world.wire.lines).toHaveLength(1);
  });

  test('never leaves after the errand was cancelled', async () => {
    const world = await openWithQueued();
    await setJorbStatus(world.owner, { id: 'jorb_1', command: 'cancel', reason: null });
    await world.advance(hourMs);
    expect(world.wire.lines).toEqual([]);
    expect(world.sql('select status from outbox')).toEqual([{ status: 'failed' }]);
  });

  test('never leaves after its recipient opted out', async () => {
    const world = await openWithQueued();
    await world.receive({ text: ' Stop! ' });
    await world.advance(hourMs);
    expect(world.wire.lines).toEqual([]);
    expect(world.sql('select status from outbox')).toEqual([{ status: 'failed' }]);
  });
});
