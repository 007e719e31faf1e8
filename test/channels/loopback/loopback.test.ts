import {
  appendFileSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildLoopback } from '../../../src/channels/loopback/loopback.ts';
import type { WireDisk } from '../../../src/channels/loopback/wire-log.ts';
import { buildDelivery, describeChannel } from '../../support/channel-suite.ts';
import { buildFakeClock } from '../../support/clock.ts';
import { makeTestFolder } from '../../support/folder.ts';
import { readWire } from '../../support/oracle.ts';

const clock = buildFakeClock();
const signal = new AbortController().signal;

/** A disk that works until it is told which error to give at which call. */
function buildDisk() {
  const fails: Partial<Record<keyof WireDisk, string>> = {};
  const check = (call: keyof WireDisk) => {
    const code = fails[call];
    if (code) throw Object.assign(new Error(code), { code });
  };
  const disk: WireDisk = {
    write(descriptor, bytes) {
      // A full disk takes what fits.
      if (fails.write === 'SHORT') return writeSync(descriptor, bytes, 0, Math.floor(bytes.length / 2));
      check('write');
      return writeSync(descriptor, bytes);
    },
    sync(descriptor) {
      check('sync');
      fsyncSync(descriptor);
    },
    truncate(descriptor, size) {
      check('truncate');
      ftruncateSync(descriptor, size);
    },
  };
  return { disk, fails };
}

function open(dataDir = makeTestFolder()) {
  const { disk, fails } = buildDisk();
  const adapter = buildLoopback({ dataDir, clock, disk });
  const file = join(dataDir, 'loopback', 'wire.jsonl');
  const send = (key: string, text = 'hello') => adapter.send(buildDelivery('magic', { key, text }), signal);
  return { dataDir, adapter, fails, file, send };
}

describeChannel(() => {
  const { dataDir, adapter, fails } = open();
  return {
    adapter,
    address: 'magic',
    received: () => readWire(dataDir).map(({ to, text }) => ({ to, text })),
    breakWire() {
      fails.write = 'SHORT';
      return () => {
        delete fails.write;
      };
    },
    restart: () => buildLoopback({ dataDir, clock }),
  };
});

test('writes one line of JSON for each message, for nobody else to read', async () => {
  const { file, send } = open();
  await send('a');
  expect(readFileSync(file, 'utf8')).toBe(
    '{"at":"2026-11-20T09:00:00.000Z","to":"magic","text":"hello","key":"a","jorb":"jorb_1"}\n',
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700);
});

test('delivers twice what is handed over twice, so that a double send shows', async () => {
  const { dataDir, send } = open();
  await send('a');
  await send('a');
  expect(readWire(dataDir)).toHaveLength(2);
});

test('proves that a message was sent or not, also in a log that was there before', async () => {
  const { dataDir, adapter, send } = open();
  expect(await adapter.lookup(buildDelivery('magic', { key: 'a' }))).toEqual({ kind: 'not_sent' });
  await send('a', 'ünï'.repeat(40_000));
  await send('b');
  expect(await adapter.lookup(buildDelivery('magic', { key: 'a' }))).toEqual({ kind: 'sent', receipt: 'a' });
  const restarted = open(dataDir);
  expect(await restarted.adapter.lookup(buildDelivery('magic', { key: 'b' }))).toEqual({
    kind: 'sent',
    receipt: 'b',
  });
  expect(await restarted.adapter.lookup(buildDelivery('magic', { key: 'c' }))).toEqual({ kind: 'not_sent' });
  await restarted.send('c');
  expect(await restarted.adapter.lookup(buildDelivery('magic', { key: 'c' }))).toEqual({
    kind: 'sent',
    receipt: 'c',
  });
});

test('does not take a key inside a text for a key', async () => {
  const { adapter, send } = open();
  await send('a', '"key":"b"}\n{"key":"b"}');
  expect(await adapter.lookup(buildDelivery('magic', { key: 'b' }))).toEqual({ kind: 'not_sent' });
});

