import { expect, test } from 'vitest';
import type { ChannelAdapter } from '../../src/domain/channel.ts';
import type { Inbound } from '../../src/domain/message.ts';
import { startChannels } from '../../src/runtime/start-channels.ts';
import { buildFakeClock } from '../support/clock.ts';
import { settle } from '../support/event-loop.ts';
import { buildTestLog } from '../support/log.ts';

function buildAdapter(change: Partial<ChannelAdapter> = {}): ChannelAdapter {
  return {
    kind: 'loopback',
    account: 'local',
    start: async () => {},
    stop: async () => {},
    send: async () => ({ kind: 'failed', error: 'no' }),
    lookup: async () => ({ kind: 'unknown' }),
    ...change,
  };
}

function start(adapters: ChannelAdapter[], clock = buildFakeClock()) {
  const { log, lines } = buildTestLog();
  const received: Inbound[] = [];
  const receive = async (inbound: Inbound) => void received.push(inbound);
  return { channels: startChannels({ adapters, receive, clock, log }), clock, lines, received };
}

test('a channel that cannot start is degraded, holds up no other and is tried again ever more slowly', async () => {
  const clock = buildFakeClock();
  const begun = clock.now();
  const tries: number[] = [];
  const failing = buildAdapter({
    start: async () => {
      tries.push((clock.now() - begun) / 1000);
      if (tries.length < 5) throw new Error('no network');
    },
  });
  const healthy = buildAdapter();
  const { channels } = start([failing, healthy], clock);
  await settle();
  expect([channels.stateOf(failing), channels.stateOf(healthy)]).toEqual(['degraded', 'connected']);
  for (let second = 0; second < 20; second++) {
    clock.advance(1000);
    await settle();
  }
  expect(tries).toEqual([0, 1, 3, 7, 15]);
  expect(channels.stateOf(failing)).toBe('connected');
});

test('stop waits for every channel, tries none again, and survives one that does not stop cleanly', async () => {
  const stopped: string[] = [];
  const stubborn = buildAdapter({
    start: () => Promise.reject(new Error('no network')),
    stop: () => Promise.reject(new Error('no')),
  });
  const orderly = buildAdapter({ stop: async () => void stopped.push('orderly') });
  const { channels, clock, lines } = start([stubborn, orderly]);
  await settle();
  await channels.stop();
  expect([stopped, channels.stateOf(orderly), clock.nextTimerAt()]).toEqual([
    ['orderly'],
    'stopped',
    undefined,
  ]);
  expect(lines.at(-1)?.msg).toBe('a channel did not stop cleanly');
});

test('does not try again when a start fails while it stops', async () => {
  let fail = (_: Error) => {};
  const slow = buildAdapter({
    start: () =>
      new Promise((_, reject) => {
        fail = reject;
      }),
  });
  const { channels, clock } = start([slow]);
  const stopping = channels.stop();
  fail(new Error('too late'));
  await stopping;
  expect(clock.nextTimerAt()).toBeUndefined();
});
