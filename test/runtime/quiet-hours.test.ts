import { expect, test } from 'vitest';
import type { Contract } from '../../src/domain/contract.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { resumeEverything } from '../../src/runtime/owner/resume-everything.ts';
import { stopEverything } from '../../src/runtime/owner/stop-everything.ts';
import { buildQueueBrain, sendMessage } from '../support/brains.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld, type World } from '../support/world.ts';

type QuietHours = NonNullable<Contract['quietHours']>;

const night = (timeZone: string, from = '22:00', to = '07:30'): QuietHours => ({ from, to, timeZone });
const at = (text: string) => Date.parse(text);

/** A jorb whose first message is written at that time. */
async function openAt(time: number, quietHours: QuietHours): Promise<World> {
  const brain = buildQueueBrain();
  brain.say(sendMessage({ text: 'Is a room free?' }));
  const world = await openWorld({ brain });
  await world.advance(time - world.clock.now());
  const contract = { ...buildNewJorb().contract, quietHours };
  await world.otherFace.store.createJorb(buildNewJorb({ contract }), time);
  return world;
}

/** Of the errand: schedules have times of their own. */
function nextDueAt({ sql, life, clock }: World): Promise<number | undefined> {
  sql('update schedule set next_at = null');
  return life.store.getNextDueAt(life.fence, { staleMs: 365 * dayMs }, clock.now());
}

const sentAt = ({ wire }: World) => wire.lines.map((line) => line.at);
const iso = (text: string) => new Date(at(text)).toISOString();

test.each([
  ['a plain night', night('America/New_York'), '2026-12-01T23:10:00-05:00', '2026-12-02T07:30:00-05:00'],
  ['after midnight', night('America/New_York'), '2026-12-02T00:00:00-05:00', '2026-12-02T07:30:00-05:00'],
  [
    'clocks go forward, north',
    night('America/New_York'),
    '2027-03-13T23:00:00-05:00',
    '2027-03-14T07:30:00-04:00',
  ],
  [
    'clocks go forward at the end',
    night('Europe/Berlin', '22:00', '02:30'),
    '2027-03-28T01:00:00+01:00',
    '2027-03-28T03:30:00+02:00',
  ],
  [
    'clocks go back, south',
    night('Australia/Sydney'),
    '2027-04-03T23:00:00+11:00',
    '2027-04-04T07:30:00+10:00',
  ],
  [
    'an end that comes twice, south',
    night('Australia/Sydney', '22:00', '02:30'),
    '2027-04-03T23:00:00+11:00',
    '2027-04-04T02:30:00+10:00',
  ],
  [
    'clocks go forward, south',
    night('America/Santiago'),
    '2027-09-04T23:00:00-04:00',
    '2027-09-05T07:30:00-03:00',
  ],
  [
    'a midnight that is skipped',
    night('America/Santiago', '20:00', '00:00'),
    '2027-09-04T22:00:00-04:00',
    '2027-09-05T01:00:00-03:00',
  ],
  [
    'half an hour of summer time',
    night('Australia/Lord_Howe'),
    '2027-04-03T23:00:00+11:00',
    '2027-04-04T07:30:00+10:30',
  ],
  ['a zone a quarter off', night('Asia/Kathmandu'), '2026-12-01T23:00:00+05:45', '2026-12-02T07:30:00+05:45'],
])(
  '%s: what is written in quiet hours leaves at their end and not before',
  async (_, quiet, written, end) => {
    const world = await openAt(at(written), quiet);
    await world.settle();
    expect(await nextDueAt(world)).toBe(at(end));
    await world.advance(at(end) - at(written) - 1);
    expect(sentAt(world)).toEqual([]);
    await world.advance(1);
    expect(sentAt(world)).toEqual([iso(end)]);
  },
);

test('what was written before them and refused by the wire waits for their end, over a restart', async () => {
  const quiet = night('America/New_York');
  const world = await openAt(at('2026-12-01T21:59:58-05:00'), quiet);
  world.wire.fault = () => 'refuses';
  await world.settle();
  world.wire.fault = () => undefined;
  await world.advance(hourMs);
  await world.crash();
  await world.settle();
  expect(sentAt(world)).toEqual([]);
  expect(await nextDueAt(world)).toBe(at('2026-12-02T07:30:00-05:00'));
  await world.advance(10 * hourMs);
  expect(sentAt(world)).toEqual([iso('2026-12-02T07:30:00-05:00')]);
});

test('what a crash left unsure and the wire did not take waits for their end, too', async () => {
  const world = await openAt(at('2026-12-01T21:59:00-05:00'), night('America/New_York'));
  world.diesAt = (point) => point === 'wire.before';
  await world.tick('turns');
  world.clock.advance(2 * minuteMs);
  const { diesAt } = world;
  world.diesAt = (point) => {
    if (!diesAt(point)) return false;
    world.diesAt = () => false;
    return true;
  };
  await world.settle();
  expect(sentAt(world)).toEqual([]);
  await world.advance(10 * hourMs);
  expect(sentAt(world)).toEqual([iso('2026-12-02T07:30:00-05:00')]);
});

test('a machine that sleeps through their end sends once when it wakes', async () => {
  const world = await openAt(at('2026-12-01T23:00:00-05:00'), night('America/New_York'));
  await world.settle();
  world.clock.advance(13 * hourMs);
  await world.settle();
  expect(sentAt(world)).toEqual([iso('2026-12-02T12:00:00-05:00')]);
});

test('what a stop held until they had begun waits for their end', async () => {
  const world = await openAt(at('2026-12-01T21:30:00-05:00'), night('America/New_York'));
  await world.tick('turns');
  await stopEverything(world.otherFace, { reason: null });
  await world.advance(hourMs);
  await resumeEverything(world.otherFace);
  await world.settle();
  expect(sentAt(world)).toEqual([]);
  expect(await nextDueAt(world)).toBe(at('2026-12-02T07:30:00-05:00'));
});

test('a clock that goes back a day holds what was to leave until that day’s quiet hours end, and sends it once', async () => {
  const world = await openAt(at('2026-12-01T23:00:00-05:00'), night('America/New_York'));
  await world.settle();
  world.clock.advance(-dayMs);
  await world.advance(2 * dayMs);
  expect(sentAt(world)).toEqual([iso('2026-12-01T07:30:00-05:00')]);
});
