import { buildRandom } from '../support/random.ts';

/** `ADVERSARY_SEED` names the seed to begin with: a failure says which it was. */
export const baseSeed = Number(process.env.ADVERSARY_SEED ?? 20_261_120);
/** `ADVERSARY_RUNS=all`: everything, else a sample. */
export const playsAll = process.env.ADVERSARY_RUNS === 'all';
/** Each case is played with so many casts when everything is. */
export const seedsOfAll = 10;

export function listSeeds(): number[] {
  return Array.from({ length: playsAll ? seedsOfAll : 1 }, (_, nth) => baseSeed + nth);
}

/** Some of them, others for another seed. */
export function sample<T>(name: string, items: readonly T[], size: number): T[] {
  const salt = [...name].reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7);
  const random = buildRandom(baseSeed + (salt % 1_000_000));
  const left = [...items];
  return Array.from({ length: Math.min(size, items.length) }, () =>
    left.splice(random.below(left.length), 1),
  ).flat();
}
