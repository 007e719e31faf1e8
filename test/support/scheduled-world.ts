/** A world of which only the stage of schedules is driven, with works that a test gives. */
import type { CarryOut, ScheduleName } from '../../src/domain/schedule.ts';
import { openLog } from '../../src/lib/log.ts';
import { buildSchedules, type SchedulesDeps } from '../../src/runtime/schedules.ts';
import type { Stage } from '../../src/runtime/stage.ts';
import { buildScriptedBrain } from './brains.ts';
import { testEpoch } from './clock.ts';
import { type Life, openWorld, type World } from './world.ts';

export type ScheduledWorld = {
  world: World;
  /** What the owner has configured; a change is for the next process. */
  settings: { digestCron: string | null; timeZone: string };
  /** Every digest that was worked at, in its order; done again for the same run after a crash. */
  worked: string[];
  buildStage(life: Life): Stage;
  /** True when the stage did something, or died of it. */
  tick(): Promise<boolean>;
  settle(): Promise<void>;
  /** Lets time pass as the driver would. */
  pass(ms: number): Promise<void>;
  /** The machine sleeps, and then looks what is due. */
  sleep(ms: number): Promise<void>;
  /** Somebody sets the clock; the driver notices and wakes. */
  setClock(byMs: number): Promise<void>;
  restart(): Promise<void>;
  /** Digests by their slots, with what became of them. */
  listRuns(): { slot: string; status: string; note: string | null }[];
};

export async function openScheduledWorld(
  works: Partial<Record<ScheduleName, CarryOut>> = {},
  { at = testEpoch, digestCron = '0 10 * * *', timeZone = 'UTC' } = {},
): Promise<ScheduledWorld> {
  const world = await openWorld({ brain: buildScriptedBrain(() => []) });
  const { clock } = world;
  const settings = { digestCron, timeZone };
  clock.set(at - testEpoch);
  const worked: string[] = [];
  const digest: CarryOut = async ({ slot }) => {
    worked.push(slot);
    return 'sent';
  };
  const handoff: CarryOut = async () => 'not yet';
  const built = new WeakMap<Life, Stage>();

  const findNextDue = async (): Promise<number | undefined> => {
    const { store, fence } = world.life;
    const options = { staleMs: 1e12 };
    const read = async () => ({ at: await store.getNextDueAt(fence, options, clock.now()) });
    const found = await world.attempt(read);
    return found && (found.at ?? Number.POSITIVE_INFINITY);
  };

  const scheduled: ScheduledWorld = {
    world,
    settings,
    worked,
    buildStage(life) {
      const { timeZone, digestCron } = settings;
      const deps: SchedulesDeps = {
        ...{ store: life.store, clock, log: openLog('silent'), failpoint: life.mortality.pass },
        ...{ timeZone: () => timeZone, digestCron, works: { digest, handoff, ...works } },
      };
      return buildSchedules(deps, life.fence, life.abort.signal);
    },
    async tick() {
      const { life } = world;
      const stage = built.get(life) ?? scheduled.buildStage(life);
      built.set(life, stage);
      return (await world.attempt(() => stage.tick())) ?? true;
    },
    async settle() {
      for (let rounds = 0; await scheduled.tick(); rounds++) {
        if (rounds > 100) throw new Error('the schedules never come to rest');
      }
    },
    async pass(ms) {
      const end = clock.now() + ms;
      for (;;) {
        await scheduled.settle();
        const due = await findNextDue();
        // It died of looking.
        if (due === undefined) continue;
        if (due <= clock.now()) throw new Error(`something was due at ${due} and is not taken`);
        if (due > end) break;
        clock.advance(due - clock.now());
      }
      clock.advance(end - clock.now());
      await scheduled.settle();
    },
    async sleep(ms) {
      clock.advance(ms);
      await scheduled.settle();
    },
    async setClock(byMs) {
      clock.set(byMs);
      await scheduled.settle();
    },
    async restart() {
      await world.crash();
      await scheduled.settle();
    },
    listRuns: () =>
      world.sql(`select slot, status, note from run where schedule = 'digest' order by slot`) as never,
  };
  await scheduled.settle();
  return scheduled;
}
