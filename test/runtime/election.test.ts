import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isLocked, type Lock, tryLock } from '../../src/db/lock.ts';
import { seekLock } from '../../src/runtime/election.ts';
import { buildFakeClock } from '../support/clock.ts';
import { makeTestFolder } from '../support/folder.ts';
import { buildTestLog } from '../support/log.ts';

function stand(file: string, { isWatched = false } = {}) {
  const clock = buildFakeClock();
  const gained: Lock[] = [];
  const { log, lines } = buildTestLog();
  const election = seekLock(file, {
    clock,
    log,
    isWatched: () => isWatched,
    gained: (lock) => void gained.push(lock),
  });
  onTestFinished(() => {
    election.stop();
    for (const lock of gained) lock.release();
  });
  return { election, gained, lines, clock };
}

const makeFile = () => join(makeTestFolder(), 'runtime.lock');

test('gives the lock to one, at once, and to the next when it is released', () => {
  const file = makeFile();
  const first = stand(file);
  const second = stand(file);
  expect([first.gained.length, second.gained.length]).toEqual([1, 0]);
  second.clock.advance(10_000);
  expect(second.gained).toHaveLength(0);
  first.gained[0]?.release();
  second.clock.advance(200);
  expect(second.gained).toHaveLength(1);
});

test('hurries when the holder was seen to go', () => {
  const file = makeFile();
  const first = stand(file);
  const second = stand(file);
  second.election.hurry();
  expect(second.gained).toHaveLength(0);
  first.gained[0]?.release();
  second.clock.advance(10);
  expect(second.gained).toHaveLength(1);
});

test('tries seldom while the going of the holder would be noticed', () => {
  const file = makeFile();
  const first = stand(file);
  const second = stand(file, { isWatched: true });
  first.gained[0]?.release();
  second.clock.advance(999);
  expect(second.gained).toHaveLength(0);
  second.clock.advance(1);
  expect(second.gained).toHaveLength(1);
});

test('hurries only for a moment', () => {
  const file = makeFile();
  const first = stand(file);
  const second = stand(file);
  second.election.hurry();
  second.clock.advance(110);
  first.gained[0]?.release();
  second.clock.advance(10);
  expect(second.gained).toHaveLength(0);
  second.clock.advance(190);
  expect(second.gained).toHaveLength(1);
});

test('takes nothing after it stopped', () => {
  const file = makeFile();
  const first = stand(file);
  const second = stand(file);
  second.election.stop();
  second.election.stop();
  first.gained[0]?.release();
  second.clock.advance(10_000);
  second.election.hurry();
  expect([second.gained.length, second.clock.nextTimerAt()]).toEqual([0, undefined]);
});

test('releases once, however often it is said', () => {
  const file = makeFile();
  const lock = tryLock(file);
  lock?.release();
  lock?.release();
  expect(isLocked(file)).toBe(false);
});

test('asks who holds it without taking it', () => {
  const file = makeFile();
  expect([isLocked(file), isLocked(file)]).toEqual([false, false]);
  const { gained } = stand(file);
  expect([isLocked(file), gained.length]).toEqual([true, 1]);
  expect(stand(file).gained).toHaveLength(0);
});

test('keeps the lock file to its owner', () => {
  const file = makeFile();
  stand(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('says what is wrong with a file that cannot be locked, once, and goes on trying', () => {
  const file = makeFile();
  writeFileSync(file, 'this is not a lock file '.repeat(100));
  const { clock, gained, lines } = stand(file);
  clock.advance(2000);
  expect(lines.map((line) => (line.err as { message: string }).message)).toEqual([
    `${file} is not the lock file it should be; move it away`,
  ]);
  writeFileSync(file, '');
  clock.advance(200);
  expect(gained).toHaveLength(1);
});

test('names a lock file that cannot be opened', () => {
  const file = join(makeTestFolder(), 'no', 'folder', 'runtime.lock');
  expect(() => tryLock(file)).toThrow(/runtime\.lock cannot be locked \(.+\); make the data folder writable/);
});
