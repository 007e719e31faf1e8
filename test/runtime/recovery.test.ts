import { expect, test } from 'vitest';
import type { ChannelAdapter, LookupOutcome } from '../../src/domain/channel.ts';
import { evaluateDeparture } from '../../src/domain/policy/evaluate-departure.ts';
import { secondMs } from '../../src/lib/duration.ts';
import { openLog } from '../../src/lib/log.ts';
import { recover } from '../../src/runtime/recovery.ts';
import { buildQueueBrain, sendMessage } from '../support/brains.ts';
import { dieOnce } from '../support/mortality.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld } from '../support/world.ts';

const outboxRows = 'select status, attempts, error from outbox';

async function openWithMessage() {
  const brain = buildQueueBrain();
  brain.say(sendMessage({ text: 'Is a room free?' }));
  const world = await openWorld({ brain });
  await world.owner.store.createJorb(buildNewJorb(), world.clock.now());
  await world.tick('turns');
  return world;
}

/** A message was on its way when the process died at `point`. */
async function openAfterDeath(point: string, remembers = true) {
  const world = await openWithMessage();
  world.wire.remembers = remembers;
  world.diesAt = dieOnce((reached) => reached === point);
  await world.tick('outbox');
  return world;
}

test.each([
  ['before claimDelivery', 'queued', 0],
  ['after claimDelivery', 'queued', 1],
  ['delivery.claimed', 'queued', 1],
  ['wire.before', 'queued', 1],
  ['wire.after', 'sent', 1],
  ['delivery.sent', 'sent', 1],
  ['before settleDelivery', 'sent', 1],
  ['after settleDelivery', 'sent', 1],
  ['delivery.settled', 'sent', 1],
])(
  'a message whose process died at "%s" is %s after the next start, and leaves once',
  async (point, status, attempts) => {
    const world = await openAfterDeath(point);
    expect(world.crashes).toBe(1);
    expect(world.sql(outboxRows)).toMatchObject([{ status, attempts }]);
    await world.settle();
    expect(world.wire.lines).toHaveLength(1);
    expect(world.sql(outboxRows)).toMatchObject([{ status: 'sent' }]);
  },
);

test.each(['delivery.claimed', 'wire.after'])(
  'on a wire that cannot tell, a death at "%s" leaves it unknown for the owner, and nothing is sent again',
  async (point) => {
    const world = await openAfterDeath(point, false);
    const sent = world.wire.lines.length;
    await world.settle();
    expect(world.wire.lines).toHaveLength(sent);
    expect(world.sql(outboxRows)).toMatchObject([
      { status: 'unknown', error: expect.stringContaining('loopback cannot tell') },
    ]);
  },
);

test('a recovery that dies is made good by the next', async () => {
  const world = await openAfterDeath('wire.after');
  const points = [
    'before listUncertainDeliveries',
    'wire.lookup',
    'delivery.looked_up',
    'after settleDelivery',
  ];
  world.diesAt = (reached) => reached === points[0] && points.shift() !== undefined;
  await world.crash();
  expect(points).toHaveLength(3);
  world.diesAt = () => false;
  await world.settle();
  expect(world.wire.lines).toHaveLength(1);
  expect(world.sql(outboxRows)).toMatchObject([{ status: 'sent' }]);
});

test.each<[string, Partial<ChannelAdapter>]>([
  [
    'breaks',
    {
      lookup: async () => {
        throw new Error('no network');
      },
    },
  ],
  ['never answers', { lookup: () => new Promise<LookupOutcome>(() => {}) }],
  ['is not there any more', { kind: 'other' as 'loopback' }],
])('a wire that %s leaves the message unknown', async (_, change) => {
  const world = await openWithMessage();
  const { clock, wire, life } = world;
  const { store } = life;
  await store.claimDelivery(life.fence, evaluateDeparture, clock.now());
  const deps = {
    ...{ store, clock, log: openLog('silent'), failpoint: () => {} },
    model: null,
    mailer: world.mailbox.mailer,
    channels: [{ ...wire.connect({ now: clock.now }), ...change }],
  };
  const fence = await store.raiseEpoch('another', clock.now());
  const recovering = recover(deps, fence);
  await new Promise(setImmediate);
  clock.advance(30 * secondMs);
  await recovering;
  expect(world.sql(outboxRows)).toMatchObject([{ status: 'unknown' }]);
});
