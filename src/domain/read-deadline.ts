import { dayMs } from '../lib/duration.ts';
import { findInstant } from '../lib/zone.ts';
import { quote, refuseField } from './read-fields.ts';

const furthestMs = 366 * dayMs;
const form =
  /^(\d{4})-(\d{2})-(\d{2})(?:T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d))?$/;

/** An instant with its offset, or a day, which ends at its midnight in the owner's zone. Not past, at most a year off. */
export function readDeadline(
  text: string,
  field: string,
  { timeZone, now }: { timeZone: string; now: number },
): number {
  const at = readMoment(text, field, { timeZone, day: 'end' });
  if (at <= now)
    throw refuseField(field, `is ${quote(text)}, which is in the past; it must be in the future`);
  if (at > now + furthestMs)
    throw refuseField(field, `is ${quote(text)}, which is more than a year away; a year is the most`);
  return at;
}

/** The beginning of what is looked back to: an instant with its offset, or a day. Not in the future, at most a year back. */
export function readSince(
  text: string,
  field: string,
  { timeZone, now }: { timeZone: string; now: number },
): number {
  const at = readMoment(text, field, { timeZone, day: 'begin' });
  if (at > now) throw refuseField(field, `is ${quote(text)}, which is in the future; it must be in the past`);
  if (at < now - furthestMs)
    throw refuseField(field, `is ${quote(text)}, which is more than a year ago; a year is the most`);
  return at;
}

/** A day begins or ends at a midnight in the owner's zone. */
function readMoment(
  text: string,
  field: string,
  { timeZone, day: edge }: { timeZone: string; day: 'begin' | 'end' },
): number {
  const match = form.exec(text.trim());
  const [, year = '', month = '', day = '', hour, minute, second = '00', offset] = match ?? [];
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  if (!match || !isDate(date)) {
    throw refuseField(
      field,
      `must be a date such as 2026-11-22 or a time with its offset such as 2026-11-22T18:00:00Z, not ${quote(text)}`,
    );
  }
  return offset === undefined
    ? findInstant({ ...date, day: date.day + (edge === 'end' ? 1 : 0), minutes: 0 }, timeZone)
    : Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
}

function isDate({ year, month, day }: { year: number; month: number; day: number }): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 2000;
}
