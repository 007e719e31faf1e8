import { answersFor } from '../../../src/domain/approval.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { dayMs, hourMs, minuteMs } from '../../../src/lib/duration.ts';
import { answerApproval } from '../../../src/runtime/owner/answer-approval.ts';
import { createJorb } from '../../../src/runtime/owner/create-jorb.ts';
import { setJorbStatus } from '../../../src/runtime/owner/set-jorb-status.ts';
import { takeBrief } from '../../../src/runtime/owner/take-brief.ts';
import { buildRandom, type Random } from '../../support/random.ts';
import { openWorld, type World } from '../../support/world.ts';
import { asks, buildMonthBrain } from './month-brain.ts';

/** Berlin, from a Monday in winter time: clocks go forward on the twenty-first day. */
export const timeZone = 'Europe/Berlin';
export const start = Date.UTC(2027, 2, 8, 8, 0, 0);
export const days = 34;
export const jorbs = 40;
export const messages = 5000;
/** Nobody writes and the owner is away: longer than a reset waits. */
const quiet = { from: start + 13 * dayMs, to: start + 19 * dayMs };
const outages = [5, 11, 24].map((day) => ({
  from: start + day * dayMs + 3 * hourMs,
  to: start + day * dayMs + 9 * hourMs,
}));
const lastMessageAt = start + (days - 1) * dayMs;

type Happening = { at: number; run: () => Promise<void> };

export type Month = {
  world: World;
  /** The audit entry that each brief ended at, and what it said came in. */
  briefs: { seq: number; received: number; completed: number }[];
  acknowledged: string[];
};

/** Everything that happens in it follows from the seed. */
export async function runMonth(seed: number): Promise<Month> {
  const random = buildRandom(seed);
  const world: World = await openWorld({
    brain: buildMonthBrain({
      random,
      isDown: () => outages.some(({ from, to }) => from <= world.clock.now() && world.clock.now() < to),
    }),
    model: {},
    debounceMs: 30_000,
    change: (deps) => ({
      ...deps,
      timeZone: () => timeZone,
      digestCron: '0 8 * * *',
      sendsEmptyDigests: true,
      contextReset: { days: 3, tokens: 1_000_000 },
    }),
  });
  const month: Month = { world, briefs: [], acknowledged: [] };
  world.clock.advance(start - world.clock.now());
  dieNowAndThen(world, random);
  for (const { at, run } of plan(month, random)) {
    const rest = at - world.clock.now();
    if (rest > 0) await world.advance(rest);
    await run();
  }
  await world.advance(start + days * dayMs - world.clock.now());
  world.diesAt = () => false;
  await world.settle();
  await brief(month);
  return month;
}

function plan(month: Month, random: Random): Happening[] {
  const { world } = month;
  const happenings: Happening[] = [];
  const put = (at: number, run: Happening['run']) => happenings.push({ at, run });
  for (let n = 0; n < jorbs; n++) put(start + n * 50 * minuteMs, () => create(world, n));
  for (let written = 0; written < messages; ) {
    const burst = Math.min(4 + random.below(17), messages - written);
    written += burst;
    put(pickTime(random), () => write(month, random, burst));
  }
  for (let day = 0; day < days; day++) {
    const at = start + day * dayMs;
    if (at < quiet.from || at >= quiet.to) {
      put(at + random.below(10) * hourMs, () => decide(world, random));
      put(at + random.below(12) * hourMs, () => brief(month));
    }
    if (random.chance(0.4)) put(at + random.below(24) * hourMs, () => world.crash());
    // The machine sleeps through the night, and with it what the calendar says.
    if (random.chance(0.15)) put(at + 15 * hourMs, async () => world.clock.advance(14 * hourMs));
  }
  return happenings.sort((a, b) => a.at - b.at);
}

function pickTime(random: Random): number {
  const at = start + 12 * hourMs + random.below(lastMessageAt - start - 12 * hourMs);
  return at >= quiet.from && at < quiet.to ? pickTime(random) : at;
}

async function create({ otherFace }: World, n: number): Promise<void> {
  const contacts = ['a', 'b'].map((letter) => ({
    ...{ name: `Contact ${letter}${n}`, channel: 'loopback', address: `${letter}${n}` },
  }));
  const deadline = n % 3 === 0 ? new Date(start + (20 + n / 3) * dayMs).toISOString() : null;
  await createJorb(otherFace, {
    name: `Errand ${n}`,
    plan: 'Ask both for a room, and book the better one.',
    contacts,
    contract: { deadline, budget: n % 2 === 0 ? '200.00' : null },
  });
}

/** A contact writes some messages in a row; the last of them asks for something. */
async function write({ world, acknowledged }: Month, random: Random, burst: number): Promise<void> {
  const from = `${random.pick(['a', 'b'])}${random.below(jorbs)}`;
  for (let count = 1; count <= burst; count++) {
    const externalId = `letter-${acknowledged.length}`;
    const text = count < burst ? `Letter ${acknowledged.length}.` : compose(world, random);
    await world.receive({ externalId, from, text });
    acknowledged.push(externalId);
    world.clock.advance(random.below(5) * 1000);
  }
}

function compose({ clock }: World, random: Random): string {
  const nearEnd = clock.now() > start + 25 * dayMs;
  if (nearEnd && random.chance(0.05)) return `${asks.done} ${random.below(1e6)}.`;
  const due = new Date(clock.now() + (1 + random.below(15 * 24)) * hourMs).toISOString();
  return random.weigh([
    { weight: 8, text: `${asks.promise} ${due}` },
    { weight: 5, text: `${asks.offer} $${100 + random.below(200)} a night.` },
    { weight: 1, text: asks.decide },
    { weight: 2, text: asks.book },
    { weight: 6, text: `Nothing new, ${random.below(1e6)}.` },
  ]).text;
}

/** The owner answers what waits and lets go on what was paused; some of it waits for another day. */
async function decide({ otherFace }: World, random: Random): Promise<void> {
  const { store } = otherFace;
  for (const { id, hash, action } of await store.listPendingApprovals({ jorbId: null, limit: 200 })) {
    if (random.chance(0.2)) continue;
    const kind = answersFor[action.payload.kind][0];
    const answer = kind === 'answer' ? { kind, text: 'The first one.' } : { kind: 'accept' as const };
    await unlessRefused(() =>
      answerApproval(otherFace, { id, hash, answer: answer as { kind: 'accept' }, confirmedBy: 'terminal' }),
    );
  }
  const { jorbs: paused } = await store.listJorbs({ statuses: ['paused'], limit: 100, offset: 0 });
  for (const { id, pauseCause } of paused) {
    if (pauseCause === 'approval' || pauseCause === 'question') continue;
    await unlessRefused(() => setJorbStatus(otherFace, { id, command: 'resume', reason: null }));
  }
}

async function unlessRefused(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

/** From whichever process: the mark is in the rows. */
async function brief({ world, briefs }: Month): Promise<void> {
  const owner = briefs.length % 2 === 0 ? world.otherFace : world.owner;
  const taken = await world.attempt(() => takeBrief(owner, { peek: false }));
  if (!taken) return brief({ world, briefs, acknowledged: [] });
  const [row] = world.sql('select brief_seq from owner');
  const { received, completed } = taken.activity;
  briefs.push({ seq: Number(row?.brief_seq), received, completed });
}

function dieNowAndThen(world: World, random: Random): void {
  let countdown = 500;
  world.diesAt = () => {
    countdown -= 1;
    if (countdown > 0) return false;
    countdown = 500 + random.below(4000);
    return true;
  };
}
