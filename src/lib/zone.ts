import { dayMs, minuteMs } from './duration.ts';

/** A wall clock's reading in some zone. `month` counts from 1, `minutes` from midnight. */
export type WallTime = { year: number; month: number; day: number; minutes: number };

/** The zone's canonical IANA name, or undefined when there is no such zone. */
export function findTimeZone(name: string): string | undefined {
  if (name.length > 64 || /^[+-]/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** What a clock on the wall there shows at that instant, seconds left out. Throws on an unknown zone. */
export function readWallTime(instant: number, timeZone: string): WallTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? Number.NaN;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    minutes: part('hour') * 60 + part('minute'),
  };
}

/** The date there, as a number of days: the next day has the next number. */
export function readDayNumber(instant: number, timeZone: string): number {
  const { year, month, day } = readWallTime(instant, timeZone);
  return Date.UTC(year, month - 1, day) / dayMs;
}

/**
 * The instant at which that clock shows that time; a day or minute past its range counts on. A time
 * that comes twice when clocks go back is its second coming; one that is skipped when they go forward
 * is read with the offset from before, so it falls after the gap.
 */
export function findInstant({ year, month, day, minutes }: WallTime, timeZone: string): number {
  const asUtc = Date.UTC(year, month - 1, day, 0, minutes);
  const offsets = [readOffset(asUtc - dayMs, timeZone), readOffset(asUtc + dayMs, timeZone)];
  const candidates = offsets.map((offset) => asUtc - offset);
  const real = candidates.filter((instant) => instant + readOffset(instant, timeZone) === asUtc);
  return Math.max(...(real.length > 0 ? real : candidates));
}

function readOffset(instant: number, timeZone: string): number {
  const { year, month, day, minutes } = readWallTime(instant, timeZone);
  return Date.UTC(year, month - 1, day, 0, minutes) - Math.floor(instant / minuteMs) * minuteMs;
}
