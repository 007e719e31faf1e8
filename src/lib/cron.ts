/**
 * Calendar expressions that run at most once a day. Loaded when first needed: reading expressions costs a
 * start more than it is worth to most.
 */
import { Cron } from 'croner';
import { minuteMs, secondMs } from './duration.ts';
import { memoize } from './memoize.ts';
import { err, ok, type Result } from './result.ts';
import { readWallTime } from './zone.ts';

/** A day of the month, month or weekday: `*`, `5`, `1,15`, `MON-FRI`, `2-20/3`, `1-9/2`. */
const item = String.raw`(?:\*|[a-z]{3}|\d{1,2})(?:-(?:[a-z]{3}|\d{1,2}))?(?:/\d{1,2})?`;
const list = new RegExp(`^${item}(?:,${item})*$`, 'i');
const number = /^\d{1,2}$/;

const fields: { name: string; right: string; pattern: RegExp }[] = [
  { name: 'minute', right: 'one number from 0 to 59', pattern: number },
  { name: 'hour', right: 'one number from 0 to 23', pattern: number },
  { name: 'day of the month', right: '* or days from 1 to 31 such as 1,15', pattern: list },
  { name: 'month', right: '* or months from 1 to 12 such as 1-6', pattern: list },
  { name: 'day of the week', right: '* or days from 0 (Sunday) to 6 such as 1-5', pattern: list },
];

/**
 * Five fields; the first two are one number each, so that no local day has two runs, whatever its clocks do.
 * Of what croner reads besides, the names of months and weekdays are taken; nicknames (`@daily`), seconds,
 * years and the letters L, W and # are not. Gives the expression in its plain form, or what is wrong with it.
 */
export function parseCron(text: string): Result<string, string> {
  const words = text.trim().split(/\s+/);
  if (words.length !== fields.length) {
    return err(`it has ${words.length === 1 ? 'one field' : `${words.length} fields`}`);
  }
  for (const [position, { name, right, pattern }] of fields.entries()) {
    const word = words[position] ?? '';
    const alone = fields.map((_, other) => (other === position ? word : '*')).join(' ');
    if (!pattern.test(word) || !isRead(alone)) return err(`its ${name} must be ${right}`);
  }
  const cron = words.join(' ');
  return findNextRun(cron, 'UTC', 0) === null ? err('there is no such day') : ok(cron);
}

function isRead(cron: string): boolean {
  try {
    return new Cron(cron, { mode: '5-part', paused: true }) !== undefined;
  } catch {
    return false;
  }
}

/** Zone and expression are one key: neither holds a line feed. */
const open = memoize((key) => {
  const [timezone = '', cron = ''] = key.split('\n');
  return new Cron(cron, { mode: '5-part', paused: true, timezone });
});

/**
 * The first run after that instant, or null when there is none. A time that is skipped when clocks go
 * forward runs right after the gap, unless that is another day; one that comes twice runs the first time.
 */
export function findNextRun(cron: string, timeZone: string, after: number): number | null {
  return open(`${timeZone}\n${cron}`).nextRun(new Date(after))?.getTime() ?? null;
}

/** The newest run after the one instant and not after the other. Takes as long for years as for a day. */
export function findLastRun(cron: string, timeZone: string, after: number, until: number): number | null {
  const beyond = (Math.floor(until / secondMs) + 1) * secondMs;
  const [last] = open(`${timeZone}\n${cron}`).previousRuns(1, new Date(beyond));
  return last !== undefined && last.getTime() > after ? last.getTime() : null;
}

/** What a clock on the wall there shows: `2026-11-20T08:00`. */
export function formatSlot(at: number, timeZone: string): string {
  const { year, month, day, minutes } = readWallTime(at, timeZone);
  const wall = Date.UTC(year, month - 1, day) + minutes * minuteMs;
  return new Date(wall).toISOString().slice(0, 16);
}
