/**
 * The whole runtime in one process of the test: the real store on a real file, the real stages and
 * policy, a clock that is moved by hand, a brain and a wire that are given. A crash drops everything
 * but the file and the wire.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { buildRenderHandoff, buildRenderPrompt, buildRenderRouting } from '../../src/agent/prompts.ts';
import { agentTools } from '../../src/agent/tools/catalog.ts';
import { openStore } from '../../src/db/open.ts';
import type { Brain } from '../../src/domain/brain.ts';
import type { ChannelAdapter } from '../../src/domain/channel.ts';
import { defaultContract } from '../../src/domain/contract.ts';
import type { Fence } from '../../src/domain/fence.ts';
import type { EvaluateGate } from '../../src/domain/gate.ts';
import type { Inbound } from '../../src/domain/message.ts';
import { buildEvaluateGate } from '../../src/domain/policy/evaluate-gate.ts';
import type { Store } from '../../src/domain/store.ts';
import { defaultThresholds } from '../../src/domain/thresholds.ts';
import { dayMs, minuteMs } from '../../src/lib/duration.ts';
import { openLog } from '../../src/lib/log.ts';
import type { Money } from '../../src/lib/money.ts';
import { buildReceive } from '../../src/runtime/inbox.ts';
import type { ModelDeps } from '../../src/runtime/model-deps.ts';
import type { ConfirmMode, OwnerContext } from '../../src/runtime/owner/context.ts';
import { buildPipeline, type PipelineDeps } from '../../src/runtime/pipeline.ts';
import { recover } from '../../src/runtime/recovery.ts';
import type { Stage } from '../../src/runtime/stage.ts';
import { toModelBrain } from './brains.ts';
import { buildFakeClock, type FakeClock } from './clock.ts';
import { closeAtEnd } from './close-at-end.ts';
import { buildMailbox, type Mailbox } from './mailer.ts';
import { makeDataDir, migrationsDir } from './migrated.ts';
import { buildMortality, Crash, type Mortality, makeMortal } from './mortality.ts';
import { buildMemoryWire, type MemoryWire } from './wire.ts';

export type WorldOptions = {
  brain: Brain;
  /** With a model: `brain` still is what thinks, routes or falls back where nothing else is named. */
  model?: Partial<ModelDeps>;
  debounceMs?: number;
  ownerLimit?: Money;
  confirm?: ConfirmMode;
  staleMs?: number;
  /** Instead of the real policy: one with a check left out. */
  evaluate?: EvaluateGate;
  /** Beside the wire, for each process anew. */
  buildChannels?: (clock: FakeClock) => ChannelAdapter[];
  /** Changes what the pipeline is built with. */
  change?: (deps: PipelineDeps) => PipelineDeps;
};

/** One process that runs the pipeline, until it dies. */
export type Life = {
  store: Store;
  fence: Fence;
  stages: Stage[];
  /** The signal that the stages were built with. */
  abort: AbortController;
  mortality: Mortality;
  close(): Promise<void>;
};

export type World = {
  clock: FakeClock;
  wire: MemoryWire;
  mailbox: Mailbox;
  dataDir: string;
  readonly life: Life;
  /** The owner, through the process that runs the pipeline; it may die under their hands. */
  readonly owner: OwnerContext;
  /** The owner, through another process, which lives for ever. */
  otherFace: OwnerContext;
  /** Where the running process dies next. */
  diesAt: (point: string) => boolean;
  readonly crashes: number;
  /** What is in the file, through a connection of its own. */
  sql(query: string, ...given: unknown[]): Record<string, unknown>[];
  /** Hands a message over as a channel does: again after a crash, until it is acknowledged. */
  receive(message: Partial<Inbound> & { text: string }): Promise<void>;
  /** Runs work of the process. When it dies of it, another takes its place and the result is undefined. */
  attempt<T>(work: () => Promise<T>): Promise<T | undefined>;
  tick(stage: string): Promise<boolean>;
  /** Ticks every stage until none finds anything to do. */
  settle(): Promise<void>;
  /** Lets time pass as the driver would: on to whatever falls due next. */
  advance(ms: number): Promise<void>;
  /** The process is gone and another takes its place. */
  crash(): Promise<void>;
  /** Another process takes the place without the running one's knowledge; gives that one back, to be closed. */
  takeOver(): Promise<Life>;
  close(): Promise<void>;
};

const renderPrompt = buildRenderPrompt('You are the agent.');
const renderRouting = buildRenderRouting('You are the router.');
const renderHandoff = buildRenderHandoff('You hand over.');
const timeZone = () => 'UTC';
const usd = (minor: number): Money => ({ minor, currency: 'USD' });

