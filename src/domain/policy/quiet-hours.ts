import { findInstant, readWallTime } from '../../lib/zone.ts';
import type { Contract } from '../contract.ts';

/**
 * When a message that is ready at `at` may leave: at once, or when the quiet hours it falls into end.
 * `from` is the first quiet minute, `to` the first that is not. Equal ends mean no quiet hours.
 */
export function computeAvailableAt(quietHours: Contract['quietHours'], at: number): number {
  if (quietHours === null) return at;
  const from = readMinutes(quietHours.from);
  const to = readMinutes(quietHours.to);
  const local = readWallTime(at, quietHours.timeZone);
  if (!isQuiet(local.minutes, from, to)) return at;
  const day = from > to && local.minutes >= from ? local.day + 1 : local.day;
  return findInstant({ ...local, day, minutes: to }, quietHours.timeZone);
}

function isQuiet(minutes: number, from: number, to: number): boolean {
  return from <= to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
}

function readMinutes(clockTime: string): number {
  const [hours = '0', minutes = '0'] = clockTime.split(':');
  return Number(hours) * 60 + Number(minutes);
}
