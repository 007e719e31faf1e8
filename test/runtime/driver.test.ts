import { expect, test } from 'vitest';
import { StaleEpoch } from '../../src/domain/fence.ts';
import { type Driver, startDriver } from '../../src/runtime/driver.ts';
import type { Stage } from '../../src/runtime/stage.ts';
import { buildFakeClock, testEpoch } from '../support/clock.ts';
import { settle } from '../support/event-loop.ts';
import { buildTestLog } from '../support/log.ts';

/** A stage that does what waits in its queue, and counts how often it was asked. */
function buildQueue(name: string, work: (item: string) => Promise<void> | void = () => {}) {
  const waiting: string[] = [];
  const done: string[] = [];
  const counts = { ticks: 0, atOnce: 0, mostAtOnce: 0 };
  const stage: Stage = {
    name,
    async tick() {
      counts.ticks += 1;
      const item = waiting.shift();
      if (item === undefined) return false;
      counts.atOnce += 1;
      counts.mostAtOnce = Math.max(counts.mostAtOnce, counts.atOnce);
      try {
        await work(item);
        done.push(item);
      } finally {
        counts.atOnce -= 1;
      }
      return true;
    },
  };
  return { stage, waiting, done, counts };
}

function build(stages: Stage[], width: Record<string, number> = {}, clock = buildFakeClock()) {
  const { log, lines } = buildTestLog();
  const abort = new AbortController();
  const rows = {
    dueAt: undefined as number | undefined,
    version: 1,
    queries: 0,
    error: undefined as unknown,
  };
  const calls = { changed: 0, deposed: 0 };
  const driver: Driver = startDriver({
    stages,
    store: {
      async getNextDueAt() {
        rows.queries += 1;
        if (rows.error) throw rows.error;
        return rows.dueAt;
      },
      readDataVersion: () => rows.version,
    },
    fence: { epoch: 1 },
    clock,
    log,
    staleMs: 1,
    abort,
    width,
    changed: () => void calls.changed++,
    deposed: () => void calls.deposed++,
  });
  return { clock, driver, rows, calls, abort, lines };
}

/** Time passes in small steps, and everything that it makes run has run. */
async function pass(clock: { advance(ms: number): void }, ms: number, stepMs = 50): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) {
    clock.advance(Math.min(stepMs, left));
    await settle();
  }
}

test('ticks a stage until it finds nothing more', async () => {
  const queue = buildQueue('inbox');
  queue.waiting.push('a', 'b', 'c');
  build([queue.stage]);
  await settle();
  expect(queue.done).toEqual(['a', 'b', 'c']);
});

test('wakes every other stage after one did something', async () => {
  const second = buildQueue('second');
  const first = buildQueue('first', (item) => void second.waiting.push(`${item}!`));
  const { driver } = build([second.stage, first.stage]);
  await settle();
  first.waiting.push('a');
  driver.wake();
  await settle();
  expect(second.done).toEqual(['a!']);
});

test('does not lose a wake that comes while a tick is finding nothing', async () => {
  const answers: ((found: boolean) => void)[] = [];
  const { driver } = build([
    { name: 'inbox', tick: () => new Promise<boolean>((resolve) => answers.push(resolve)) },
  ]);
  await settle();
  driver.wake();
  await settle();
  expect(answers).toHaveLength(1);
  answers[0]?.(false);
  await settle();
  expect(answers).toHaveLength(2);
});

test('asks nothing of an idle stage between polls', async () => {
  const queue = buildQueue('inbox');
  const { clock, rows } = build([queue.stage]);
  await settle();
  const before = { ticks: queue.counts.ticks, queries: rows.queries };
  await pass(clock, 3_600_000, 60_000);
  expect({ ticks: queue.counts.ticks, queries: rows.queries }).toEqual(before);
});