test.each([1, 30, 70_000])('cuts off what a crash left of a line, %i characters of it', async (length) => {
  const { dataDir, file, send } = open();
  await send('a', 'x'.repeat(70_000));
  await send('b', 'x'.repeat(70_000));
  const whole = statSync(file).size / 2;
  truncateSync(file, whole + length);
  const restarted = open(dataDir);
  expect(await restarted.adapter.lookup(buildDelivery('magic', { key: 'b' }))).toEqual({ kind: 'not_sent' });
  await restarted.send('b');
  await restarted.send('c');
  expect(readWire(dataDir).map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  expect(await restarted.adapter.lookup(buildDelivery('magic', { key: 'b' }))).toEqual({
    kind: 'sent',
    receipt: 'b',
  });
});

test('cuts off a first line that is torn', async () => {
  const { dataDir, file, send } = open();
  mkdirSync(join(file, '..'));
  writeFileSync(file, '{"at":"2026-');
  await send('a');
  expect(readWire(dataDir).map(({ key }) => key)).toEqual(['a']);
});

test('proves nothing from a log with a line it cannot read', async () => {
  const { adapter, file, send } = open();
  await send('a');
  appendFileSync(file, '\n{"at":\n');
  expect(await adapter.lookup(buildDelivery('magic', { key: 'a' }))).toEqual({ kind: 'sent', receipt: 'a' });
  expect(await adapter.lookup(buildDelivery('magic', { key: 'b' }))).toEqual({ kind: 'unknown' });
});

test('goes on in a new log when the old one was taken away', async () => {
  const { dataDir, adapter, file, send } = open();
  await send('a');
  expect(await adapter.lookup(buildDelivery('magic', { key: 'a' }))).toEqual({ kind: 'sent', receipt: 'a' });
  rmSync(join(file, '..'), { recursive: true });
  expect(await send('b')).toEqual({ kind: 'sent', receipt: 'b' });
  expect(readWire(dataDir).map(({ key }) => key)).toEqual(['b']);
  expect(await adapter.lookup(buildDelivery('magic', { key: 'a' }))).toEqual({ kind: 'sent', receipt: 'a' });
});

const undone = 'retry';
test.each<[string, ReturnType<typeof buildDisk>['fails'], string]>([
  ['is full', { write: 'ENOSPC' }, undone],
  ['is full half way', { write: 'SHORT' }, undone],
  ['is over its quota at the sync', { sync: 'EDQUOT' }, 'unknown'],
  ['breaks', { write: 'EIO' }, 'unknown'],
  ['became read-only', { write: 'EROFS' }, 'failed'],
  ['is full half way and cannot be mended', { write: 'SHORT', truncate: 'EIO' }, 'unknown'],
])('says what is proven when the disk %s', async (_, errors, expected) => {
  const { dataDir, adapter, fails, file, send } = open();
  await send('a');
  Object.assign(fails, errors);
  if (expected === 'unknown') fails.sync = errors.sync ?? 'EIO';
  const outcome = await send('b');
  expect(outcome).toMatchObject({ kind: expected, error: expect.stringContaining(file) });
  for (const call of ['write', 'sync', 'truncate'] as const) delete fails[call];
  if (expected === 'unknown') return;
  expect(readWire(dataDir).map(({ key }) => key)).toEqual(['a']);
  expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
  expect(await adapter.lookup(buildDelivery('magic', { key: 'b' }))).toEqual({ kind: 'not_sent' });
});

test('fails for good where no log can be, and does not know what it cannot read', async () => {
  const { dataDir, adapter, send } = open();
  writeFileSync(join(dataDir, 'loopback'), 'in the way');
  expect(await send('a')).toMatchObject({ kind: expect.stringMatching(/retry|failed/) });
  expect(await adapter.lookup(buildDelivery('magic', { key: 'a' }))).toEqual({ kind: 'unknown' });
});
