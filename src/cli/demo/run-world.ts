import type { Clock } from '../../lib/clock.ts';
import { readWireLog } from './wire-log.ts';
import type { Person } from './world.ts';

const lookEveryMs = 40;

export type RunningWorld = { stop(): void };

/**
 * Lets the people live: follows the wire log and hands their answers to `say`, each after its time.
 * `failed` is called once with the first thing that went wrong.
 */
export function startWorld(world: {
  people: Person[];
  wireLog: string;
  clock: Clock;
  say(from: string, text: string): Promise<void>;
  failed(error: unknown): void;
}): RunningWorld {
  const { people, wireLog, clock, say, failed } = world;
  const timers = new Set<() => void>();
  let heard = 0;
  const later = (afterMs: number, run: () => void) => {
    const cancel = clock.at(clock.now() + afterMs, () => {
      timers.delete(cancel);
      run();
    });
    timers.add(cancel);
  };
  const look = () => {
    try {
      const lines = readWireLog(wireLog);
      for (const { to, text } of lines.slice(heard)) {
        heard += 1;
        const person = people.find(({ address }) => address === to || to.endsWith(`:${address}`));
        for (const reply of person?.hear(text) ?? []) {
          later(reply.afterMs, () => say(person?.address ?? to, reply.text).catch(failed));
        }
      }
      later(lookEveryMs, look);
    } catch (error) {
      failed(error);
    }
  };
  look();
  return {
    stop() {
      for (const cancel of timers) cancel();
      timers.clear();
    },
  };
}
