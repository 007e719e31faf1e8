/** What one jorb or one message makes the model fail at must not take the model from all others, nor their money. */
import { expect, test } from 'vitest';
import { buildRulesBrain } from '../../src/brains/rules/rules-brain.ts';
import { BrainError } from '../../src/domain/brain.ts';
import type { JorbId } from '../../src/domain/ids.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { setJorbStatus } from '../../src/runtime/owner/set-jorb-status.ts';
import { buildScriptedModel, call, type ModelScript } from '../support/brains.ts';
import { buildNewJorb, buildSteering } from '../support/store.ts';
import { openUndecided, readBatch, readEvents } from '../support/undecided.ts';
import { openWorld } from '../support/world.ts';

const wait = call('schedule_wake', { at: null, minutes_from_now: 60 * 24 * 30, reason: 'nobody hurries' });
const note = call('store_data', { key: 'a', value: '1', source: null });
const failing = () =>
  new BrainError('the model server is overloaded or failing', { kind: 'overload', usage: null });

/** Jorbs that wait, and a model that from now on does with each what the script says. */
async function open(jorbs: number, script: ModelScript) {
  const state = { isPoisoned: false };
  const model = buildScriptedModel((request, signal) => {
    if (state.isPoisoned) return script(request, signal);
    return request.steps.length === 0 ? [wait] : [];
  });
  const world = await openWorld({ brain: buildRulesBrain(), model: { agent: model } });
  for (let number = 1; number <= jorbs; number++) {
    await world.owner.store.createJorb(buildNewJorb({ name: `jorb ${number}` }), world.clock.now());
  }
  await world.settle();
  state.isPoisoned = true;
  model.requests.splice(0);
  /** The owner says something, which every jorb takes a turn for. */
  const steer = async (jorbId: JorbId) => {
    await world.owner.store.steerJorb(jorbId, buildSteering({ guidance: 'Go on.' }), world.clock.now());
  };
  const asked = () => model.requests.filter(({ purpose }) => purpose === 'turn').map(({ jorbId }) => jorbId);
  const rows = () => world.sql('select status, pause_cause from jorb order by id');
  return { world, steer, asked, rows };
}

const running = { status: 'running', pause_cause: null };
const paused = { status: 'paused', pause_cause: 'error' };
const failsAtTheFirst: ModelScript = ({ jorbId, steps }) => {
  if (jorbId === 'jorb_1' || jorbId === 'jorb_2') throw failing();
  return steps.length === 0 ? [wait] : [];
};

test('jorbs that the model fails at do not keep it from those that it answers', async () => {
  const { world, steer, asked } = await open(4, failsAtTheFirst);
  await steer('jorb_1');
  await steer('jorb_2');
  await world.advance(minuteMs);
  await steer('jorb_3');
  await steer('jorb_4');
  await world.advance(20 * minuteMs);
  expect(new Set(asked())).toContain('jorb_3');
  expect(new Set(asked())).toContain('jorb_4');
});

test('a jorb that the model does not answer while it answers others is paused, and they go on', async () => {
  const { world, steer, rows } = await open(4, failsAtTheFirst);
  await steer('jorb_1');
  await steer('jorb_2');
  for (let hour = 0; hour < 8; hour++) {
    await steer('jorb_3');
    await world.advance(hourMs);
  }
  expect(rows()).toEqual([paused, paused, running, running]);
  expect(world.sql('select reason from jorb where id = 1')).toEqual([
    {
      reason: 'the model answers again and again, but not here: the model server is overloaded or failing',
    },
  ]);
  expect(await world.life.store.readOutage()).toBeNull();
});

test('a turn that the model begins and never ends is no outage for ever', async () => {
  const { world, steer, rows } = await open(1, ({ steps }) => {
    if (steps.length > 0) throw failing();
    return [note];
  });
  await steer('jorb_1');
  await world.advance(hourMs);
  expect(rows()).toEqual([paused]);
});

test('a turn that the owner cut short says nothing about the model', async () => {
  const { world, steer, rows, asked } = await open(2, ({ jorbId, steps }) => {
    if (jorbId === 'jorb_1') throw failing();
    return steps.length === 0 ? [wait] : [];
  });
  await steer('jorb_1');
  await world.settle();
  await setJorbStatus(world.owner, { id: 'jorb_1', command: 'pause', reason: null });
  for (let day = 0; day < 6; day++) {
    await world.life.store.noteOutage(
      world.life.fence,
      { error: 'busy', retryAfterMs: null, random: 0, isProbe: false },
      world.clock.now(),
    );
    await steer('jorb_2');
    await world.advance(dayMs);
  }
  await setJorbStatus(world.owner, { id: 'jorb_1', command: 'resume', reason: null });
  await world.settle();
  expect(asked().filter((id) => id === 'jorb_1')).toHaveLength(2);
  expect(rows()).toEqual([running, running]);
});

test('a message that the router’s model fails at becomes the owner’s, though others are answered', async () => {
  const { world, router } = await openUndecided(() => {
    throw new BrainError('it did not answer within 4 min', { kind: 'timeout' });
  });
  await world.receive({ text: 'Count to a million.' });
  for (let tries = 0; tries < 24 * 6; tries++) {
    await world.advance(10 * minuteMs);
    await world.life.store.endOutage(world.life.fence, world.clock.now());
  }
  expect(router.requests).toHaveLength(8);
  expect(readEvents(world)).toEqual([{ jorb_id: null, status: 'unmatched' }]);
  expect(readBatch(world)).toMatchObject({
    route_reason: expect.stringContaining('the model did not answer in 8 tries'),
  });
});