test('wakes at the time of the earliest row that falls due', async () => {
  const queue = buildQueue('inbox');
  const { clock, driver, rows } = build([queue.stage]);
  rows.dueAt = testEpoch + 100;
  driver.wake();
  await settle();
  queue.waiting.push('a');
  clock.advance(99);
  await settle();
  expect(queue.done).toEqual([]);
  clock.advance(1);
  await settle();
  expect(queue.done).toEqual(['a']);
});

test('does not spin on what is due and cannot move', async () => {
  const queue = buildQueue('inbox');
  const { clock, driver, rows } = build([queue.stage]);
  rows.dueAt = testEpoch - 1;
  driver.wake();
  await settle();
  const before = queue.counts.ticks;
  await pass(clock, 10_000);
  expect(queue.counts.ticks - before).toBeGreaterThanOrEqual(9);
  expect(queue.counts.ticks - before).toBeLessThanOrEqual(20);
});

test('takes up at once what fell due between the last look of its lanes and its own', async () => {
  const queue = buildQueue('inbox');
  const { clock, driver, rows } = build([queue.stage]);
  await settle();
  driver.wake();
  // The lane has looked by now, the driver looks for what is next in a moment.
  rows.dueAt = clock.now() + 1;
  queue.waiting.push('a');
  clock.advance(2);
  await settle();
  clock.advance(0);
  await settle();
  expect(queue.done).toEqual(['a']);
});

test('notices at the next poll what another process wrote', async () => {
  const queue = buildQueue('inbox');
  const { clock, rows, calls } = build([queue.stage]);
  await settle();
  queue.waiting.push('a');
  rows.version += 1;
  clock.advance(250);
  await settle();
  expect(queue.done).toEqual(['a']);
  expect(calls.changed).toBe(2);
});

test('notices at the next poll that the clock was set forward', async () => {
  const queue = buildQueue('inbox');
  const { clock, driver, rows } = build([queue.stage]);
  let offset = 0;
  const { now } = clock;
  clock.now = () => now() + offset;
  rows.dueAt = testEpoch + 3_600_000;
  driver.wake();
  await settle();
  queue.waiting.push('a');
  offset = 7_200_000;
  clock.advance(250);
  await settle();
  expect(queue.done).toEqual(['a']);
});

test('notices at the next poll that the clock was set back', async () => {
  const queue = buildQueue('inbox');
  const { clock, rows } = build([queue.stage]);
  await settle();
  queue.waiting.push('a');
  clock.set(-86_400_000);
  // What is due next is computed anew, by the time that it is now.
  rows.dueAt = testEpoch - 86_400_000 + 1000;
  clock.advance(250);
  await settle();
  expect(queue.done).toEqual(['a']);
  queue.waiting.push('b');
  clock.advance(749);
  await settle();
  expect(queue.done).toEqual(['a']);
  clock.advance(1);
  await settle();
  expect(queue.done).toEqual(['a', 'b']);
});

test('lets a stage that failed rest no longer because the clock was set back', async () => {
  let attempts = 0;
  const failing: Stage = {
    name: 'outbox',
    async tick() {
      attempts += 1;
      throw new Error('no');
    },
  };
  const { clock } = build([failing]);
  await settle();
  clock.set(-86_400_000);
  await pass(clock, 1000);
  expect(attempts).toBe(2);
});

test('runs as many ticks of a wide stage at once as it may', async () => {
  let finish = () => {};
  const held = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const wide = buildQueue('turns', () => held);
  const narrow = buildQueue('outbox', () => held);
  wide.waiting.push(...'abcdef');
  narrow.waiting.push(...'ab');
  build([wide.stage, narrow.stage], { turns: 4 });
  await settle();
  expect([wide.counts.mostAtOnce, narrow.counts.mostAtOnce]).toEqual([4, 1]);
  finish();
  await settle();
  expect([wide.done.length, narrow.done.length, wide.counts.mostAtOnce]).toEqual([6, 2, 4]);
});

