/**
 * Drives the stages of one runtime: each in a lane of its own, until it finds nothing to do; then the
 * lane sleeps until it is woken by a write, by the time of the earliest row that falls due, or by the
 * slow poll that notices what nobody told. Nothing is asked of a model or of the wire for being idle.
 */
import { type Fence, StaleEpoch } from '../domain/fence.ts';
import type { Store } from '../domain/store.ts';
import { computeBackoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { minuteMs, secondMs } from '../lib/duration.ts';
import type { Log } from '../lib/log.ts';
import { buildLane, type Lane } from './lane.ts';
import type { Stage } from './stage.ts';

export type DriverOptions = {
  stages: Stage[];
  store: Pick<Store, 'getNextDueAt' | 'readDataVersion'>;
  fence: Fence;
  clock: Clock;
  log: Log;
  /** How long a running jorb may be without any activity before it is paused. */
  staleMs: number;
  /** How long the model may be down before the fallback takes over. Undefined: there is no model. */
  fallbackMs?: number | undefined;
  /** Aborted by `stop`: the signal that the stages were built with. */
  abort: AbortController;
  /** How many ticks of a stage may be under way at once, where it is more than one. */
  width: Record<string, number>;
  /** After a commit of a stage or of another process. */
  changed: () => void;
  /** The epoch was raised by someone else. Called once; the driver has stopped by itself. */
  deposed: () => void;
};

export type Driver = {
  /** Something may have fallen due. Cheap, and callable at any time. */
  wake(): void;
  /** Begins nothing more, aborts the signal, and resolves when no tick is under way. Twice is harmless. */
  stop(): Promise<void>;
};

/** How often the file is asked whether another process has written, and the clock whether it jumped. */
const pollMs = 250;
/** What is due and cannot move is looked at again after this long. */
const stuckMs = secondMs;
const backoff = { firstMs: stuckMs, longestMs: minuteMs };

export function startDriver(options: DriverOptions): Driver {
  const { stages, store, fence, clock, log, staleMs, fallbackMs, abort, width, changed, deposed } = options;
  let cancelDue = () => {};
  let cancelPoll = () => {};
  let dueAt = Number.POSITIVE_INFINITY;
  let wokenAt = Number.NEGATIVE_INFINITY;
  let isArming = false;
  let failures = 0;
  let polledAt = clock.now();
  let dataVersion = store.readDataVersion();

  const wake = () => {
    cancelDue();
    dueAt = Number.POSITIVE_INFINITY;
    wokenAt = clock.now();
    for (const lane of lanes) lane.wake();
    arm();
  };

  const depose = () => {
    log.warn('another process took the place of the runtime');
    void stop();
    deposed();
  };

  const wakeAt = (at: number) => {
    cancelDue();
    dueAt = at;
    if (at < Number.POSITIVE_INFINITY) cancelDue = clock.at(at, wake);
  };

  /** Sets the one timer for what falls due next. Asked often, it looks once. */
  const arm = () => {
    if (isArming || abort.signal.aborted) return;
    isArming = true;
    setImmediate(async () => {
      isArming = false;
      const now = clock.now();
      try {
        const due = await store.getNextDueAt(fence, { staleMs, fallbackMs }, now);
        const next = due ?? Number.POSITIVE_INFINITY;
        failures = 0;
        // What fell due since the lanes were woken is theirs at once; what they saw and left cannot move.
        const isUnseen = next > wokenAt;
        if (!abort.signal.aborted) wakeAt(isUnseen ? next : now + stuckMs);
      } catch (error) {
        fail(error);
      }
    });
  };

  const fail = (error: unknown) => {
    if (abort.signal.aborted) return;
    if (error instanceof StaleEpoch) return depose();
    log.error({ err: error }, 'the store cannot be read');
    wakeAt(clock.now() + computeBackoff(failures, backoff));
    failures += 1;
  };

  const poll = () => {
    if (abort.signal.aborted) return;
    const now = clock.now();
    cancelPoll = clock.at(now + pollMs, poll);
    const isForeign = noticeForeignCommit();
    if (isForeign) changed();
    // A clock that was set leaves its timers behind, and what was computed by it.
    const isClockSet = now < polledAt || now >= dueAt;
    polledAt = now;
    // A turn may have queued a message before it ends.
    if (isForeign || isClockSet || lanes.some((lane) => lane.isBusy())) wake();
  };

  const noticeForeignCommit = () => {
    try {
      const known = dataVersion;
      dataVersion = store.readDataVersion();
      return dataVersion !== known;
    } catch (error) {
      fail(error);
      return false;
    }
  };

  const moved = () => {
    changed();
    for (const lane of lanes) lane.wake();
  };

  const lanes: Lane[] = stages.map((stage) =>
    buildLane({
      stage,
      width: width[stage.name] ?? 1,
      clock,
      log,
      signal: abort.signal,
      moved,
      idle: arm,
      deposed: depose,
    }),
  );

  const stop = async () => {
    abort.abort();
    cancelDue();
    cancelPoll();
    await Promise.all(lanes.map((lane) => lane.stop()));
  };

  poll();
  wake();
  return { wake, stop };
}
