import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { startWorld } from '../../../src/cli/demo/run-world.ts';
import { readWireLog } from '../../../src/cli/demo/wire-log.ts';
import { buildWorld, type Person } from '../../../src/cli/demo/world.ts';
import { buildFakeClock } from '../../support/clock.ts';
import { makeTestFolder } from '../../support/folder.ts';

function find(address: string): Person {
  const person = buildWorld().find((known) => known.address === address);
  if (!person) throw new Error(`nobody is at ${address}`);
  return person;
}

function line(to: string, text: string): string {
  return `${JSON.stringify({ at: '2026-11-20T09:00:00.000Z', to, text, key: text, jorb: 'jorb_1' })}\n`;
}

it('lets Magic answer in five pieces, each within half a second of the last', () => {
  const replies = find('magic').hear('Hello');
  expect(replies).toHaveLength(5);
  const gaps = replies.slice(1).map(({ afterMs }, index) => afterMs - (replies[index]?.afterMs ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(400);
});

it('lets Magic book only when told to', () => {
  const magic = find('magic');
  magic.hear('Hello');
  expect(magic.hear('Thank you, I will come back to you.')).toEqual([]);
  expect(magic.hear('Please book it.')[0]?.text).toContain('confirmation number');
});

it('lets Proper press for a yes and ask for the home address', () => {
  const text = find('hotel-proper').hear('Hello')[0]?.text;
  expect(text).toMatch(/right now/);
  expect(text).toMatch(/home address/);
});

it('hears each line of the wire once and says every answer after its time', () => {
  const clock = buildFakeClock();
  const wireLog = join(makeTestFolder(), 'loopback', 'wire.jsonl');
  const said: string[] = [];
  const world = startWorld({
    people: [{ address: 'magic', hear: (text) => [{ afterMs: 1000, text: `re: ${text}` }] }],
    wireLog,
    clock,
    say: async (from, text) => void said.push(`${from}: ${text}`),
    failed: (error) => {
      throw error;
    },
  });
  clock.advance(500);
  mkdirSync(dirname(wireLog));
  writeFileSync(wireLog, line('magic', 'one') + line('nobody', 'two'));
  clock.advance(500);
  expect(said).toEqual([]);
  appendFileSync(wireLog, line('magic', 'three'));
  clock.advance(1100);
  expect(said).toEqual(['magic: re: one', 'magic: re: three']);
  world.stop();
  expect(clock.nextTimerAt()).toBeUndefined();
});

it('leaves a line that is still being written for later', () => {
  const wireLog = join(makeTestFolder(), 'wire.jsonl');
  expect(readWireLog(wireLog)).toEqual([]);
  writeFileSync(wireLog, `${line('magic', 'one')}{"at":"2026`);
  expect(readWireLog(wireLog).map(({ text }) => text)).toEqual(['one']);
});
