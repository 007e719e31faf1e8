import { StaleEpoch } from '../../src/domain/fence.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import type { OwnerContext } from '../../src/runtime/owner/context.ts';
import { resumeEverything } from '../../src/runtime/owner/resume-everything.ts';
import { buildRandom, type Random } from '../support/random.ts';
import type { WireFault } from '../support/wire.ts';
import { openWorld, type World } from '../support/world.ts';
import { findBrokenRules } from './broken-rules.ts';
import { countTimes, type TimeCounts } from './broken-times.ts';
import { findDepartureViolations } from './departures.ts';
import { createSomeJorb, jumps, ownerOperations, someoneWrites } from './operations.ts';
import { buildRandomBrain, homeAddress } from './random-brain.ts';

export type WorldReport = {
  violations: string[];
  crashes: number;
  sent: number;
  approved: number;
  times: TimeCounts;
  /** The last things that were done, oldest first. */
  trace: string[];
};

const ownerLimit = { minor: 8000, currency: 'USD' };
const faults: WireFault[] = [
  'refuses',
  'refuses for good',
  'takes it and does not say',
  'says nothing and does not take it',
];

/** Everything that happens in it follows from the seed. */
export async function runWorld(seed: number, operations: number): Promise<WorldReport> {
  const random = buildRandom(seed);
  const violations: string[] = [];
  const trace: string[] = [];
  const note = (text: string) => void trace.push(text);
  const interrupt = async () => {
    if (random.chance(0.08)) await actAsOwner(world.otherFace, { random, note: (text) => note(`(${text})`) });
  };
  const world = await openWorld({
    brain: buildRandomBrain(random, interrupt),
    debounceMs: random.pick([0, 30_000]),
    ownerLimit,
  });
  const doubtful = plantFaults(world, { random, violations });
  dieNowAndThen(world, random, note);
  const acknowledged: string[] = [];
  try {
    await world.otherFace.store.setProfileField('home_address', homeAddress, world.clock.now());
    await createSomeJorb(world.otherFace, random);
    for (let count = 0; count < operations; count++) {
      await operate(world, { random, note, violations, acknowledged });
    }
    await bringToRest(world);
    violations.push(...findBrokenRules(world, { acknowledged, doubtful, ownerLimit }));
  } catch (error) {
    violations.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const [{ approved } = {}] = world.sql(
    `select count(*) approved from approval where confirmed_by is not null`,
  );
  const report = {
    violations,
    crashes: world.crashes,
    sent: world.wire.lines.length,
    approved: Number(approved),
    times: countTimes(world),
  };
  await world.close();
  return { ...report, trace: trace.slice(-30) };
}

type Happening = {
  random: Random;
  note: (text: string) => void;
  violations: string[];
  acknowledged: string[];
};

async function operate(world: World, { random, note, violations, acknowledged }: Happening): Promise<void> {
  const roll = random.below(100);
  if (roll < 30) {
    const { name } = random.pick(world.life.stages);
    note(`tick ${name}`);
    await world.tick(name);
  } else if (roll < 38) {
    note('settle');
    await world.settle();
  } else if (roll < 44) {
    note('everything at once');
    await world.attempt(() => doAtOnce(world, { random, note }));
  } else if (roll < 64) {
    const sequence = () => `message-${acknowledged.length}-${random.below(1e9)}`;
    const received = await someoneWrites(world, random, sequence);
    acknowledged.push(...received);
    note(`${received.length} messages come in`);
  } else if (roll < 86) {
    const owner = random.chance(0.5) ? world.owner : world.otherFace;
    await world.attempt(() => actAsOwner(owner, { random, note }));
  } else if (roll < 95) {
    const ms = random.pick(jumps);
    note(`${ms} ms pass`);
    if (random.chance(0.5)) world.clock.advance(ms);
    else await world.advance(ms);
  } else if (roll < 98) {
    note('crash');
    await world.crash();
  } else {
    note('takeover');
    violations.push(...(await depose(world)));
  }
}

/** Stages run beside each other, and the owner beside them. What starts before a stop may still end after it. */
async function doAtOnce(world: World, { random, note }: Pick<Happening, 'random' | 'note'>): Promise<void> {
  const { wire, life, otherFace } = world;
  const { watch } = wire;
  wire.watch = () => {};
  const stages = [...life.stages, ...life.stages.filter(({ name }) => name === 'turns')];
  const ends = await Promise.allSettled([
    ...stages.map((stage) => stage.tick()),
    actAsOwner(otherFace, { random, note }),
  ]);
  wire.watch = watch;
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** What cannot be done now is refused in words; anything else is a bug. */
async function actAsOwner(
  owner: OwnerContext,
  { random, note }: { random: Random; note: (text: string) => void },
): Promise<void> {
  const { name, run } = random.weigh(ownerOperations);
  note(`owner: ${name}`);
  try {
    await run(owner, random);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    note(`refused: ${error.code} ${error.message}`);
  }
}

/** A runtime whose place was taken without its knowledge goes on: it must not write a thing. */
async function depose(world: World): Promise<string[]> {
  const violations: string[] = [];
  const { diesAt } = world;
  world.diesAt = () => false;
  const deposed = await world.takeOver();
  for (const { name, tick } of deposed.stages) {
    try {
      if (await tick()) violations.push(`a deposed runtime did the work of its ${name}`);
    } catch (error) {
      if (!(error instanceof StaleEpoch)) throw error;
    }
  }
  await deposed.close();
  world.diesAt = diesAt;
  return violations;
}

function dieNowAndThen(world: World, random: Random, note: (text: string) => void): void {
  let countdown = 20;
  world.diesAt = (point) => {
    countdown -= 1;
    if (countdown > 0) return false;
    countdown = 4 + random.below(160);
    note(`dies ${point}`);
    return true;
  };
}

/** Returns the keys of which the wire did not say what it did. */
function plantFaults(
  world: World,
  { random, violations }: Pick<Happening, 'random' | 'violations'>,
): Set<string> {
  const doubtful = new Set<string>();
  world.wire.remembers = random.chance(0.8);
  world.wire.watch = (delivery) => violations.push(...findDepartureViolations(world, delivery));
  world.wire.fault = ({ key }) => {
    if (!random.chance(0.15)) return undefined;
    const fault = random.pick(faults);
    if (fault === 'takes it and does not say' || fault === 'says nothing and does not take it')
      doubtful.add(key);
    return fault;
  };
  return doubtful;
}

async function bringToRest(world: World): Promise<void> {
  world.diesAt = () => false;
  world.wire.fault = () => undefined;
  await resumeEverything(world.otherFace);
  await world.settle();
}
