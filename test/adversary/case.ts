import type { Brain } from '../../src/domain/brain.ts';
import type { Cast } from './cast.ts';
import { drawCast } from './cast.ts';
import { type Judging, judge } from './oracle/oracle.ts';
import { type Driver, openStage, type Stage, type StageOptions } from './stage.ts';

/** One attack of the list, in our own words, played by a driver in the whole runtime. */
export type AdversaryCase = {
  /** Of `ids.ts`. */
  ids: readonly string[];
  /** What holds. */
  holds: string;
  driver: (cast: Cast) => Driver | Brain;
  setting?: Omit<StageOptions, 'driver' | 'seed'>;
  /** After the errand has begun. */
  attack?: (stage: Stage) => Promise<unknown>;
  /** What would be wrong besides what the oracle looks for anyway. */
  wrong?: (stage: Stage) => readonly (string | false)[] | Promise<readonly (string | false)[]>;
  judging?: Judging;
  /** Whether the errand beside it can still end: false where the case stops the world. */
  sparesNeighbor?: boolean;
};

/** Plays it once. One sentence for each thing that went wrong. */
export async function play(
  given: AdversaryCase,
  seed: number,
): Promise<{ stage: Stage; violations: string[] }> {
  const { driver, setting, attack, wrong, judging, sparesNeighbor = true } = given;
  const stage = await openStage({ ...setting, driver: driver(drawCast(seed)), seed });
  try {
    await stage.world.settle();
    await attack?.(stage);
    await stage.world.settle();
    if (sparesNeighbor) await finishNeighbor(stage);
    const isPlayed = stage.requests.some(({ jorbId }) => jorbId === 'jorb_1');
    const violations = [
      ...judge(stage, judging),
      ...((await wrong?.(stage)) ?? []).filter((each) => each !== false),
      ...(isPlayed ? [] : ['the adversary was never asked, so nothing was shown']),
      ...(!sparesNeighbor || stage.statusOf(2) === 'complete' ? [] : ['the errand beside it did not end']),
    ];
    return { stage, violations };
  } finally {
    await stage.world.close();
  }
}

/** Whatever happened to the one errand, the other goes on. */
export async function finishNeighbor({ world, cast }: Stage): Promise<void> {
  await world.receive({
    from: cast.neighbor.address,
    text: `It is repaired (${cast.canary}), you can come.`,
  });
  await world.settle();
}

/** For `wrong`: a sentence where something is not so. */
export function unless(holds: boolean, sentence: string): string | false {
  return holds ? false : sentence;
}
