import { memoize } from '../../lib/memoize.ts';

const openFormat = memoize(
  (timeZone) =>
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    }),
);

/** `2026-11-20 09:00Z`, or `2026-11-20 10:00 GMT+1` in a time zone other than UTC (IANA name). */
export function formatInstant(at: number, timeZone = 'UTC'): string {
  if (timeZone === 'UTC') return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}Z`;
  const parts = openFormat(timeZone).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((found) => found.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')} ${part('timeZoneName')}`;
}
