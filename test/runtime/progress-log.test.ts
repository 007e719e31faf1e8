import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildRulesBrain } from '../../src/brains/rules/rules-brain.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../src/lib/duration.ts';
import { createJorb } from '../../src/runtime/owner/create-jorb.ts';
import { hotel } from '../mcp/errand.ts';
import { buildScriptedBrain } from '../support/brains.ts';
import { listKilledBy } from '../support/killed.ts';
import { dieOnce } from '../support/mortality.ts';
import { listWritten, progressFile, queueEntry, readEntries } from '../support/progress.ts';
import { openWorld, type World } from '../support/world.ts';

const open = (progressLog?: (world: string) => string) =>
  openWorld({
    brain: buildScriptedBrain(() => []),
    change: (deps) => (progressLog ? { ...deps, progressLog: progressLog(deps.progressLog) } : deps),
  });

describe('the progress log', () => {
  test('gets each entry once, in their order, and its row says when', async () => {
    const world = await open();
    queueEntry(world, 'one');
    queueEntry(world, 'two');
    await world.settle();
    expect(readEntries(world)).toEqual(['one', 'two']);
    expect(listWritten(world)).toEqual([world.clock.now(), world.clock.now()]);
    expect(await world.tick('progress')).toBe(false);
  });

  test('keeps what its owner wrote into it', async () => {
    const world = await open();
    writeFileSync(progressFile(world), 'My notes, without an end');
    queueEntry(world, 'one');
    await world.settle();
    appendFileSync(progressFile(world), '\r\nMore of mine');
    queueEntry(world, 'two');
    await world.settle();
    expect(readFileSync(progressFile(world), 'utf8')).toBe(
      'My notes, without an end\n\n## Entry one\n\n- of one\n\n<!-- end one -->\n\r\nMore of mine\n\n## Entry two\n\n- of two\n\n<!-- end two -->\n',
    );
  });

  const store = ['claimProgressEntry', 'finishProgressEntry'];
  const calls = store.flatMap((name) => [`before ${name}`, `after ${name}`]);
  test.each([...listKilledBy('progress'), ...calls])(
    'has each entry once when the process dies at %s',
    async (point) => {
      for (const nth of [1, 2]) {
        const world = await open();
        queueEntry(world, 'one');
        queueEntry(world, 'two');
        world.diesAt = dieOnce((each) => each === point, nth);
        await world.settle();
        expect(world.crashes).toBe(1);
        expect(readEntries(world)).toEqual(['one', 'two']);
        expect(readFileSync(progressFile(world), 'utf8').match(/## Entry/g)).toHaveLength(2);
        expect(listWritten(world)).not.toContain(null);
      }
    },
  );

  test('is written again where it was cut off between the file and the row', async () => {
    const world = await open();
    queueEntry(world, 'one');
    world.diesAt = dieOnce((point) => point === 'progress.appended');
    await world.tick('progress');
    truncateSync(progressFile(world), 20);
    await world.settle();
    expect(readFileSync(progressFile(world), 'utf8')).toBe('## Entry one\n\n- of one\n\n<!-- end one -->\n');
  });

  test('is written by nobody who is not the runtime any more', async () => {
    const world = await open();
    const deposed = await world.takeOver();
    queueEntry(world, 'one');
    const stage = deposed.stages.find(({ name }) => name === 'progress');
    await expect(stage?.tick()).rejects.toThrow('epoch');
    expect(existsSync(progressFile(world))).toBe(false);
    await deposed.close();
  });

  test('begins nothing once the process is ending', async () => {
    const world = await open();
    queueEntry(world, 'one');
    world.life.abort.abort();
    expect(await world.tick('progress')).toBe(false);
    expect(existsSync(progressFile(world))).toBe(false);
  });
});

test('a reset ends with its entry in the file', async () => {
  const world = await openWorld({ brain: buildRulesBrain() });
  await createJorb(world.otherFace, hotel);
  await world.settle();
  world.sql('update jorb set prompt_tokens = 20000');
  await world.advance(minuteMs);
  expect(readFileSync(progressFile(world), 'utf8')).toMatch(
    /^## 2026-11-20: Session handoff \(long context\)\n\n### Active Jorbs\n\n\*\*jorb_1 – /,
  );
  expect(listWritten(world)).toHaveLength(1);
});

describe('a progress log that cannot be written', () => {
  const stateOf = (world: World) => world.otherFace.store.readProgress();

  test('is told, tried ever more rarely up to an hour, and has all entries when it can be', async () => {
    const world = await open();
    mkdirSync(progressFile(world));
    const start = world.clock.now();
    queueEntry(world, 'one');
    await world.settle();
    expect(await stateOf(world)).toEqual({ lastAt: null, waiting: 1, error: 'it is a folder' });
    const retryAt = () =>
      Number(world.sql('select available_at from progress_entry where id = 1')[0]?.available_at);
    const waits: number[] = [];
    for (let n = 0; n < 12; n += 1) {
      waits.push(retryAt() - world.clock.now());
      await world.advance(retryAt() - world.clock.now());
    }
    const seconds = [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600];
    expect(waits).toEqual(seconds.map((each) => each * secondMs));
    queueEntry(world, 'two');
    await world.advance(minuteMs);
    expect(await stateOf(world)).toEqual({ lastAt: null, waiting: 2, error: 'it is a folder' });
    rmdirSync(progressFile(world));
    await world.advance(hourMs);
    expect(readEntries(world)).toEqual(['one', 'two']);
    expect(await stateOf(world)).toMatchObject({ waiting: 0, error: null });
    expect(world.clock.now() - start).toBeLessThan(dayMs);
  });

  test('is not made in a folder that is not there', async () => {
    const world = await open((file) => join(file, '..', 'notes', 'log.md'));
    queueEntry(world, 'one');
    await world.settle();
    expect(await stateOf(world)).toMatchObject({ error: 'its folder does not exist' });
    mkdirSync(join(world.dataDir, 'notes'));
    await world.advance(hourMs);
    expect(readFileSync(join(world.dataDir, 'notes', 'log.md'), 'utf8')).toContain('## Entry one');
  });

  test('survives that the process dies before the reason is in the rows', async () => {
    const world = await open();
    mkdirSync(progressFile(world));
    queueEntry(world, 'one');
    world.diesAt = dieOnce((point) => point === 'before postponeProgressEntry');
    await world.settle();
    expect(world.crashes).toBe(1);
    expect(await stateOf(world)).toMatchObject({ waiting: 1, error: 'it is a folder' });
  });
});

const act = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'queue' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('die' as const), after: fc.integer({ min: 1, max: 9 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      words: fc.constantFrom('mine\n', 'no end', '\0', '## Entry 0\n'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: -48, max: 48 }) }),
  },
);

test('whatever dies when, and whatever the owner adds, each entry stands there once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 14 }), async (acts) => {
      const world = await open();
      let queued = 0;
      for (const one of acts) {
        if (one.kind === 'queue') queueEntry(world, String(queued++));
        if (one.kind === 'edit') appendFileSync(progressFile(world), one.words);
        if (one.kind === 'wait') world.clock.set(one.hours * hourMs);
        if (one.kind === 'die') {
          let passes = 0;
          world.diesAt = () => ++passes === one.after;
          await world.tick('progress');
        }
      }
      world.diesAt = () => false;
      while (await world.tick('progress'));
      if (queued > 0) expect(readEntries(world)).toEqual(Array.from({ length: queued }, (_, n) => String(n)));
      expect(listWritten(world)).not.toContain(null);
      await world.close();
    }),
    { numRuns: 15 },
  );
});