test('goes on with the other stages while one waits for a long tick', async () => {
  const slow = buildQueue('turns', () => new Promise(() => {}));
  slow.waiting.push('a');
  const other = buildQueue('outbox');
  const { clock } = build([slow.stage, other.stage], { turns: 4 });
  await settle();
  other.waiting.push('queued by the turn');
  clock.advance(250);
  await settle();
  expect(other.done).toEqual(['queued by the turn']);
});

test('lets a stage that fails rest for 1 s, then 2, up to a minute, and goes on with the others', async () => {
  const attempts: number[] = [];
  const clock = buildFakeClock();
  const failing: Stage = {
    name: 'outbox',
    async tick() {
      attempts.push((clock.now() - testEpoch) / 1000);
      throw new Error('no');
    },
  };
  const other = buildQueue('inbox');
  const { driver, lines } = build([failing, other.stage], {}, clock);
  await settle();
  other.waiting.push('a');
  driver.wake();
  await pass(clock, 200_000, 250);
  expect(attempts).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
  expect(other.done).toEqual(['a']);
  expect(lines.filter((line) => line.msg === 'a stage failed')).toHaveLength(9);
  driver.wake();
  await settle();
  expect(attempts).toHaveLength(9);
});

test('forgets earlier failures once a stage did something', async () => {
  let fails = true;
  let attempts = 0;
  const { clock } = build([
    {
      name: 'outbox',
      async tick() {
        attempts += 1;
        if (fails) throw new Error('no');
        fails = attempts % 2 === 0;
        return true;
      },
    },
  ]);
  await settle();
  await pass(clock, 7000);
  expect(attempts).toBe(4);
  fails = false;
  await pass(clock, 8000);
  const before = attempts;
  await pass(clock, 1000);
  expect(attempts).toBeGreaterThan(before);
});

test('stops by itself and says so once when the epoch was raised', async () => {
  const stale = () => Promise.reject(new StaleEpoch('over'));
  const other = buildQueue('inbox');
  const { calls, abort, driver, clock } = build([
    { name: 'outbox', tick: stale },
    { name: 'turns', tick: stale },
    other.stage,
  ]);
  await settle();
  expect([calls.deposed, abort.signal.aborted]).toEqual([1, true]);
  other.waiting.push('a');
  driver.wake();
  await pass(clock, 5000);
  expect(other.done).toEqual([]);
});

test('stops when the epoch is found raised while it looks for what is due', async () => {
  const { calls, driver, rows } = build([buildQueue('inbox').stage]);
  await settle();
  rows.error = new StaleEpoch('over');
  driver.wake();
  await settle();
  expect(calls.deposed).toBe(1);
});

test('tries again, ever more slowly, while the store cannot be read', async () => {
  const { clock, driver, rows, lines } = build([buildQueue('inbox').stage]);
  await settle();
  rows.error = new Error('disk');
  driver.wake();
  await settle();
  await pass(clock, 120_000, 250);
  expect(lines.filter((line) => line.msg === 'the store cannot be read').length).toBeLessThan(10);
});

test('stop waits for what is under way and begins nothing more', async () => {
  let finish = () => {};
  const queue = buildQueue(
    'turns',
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  queue.waiting.push('a', 'b');
  const { driver, abort } = build([queue.stage]);
  await settle();
  let isStopped = false;
  const stopping = driver.stop().then(() => {
    isStopped = true;
  });
  await settle();
  expect([abort.signal.aborted, isStopped]).toEqual([true, false]);
  finish();
  await stopping;
  driver.wake();
  await settle();
  expect(queue.done).toEqual(['a']);
});

test('stop is quiet about what the end of the process broke', async () => {
  const { driver, lines, abort } = build([
    {
      name: 'turns',
      tick: () =>
        new Promise((_, reject) => abortOf().addEventListener('abort', () => reject(new Error('cut')))),
    },
  ]);
  const abortOf = () => abort.signal;
  await driver.stop();
  expect(lines).toEqual([]);
});
