import { memoize } from '../../../lib/memoize.ts';

/** Month, day and time of the owner's clock, with the year where it is not this one. */
export type When = (at: number) => string;

const openFormat = memoize(
  (timeZone) =>
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }),
);

const dateFormat = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  weekday: 'long',
  year: 'numeric',
  month: 'long',
  day: 'numeric',
});

/** `Nov 20, 08:55`, or `Jan 2 2027, 08:55` in another year than that of `date`. */
export function buildWhen(date: string, timeZone: string): When {
  const format = openFormat(timeZone);
  // The same times are written again where a page has to be made shorter.
  const written = memoize((at) => {
    const parts = new Map(format.formatToParts(Number(at)).map(({ type, value }) => [type, value]));
    const year = parts.get('year') ?? '';
    const day = `${parts.get('month')} ${parts.get('day')}${date.startsWith(year) ? '' : ` ${year}`}`;
    return `${day}, ${parts.get('hour')}:${parts.get('minute')}`;
  });
  return (at) => written(String(at));
}

/** `Friday, November 20, 2026` of `2026-11-20`. */
export function formatDate(date: string): string {
  return dateFormat.format(Date.parse(`${date}T00:00:00Z`));
}
