import { expect, test } from 'vitest';
import type { ActivityCounts, Brief } from '../../src/domain/brief.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { resumeEverything } from '../../src/runtime/owner/resume-everything.ts';
import { takeBrief } from '../../src/runtime/owner/take-brief.ts';
import { buildRandom, type Random } from '../support/random.ts';
import { openWorld, type World } from '../support/world.ts';
import { createSomeJorb, jumps, ownerOperations, someoneWrites } from './operations.ts';
import { buildRandomBrain } from './random-brain.ts';

const kinds: Record<keyof ActivityCounts, string> = {
  received: 'message.received',
  sent: 'message.sent',
  created: 'jorb.created',
  completed: 'jorb.completed',
  failed: 'jorb.failed',
  cancelled: 'jorb.cancelled',
  refused: 'action.refused',
  asked: 'approval.asked',
};

const failing = [
  ...['turn.failed', 'approval.expired', 'brain.down'],
  ...['mail.unknown', 'mail.failed', 'schedule.failed', 'handoff.failed'],
];

type Mark = { seq: number };
type Told = Pick<Brief, 'activity'> & { jorbs: number; wrong: number; committed: number };

/** What a brief must tell of the entries after one and up to another, counted from the rows. */
function countBetween(world: World, after: number, until: number): Told {
  const rows = world.sql(
    `select what, jorb_id, subject from audit where seq > ? and seq <= ?`,
    ...[after, until],
  );
  const count = (what: string) => rows.filter((row) => row.what === what).length;
  const [{ total } = {}] = world.sql(
    `select coalesce(sum(minor), 0) as total from audit
      join outbox on subject = 'outbox_' || outbox.id
      join ledger on ledger.action_id = outbox.action_id
      where what = 'message.sent' and seq > ? and seq <= ? and ledger.status = 'settled'`,
    ...[after, until],
  );
  const activity = Object.fromEntries(Object.entries(kinds).map(([name, what]) => [name, count(what)]));
  return {
    activity: activity as ActivityCounts,
    jorbs: new Set(rows.map((row) => row.jorb_id).filter((id) => id !== null)).size,
    wrong: failing.reduce((sum, what) => sum + count(what), 0),
    committed: Number(total),
  };
}

function summarize({ activity, jorbs, failures, money, more }: Brief): Told {
  return {
    activity,
    jorbs: jorbs.length + more.jorbs,
    wrong: failures.length + more.failures,
    committed: money.committed.reduce((sum, { minor }) => sum + minor, 0),
  };
}

function add(one: Told, other: Told): Told {
  const names = Object.keys(kinds) as (keyof ActivityCounts)[];
  const activity = Object.fromEntries(names.map((name) => [name, one.activity[name] + other.activity[name]]));
  return {
    activity: activity as ActivityCounts,
    jorbs: one.jorbs + other.jorbs,
    wrong: one.wrong + other.wrong,
    committed: one.committed + other.committed,
  };
}

function readMark(world: World): Mark {
  const [{ seq } = {}] = world.sql('select brief_seq as seq from owner');
  return { seq: Number(seq) };
}

function readNewest(world: World): number {
  const [{ seq } = {}] = world.sql('select coalesce(max(seq), 0) as seq from audit');
  return Number(seq);
}

/** One brief through one process, that may die of it. Afterwards what it told is what lay between the marks. */
async function askOnce(world: World, random: Random): Promise<Told | undefined> {
  const before = readMark(world);
  const owner = random.chance(0.5) ? world.owner : world.otherFace;
  const brief = await world.attempt(() => takeBrief(owner, { peek: false }));
  const after = readMark(world);
  const told = countBetween(world, before.seq, after.seq);
  // Whoever asked died: either before anything was read, or with the answer on its way.
  if (brief === undefined) return after.seq === before.seq ? undefined : told;
  expect(summarize(brief)).toEqual(told);
  return told;
}

/** Two processes ask at once, while a third thing happens. Together they tell of everything between the marks. */
async function askTwice(world: World, random: Random): Promise<Told> {
  const before = readMark(world);
  const [one, , other] = await Promise.all([
    takeBrief(world.otherFace, { peek: false }),
    createSomeJorb(world.otherFace, random),
    takeBrief({ ...world.otherFace, store: world.life.store }, { peek: false }),
  ]);
  const { jorbs, ...told } = add(summarize(one), summarize(other));
  const { jorbs: moved, ...expected } = countBetween(world, before.seq, readMark(world).seq);
  expect(told).toEqual(expected);
  expect(jorbs).toBeGreaterThanOrEqual(moved);
  return { jorbs, ...told };
}

async function lookBack(world: World, random: Random): Promise<void> {
  const since = world.clock.now() - random.pick([0, minuteMs, hourMs, 5 * hourMs, 2 * dayMs, 20 * dayMs]);
  const before = world.sql('select * from owner');
  const brief = await world.otherFace.store.lookBack(since, world.clock.now());
  const [{ seq } = {}] = world.sql('select coalesce(max(seq), 0) as seq from audit where at < ?', since);
  expect(summarize(brief)).toEqual(countBetween(world, Number(seq), readNewest(world)));
  expect(world.sql('select * from owner')).toEqual(before);
}

async function doSomething(world: World, random: Random, sequence: () => string): Promise<void> {
  const roll = random.below(100);
  if (roll < 35) await world.settle();
  else if (roll < 60) await someoneWrites(world, random, sequence);
  else if (roll < 80) {
    const { name, run } = random.weigh(ownerOperations);
    try {
      if (name !== 'brief') await world.attempt(() => run(world.owner, random));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  } else if (roll < 96) world.clock.advance(random.pick(jumps));
  else world.clock.advance(-random.pick([minuteMs, hourMs, dayMs]));
}

test.each([1, 2, 3, 4])(
  'briefs tell everything once, and looking back agrees with the rows (seed %i)',
  async (seed) => {
    const random = buildRandom(seed);
    let messages = 0;
    const world = await openWorld({ brain: buildRandomBrain(random, async () => {}) });
    let countdown = 30;
    world.diesAt = () => {
      countdown -= 1;
      if (countdown > 0) return false;
      countdown = 40 + random.below(300);
      return true;
    };
    await createSomeJorb(world.otherFace, random);
    let told: Told | undefined;
    const note = (more: Told | undefined) => {
      if (more) told = told ? add(told, more) : more;
    };
    for (let round = 0; round < 40; round += 1) {
      await doSomething(world, random, () => `message-${messages++}`);
      if (random.chance(0.3)) note(await askOnce(world, random));
      if (random.chance(0.2)) await lookBack(world, random);
    }
    world.diesAt = () => false;
    await resumeEverything(world.otherFace);
    await world.settle();
    note(await askTwice(world, random));
    note(await askOnce(world, random));
    const { jorbs, ...expected } = countBetween(world, 0, readNewest(world));
    expect(told).toMatchObject(expected);
    expect(told?.jorbs).toBeGreaterThanOrEqual(jorbs);
    expect(world.crashes).toBeGreaterThan(0);
    expect(expected.activity.received).toBeGreaterThan(2);
  },
);
