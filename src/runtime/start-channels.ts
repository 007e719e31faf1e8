import type { ChannelAdapter } from '../domain/channel.ts';
import type { Inbound } from '../domain/message.ts';
import type { Clock } from '../lib/clock.ts';
import { minuteMs, secondMs } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';

export type ChannelState = 'connected' | 'degraded' | 'stopped';

export type Channels = {
  stateOf(adapter: ChannelAdapter): ChannelState;
  /** Resolves when nothing of this process can reach a wire any more. */
  stop(): Promise<void>;
};

export type ChannelsOptions = {
  adapters: ChannelAdapter[];
  receive: (inbound: Inbound) => Promise<void>;
  clock: Clock;
  log: Log;
};

const firstRetryMs = secondMs;
const longestRetryMs = minuteMs;

/** Starts each adapter by itself: one that cannot start is degraded, is tried again and holds up no other. */
export function startChannels({ adapters, receive, clock, log }: ChannelsOptions): Channels {
  const states = new Map<ChannelAdapter, ChannelState>();
  const retries = new Set<() => void>();
  let isStopped = false;

  const start = async (adapter: ChannelAdapter, delayMs: number) => {
    try {
      await adapter.start(receive);
      states.set(adapter, 'connected');
    } catch (error) {
      log.error({ err: error, channel: adapter.kind, account: adapter.account }, 'a channel did not start');
      states.set(adapter, 'degraded');
      if (isStopped) return;
      const cancel = clock.at(clock.now() + delayMs, () => {
        retries.delete(cancel);
        void start(adapter, Math.min(delayMs * 2, longestRetryMs));
      });
      retries.add(cancel);
    }
  };

  const starting = Promise.all(adapters.map((adapter) => start(adapter, firstRetryMs)));
  return {
    stateOf: (adapter) => states.get(adapter) ?? 'stopped',
    async stop() {
      isStopped = true;
      for (const cancel of retries) cancel();
      await starting;
      await Promise.all(adapters.map((adapter) => stopOne(adapter, log)));
      states.clear();
    },
  };
}

async function stopOne(adapter: ChannelAdapter, log: Log): Promise<void> {
  try {
    await adapter.stop();
  } catch (error) {
    log.error({ err: error, channel: adapter.kind }, 'a channel did not stop cleanly');
  }
}
