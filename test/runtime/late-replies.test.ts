import { expect, test } from 'vitest';
import { dayMs } from '../../src/lib/duration.ts';
import { setJorbStatus } from '../../src/runtime/owner/set-jorb-status.ts';
import { buildScriptedBrain, sendMessage } from '../support/brains.ts';
import { dieOnce } from '../support/mortality.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld, type World } from '../support/world.ts';

const late = `select subject, jorb_id, after ->> '$.events' events from audit where what = 'message.late' order by seq`;

/** Its agent would answer anything; it wrote to Magic, and is over. */
async function openOver(): Promise<World> {
  const brain = buildScriptedBrain(({ steps }) =>
    steps.length > 0 ? [] : [sendMessage({ text: 'Thanks!' })],
  );
  const world = await openWorld({ brain });
  await world.otherFace.store.createJorb(buildNewJorb(), world.clock.now());
  await world.settle();
  await setJorbStatus(world.otherFace, { id: 'jorb_1', command: 'cancel', reason: 'found another' });
  await world.advance(dayMs);
  return world;
}

async function readEnd(world: World) {
  return {
    late: world.sql(late),
    notices: world.sql(`select kind, subject, jorb_id from notice where kind = 'late_reply'`),
    jorb: world.sql('select status, reason, due_at from jorb'),
    events: world.sql('select status, jorb_id, turn_id from event'),
    turns: world.sql('select count(*) count from turn'),
    sent: world.wire.lines.length,
  };
}

const expected = {
  late: [{ subject: 'batch_1', jorb_id: 1, events: '["event_1"]' }],
  notices: [{ kind: 'late_reply', subject: 'batch_1', jorb_id: 1 }],
  jorb: [{ status: 'cancelled', reason: 'found another', due_at: null }],
  events: [{ status: 'handled', jorb_id: 1, turn_id: null }],
  turns: [{ count: 1 }],
  sent: 1,
};

test('a reply to a jorb that is over is attached and reported, and nobody answers it', async () => {
  const world = await openOver();
  await world.receive({ text: 'A room is free after all.' });
  await world.advance(3 * dayMs);
  expect(await readEnd(world)).toEqual(expected);
});

test('wherever the process dies meanwhile, it is reported once', async () => {
  const passes = new Set<string>();
  const watched = await openOver();
  watched.diesAt = (point) => {
    if (/inbox|receive|batch|route|schedule/i.test(point)) passes.add(point);
    return false;
  };
  await watched.receive({ text: 'A room is free after all.' });
  await watched.settle();
  expect(passes).toContain('batch.routed');
  for (const point of passes) {
    const world = await openOver();
    world.diesAt = dieOnce((reached) => reached === point);
    await world.receive({ text: 'A room is free after all.' });
    await world.settle();
    expect({ point, crashes: world.crashes, end: await readEnd(world) }).toEqual({
      point,
      crashes: 1,
      end: expected,
    });
    await world.close();
  }
}, 60_000);

test('more than two weeks later it belongs to nobody', async () => {
  const world = await openOver();
  await world.advance(14 * dayMs);
  await world.receive({ text: 'A room is free after all.' });
  await world.settle();
  expect(world.sql(late)).toEqual([]);
  expect(world.sql('select status from event')).toEqual([{ status: 'unmatched' }]);
});
