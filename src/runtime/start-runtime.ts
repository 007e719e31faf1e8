import { hostname } from 'node:os';
import type { ChannelAdapter } from '../domain/channel.ts';
import type { Log } from '../lib/log.ts';
import { type Driver, startDriver } from './driver.ts';
import { type Hub, openHub } from './hub.ts';
import { buildReceive } from './inbox.ts';
import { buildPipeline, type PipelineDeps } from './pipeline.ts';
import { recover } from './recovery.ts';
import { type ChannelState, type Channels, startChannels } from './start-channels.ts';

export type RuntimeOptions = {
  pipeline: PipelineDeps;
  /** Where faces reach it; null when there is no safe place. */
  hubAddress: string | null;
  /** After a commit of the pipeline or of another process. */
  changed: () => void;
  /** It cannot go on: it did not come up, or another process raised the epoch. Called at most once. */
  ended: (error: Error | undefined) => void;
};

/** What one process does while it holds the runtime lock. */
export type Runtime = {
  wake(): void;
  /** Tells the other faces that something changed. */
  announce(): void;
  stateOf(adapter: ChannelAdapter): ChannelState;
  /** Resolves when nothing of it is under way any more: only then may the lock be released. */
  stop(): Promise<void>;
};

/** Routers and turns wait for models, the outbox for hosts; a few at a time keep the others from waiting for them. */
const width = { router: 2, turns: 4, outbox: 4 };

/** Takes the place in the rows, makes good what the last runtime left, then drives the pipeline. */
export function startRuntime(options: RuntimeOptions): Runtime {
  const { pipeline, hubAddress, changed, ended } = options;
  const { store, clock, log, staleMs, channels: adapters } = pipeline;
  const abort = new AbortController();
  let hub: Hub | undefined;
  let channels: Channels | undefined;
  let driver: Driver | undefined;

  const wake = () => driver?.wake();
  const heard = () => {
    wake();
    changed();
  };

  const start = async () => {
    hub = hubAddress === null ? undefined : await tryOpenHub(hubAddress, { log, written: heard });
    const fence = await store.raiseEpoch(`pid ${process.pid} on ${hostname()}`, clock.now());
    await recover(pipeline, fence);
    if (abort.signal.aborted) return;
    const receive = buildReceive({ ...pipeline, written: heard });
    channels = startChannels({
      adapters,
      receive: async (inbound) => void (await receive(inbound)),
      clock,
      log,
    });
    const stages = buildPipeline(pipeline, fence, abort.signal);
    const deposed = () => ended(undefined);
    const fallbackMs = pipeline.model?.fallbackMs;
    const rows = { store, fence, staleMs, fallbackMs };
    driver = startDriver({ ...rows, stages, clock, log, abort, width, changed, deposed });
    log.info({ epoch: fence.epoch }, 'this process is the runtime');
  };

  const starting = start().catch((error: unknown) => {
    if (!abort.signal.aborted) ended(error instanceof Error ? error : new Error(String(error)));
  });

  return {
    wake,
    announce: () => hub?.announce(),
    stateOf: (adapter) => channels?.stateOf(adapter) ?? 'stopped',
    async stop() {
      abort.abort();
      await starting;
      await Promise.all([driver?.stop(), channels?.stop()]);
      await hub?.close();
    },
  };
}

async function tryOpenHub(address: string, options: { log: Log; written: () => void }) {
  try {
    return await openHub(address, options);
  } catch (error) {
    options.log.warn(
      { err: error, address },
      'no local socket here: other processes are noticed more slowly',
    );
    return undefined;
  }
}