/** Closed when the test that opened it ends. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { brain, debounceMs = 0, ownerLimit = usd(10_000), confirm = 'human', staleMs = 2 * dayMs } = options;
  const { change = (deps) => deps, buildChannels = () => [] } = options;
  const model = options.model ? buildModelDeps(brain, options.model) : null;
  const dataDir = await makeDataDir();
  const clock = buildFakeClock();
  const wire = buildMemoryWire();
  const mailbox = buildMailbox();
  const evaluate = options.evaluate ?? buildEvaluateGate({ ownerLimit, thresholds: defaultThresholds });
  const defaults = defaultContract(ownerLimit);
  const debounce = { loopback: debounceMs, web: 0 };
  const log = openLog('silent');
  const faceStore = await openStore({ dataDir, migrationsDir });
  const own = new Database(join(dataDir, 'jorbs.db'), { timeout: 5000 });
  let crashes = 0;
  let sequence = 0;

  const buildOwner = (store: Store, written: () => void): OwnerContext => {
    const modelLimits = model?.limits ?? null;
    return { store, clock, defaults, timeZone, confirm, evaluate, modelLimits, debounce, written };
  };

  const startLife = async (): Promise<Life> => {
    const real = await openStore({ dataDir, migrationsDir });
    const mortality = buildMortality((point) => world.diesAt(point));
    const store = makeMortal(real, mortality);
    const others = buildChannels(clock);
    const channels = [wire.connect({ now: clock.now, point: mortality.pass }), ...others];
    const deps = change({
      ...{
        store,
        clock,
        log,
        brain,
        model,
        tools: agentTools,
        renderPrompt,
        channels,
        debounce,
        evaluate,
        thresholds: defaultThresholds,
        random: () => 0,
        staleMs,
        timeZone,
        digestCron: null,
        sendsEmptyDigests: false,
        mailer: mailbox.mailer,
        contextReset: { days: 3, tokens: 12_000 },
        progressLog: join(dataDir, 'jorbs_progress.txt'),
      },
      failpoint: mortality.pass,
    });
    try {
      const fence = await store.raiseEpoch('test', clock.now());
      await recover(deps, fence);
      const receive = buildReceive({ store, clock, debounce, failpoint: mortality.pass, written: () => {} });
      for (const channel of others) await channel.start(async (inbound) => void (await receive(inbound)));
      const abort = new AbortController();
      const stages = buildPipeline(deps, fence, abort.signal);
      return { store, fence, stages, abort, mortality, close: () => real.close() };
    } catch (error) {
      await real.close();
      if (!(error instanceof Crash)) throw error;
      crashes += 1;
      return startLife();
    }
  };

  const findNextDue = async (): Promise<number> => {
    const options = { staleMs, fallbackMs: model?.fallbackMs };
    const read = async () => ({ at: await life.store.getNextDueAt(life.fence, options, clock.now()) });
    const found = await world.attempt(read);
    return found ? (found.at ?? Number.POSITIVE_INFINITY) : findNextDue();
  };
  const isDue = async () => (await findNextDue()) <= clock.now();

  const world: World = {
    clock,
    wire,
    mailbox,
    dataDir,
    get life() {
      return life;
    },
    get owner() {
      return buildOwner(life.store, () => life.mortality.pass('owner.written'));
    },
    otherFace: buildOwner(faceStore, () => {}),
    diesAt: () => false,
    get crashes() {
      return crashes;
    },
    sql(query, ...given) {
      const statement = own.prepare<unknown[], Record<string, unknown>>(query);
      if (statement.reader) return statement.all(...given);
      statement.run(...given);
      return [];
    },
    async attempt(work) {
      try {
        const result = await work();
        if (!life.mortality.isDead) return result;
      } catch (error) {
        if (!life.mortality.isDead) throw error;
      }
      await world.crash();
      return undefined;
    },
    async receive(message) {
      sequence += 1;
      const inbound: Inbound = {
        ...{ channel: 'loopback', account: 'local', externalId: `message-${sequence}`, from: 'magic' },
        ...{ inReplyTo: null, sentAt: clock.now(), grade: 'none' },
        ...message,
      };
      const deliver = () => {
        const { store, mortality } = life;
        const written = () => mortality.pass('inbox.acknowledged');
        return buildReceive({ store, clock, debounce, failpoint: mortality.pass, written })(inbound);
      };
      while (!(await world.attempt(deliver)));
    },
    async tick(name) {
      const stage = life.stages.find((other) => other.name === name);
      if (!stage) throw new Error(`there is no stage ${name}`);
      return (await world.attempt(() => stage.tick())) ?? true;
    },
    async settle() {
      for (let idle = 0, rounds = 0; idle < 2; rounds++) {
        if (rounds > 5000) throw new Error('the stages never come to rest');
        let isBusy = false;
        for (const { name } of life.stages) isBusy = (await world.tick(name)) || isBusy;
        // A stage that found nothing for itself may have made something due: a message dropped at its departure.
        idle = isBusy ? 0 : (await isDue()) ? idle + 1 : 2;
      }
    },
    async advance(ms) {
      const end = clock.now() + ms;
      for (;;) {
        await world.settle();
        const due = await findNextDue();
        if (due <= clock.now()) throw new Error(`something was due at ${due} and no stage takes it`);
        if (due > end) break;
        clock.advance(due - clock.now());
      }
      clock.advance(end - clock.now());
      await world.settle();
    },
    async crash() {
      crashes += 1;
      await life.close();
      life = await startLife();
    },
    async takeOver() {
      const deposed = life;
      life = await startLife();
      return deposed;
    },
    async close() {
      await life.close();
      await faceStore.close();
      own.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  let life = await startLife();
  world.close = closeAtEnd(world.close);
  return world;
}

function buildModelDeps(brain: Brain, given: Partial<ModelDeps>): ModelDeps {
  return {
    agent: toModelBrain(brain),
    router: toModelBrain(brain),
    renderRouting,
    renderHandoff,
    fallback: brain,
    limits: { dayMicros: 10_000_000, jorbMicros: 5_000_000 },
    timeoutMs: 4 * minuteMs,
    fallbackMs: 30 * minuteMs,
    ...given,
  };
}
