import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLocked, type Lock } from '../db/lock.ts';
import type { ModelStatus } from '../domain/brief.ts';
import type { Store } from '../domain/store.ts';
import { computeBackoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { minuteMs, secondMs } from '../lib/duration.ts';
import { coalesce } from './coalesce.ts';
import { type Election, seekLock } from './election.ts';
import type { Face } from './face.ts';
import { buildHubClient } from './hub.ts';
import { computeHubAddress, prepareHubFolder } from './hub-address.ts';
import type { ModelDeps } from './model-deps.ts';
import type { OwnerContext } from './owner/context.ts';
import type { PipelineDeps } from './pipeline.ts';
import { type Runtime, startRuntime } from './start-runtime.ts';

export type FaceParts = {
  pipeline: PipelineDeps;
  owner: Omit<OwnerContext, 'written'>;
  version: string;
  dataDir: string;
  packageRoot: string;
};

/** Changes that come together are told together. */
const coalesceMs = 20;
/** How often a face that does not run looks for what nobody told it. */
const watchMs = 250;
const backoff = { firstMs: secondMs, longestMs: minuteMs };
const stopPatienceMs = 1.5 * secondMs;
const hubPatienceMs = 200;

/** Takes over the store and closes it at the end. The data folder must exist. */
export function openFace({ pipeline, owner, version, dataDir, packageRoot }: FaceParts): Face {
  const { store, clock, log, channels, brain, model, mailer, failpoint } = pipeline;
  const lockFile = join(dataDir, 'runtime.lock');
  const hubAddress = findHubAddress(dataDir);
  const listeners = new Set<() => void>();
  let place: { runtime: Runtime; lock: Lock } | undefined;
  let election: Election | undefined;
  let isStanding = false;
  let failures = 0;
  let cancelRetry = () => {};
  let cancelWatch = () => {};
  let dataVersion = store.readDataVersion();
  let closing: Promise<void> | undefined;

  const changes = coalesce(clock, coalesceMs, () => {
    place?.runtime.announce();
    for (const listener of listeners) listener();
  });
  const hub = buildHubClient(hubAddress ?? '', { changed: changes.call, lost: () => election?.hurry() });

  const seek = () => {
    if (!closing) election = seekLock(lockFile, { clock, log, gained, isWatched: hub.isConnected });
  };

  const gained = (lock: Lock) => {
    const ended = (error: Error | undefined) => void leave(error);
    place = { lock, runtime: startRuntime({ pipeline, hubAddress, changed: changes.call, ended }) };
  };

  const leave = async (error: Error | undefined) => {
    failures = error ? failures + 1 : 0;
    if (error) log.error({ err: error }, 'the runtime did not come up');
    await giveUpPlace();
    if (closing) return;
    const delayMs = error ? computeBackoff(failures - 1, backoff) : 0;
    cancelRetry = clock.at(clock.now() + delayMs, seek);
  };

  /** The lock outlives everything that is under way: the next runtime must not act beside it. */
  const giveUpPlace = async () => {
    const left = place;
    if (!left) return;
    await left.runtime.stop();
    left.lock.release();
    place = undefined;
  };

  const watch = () => {
    cancelWatch = clock.at(clock.now() + watchMs, watch);
    if (place) return;
    if (hubAddress !== null) hub.join();
    try {
      const known = dataVersion;
      dataVersion = store.readDataVersion();
      if (dataVersion !== known) changes.call();
    } catch (error) {
      log.warn({ err: error }, 'the data folder cannot be read');
    }
  };

  const isSomeoneRunning = () => {
    if (place || hub.isConnected()) return true;
    try {
      return isLocked(lockFile);
    } catch {
      return false;
    }
  };

  const close = async () => {
    cancelWatch();
    cancelRetry();
    election?.stop();
    await waitAtMost(clock, stopPatienceMs, giveUpPlace());
    await waitAtMost(clock, hubPatienceMs, hub.close());
    changes.cancel();
    await store.close();
  };

  watch();
  return {
    owner: {
      ...owner,
      written() {
        failpoint('owner.written');
        if (place) place.runtime.wake();
        else if (hubAddress !== null) hub.notify();
        changes.call();
      },
    },
    version,
    dataDir,
    packageRoot,
    progressLog: pipeline.progressLog,
    log,
    stand() {
      if (isStanding || closing) return;
      isStanding = true;
      seek();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async readStatus() {
      const now = clock.now();
      const { runtime, ...counts } = await store.readStatus(now);
      const live = isSomeoneRunning();
      const elsewhere = live ? 'connected' : 'stopped';
      return {
        ...counts,
        now,
        version,
        dataDir,
        runtime: runtime && { ...runtime, live },
        channels: channels.map((adapter) => ({
          kind: adapter.kind,
          account: adapter.account,
          state: place ? place.runtime.stateOf(adapter) : elsewhere,
        })),
        brain: model?.agent.name ?? brain.name,
        model: model && (await readModel(model, store, now)),
        schedules: await store.listSchedules(),
        mail: { kind: mailer.kind, target: mailer.target, ...(await store.readMailStatus()) },
        progressLog: { file: pipeline.progressLog, ...(await store.readProgress()) },
        confirm: owner.confirm,
      };
    },
    close: () => (closing ??= close()),
  };
}

async function readModel({ agent, limits }: ModelDeps, store: Store, now: number): Promise<ModelStatus> {
  const [outage, { dayMicros }] = await Promise.all([
    store.readOutage(),
    store.readModelSpend({ jorbId: null }, now),
  ]);
  return { name: agent.model, outage, dayMicros, dayLimitMicros: limits.dayMicros };
}

async function waitAtMost(clock: Clock, ms: number, work: Promise<void>): Promise<void> {
  let cancel = () => {};
  const patience = new Promise<void>((resolve) => {
    cancel = clock.at(clock.now() + ms, resolve);
  });
  await Promise.race([work, patience]);
  cancel();
}

function findHubAddress(dataDir: string): string | null {
  const userId = process.getuid?.() ?? -1;
  const { address, folder } = computeHubAddress({
    dataDir: realpathSync(dataDir),
    platform: process.platform,
    temporaryDir: tmpdir(),
    userId,
  });
  return folder === null || prepareHubFolder(folder, userId) ? address : null;
}
