import type { KeptDigest } from '../../domain/digest.ts';
import { Refusal } from '../../domain/refusal.ts';
import { formatInstant } from '../../domain/render/instant.ts';
import type { OwnerContext } from './context.ts';

/** The word for the newest, where a date is asked for. */
export const latestDigest = 'latest';

/** The digest of a date, or the newest. Rejects with `Refusal` when there is none, and says what there is instead. */
export async function readDigest(
  context: Pick<OwnerContext, 'store' | 'timeZone'>,
  date: string,
): Promise<KeptDigest> {
  const { store } = context;
  if (date !== latestDigest && !isDate(date)) {
    throw new Refusal(
      'invalid',
      `${JSON.stringify(date)} is not a date such as 2026-11-20, or ${latestDigest}`,
      'date',
    );
  }
  const digest = await store.readDigest(date === latestDigest ? null : date);
  if (digest) return digest;
  const newest = await store.readDigest(null);
  throw new Refusal(
    'not_found',
    newest
      ? `there is no digest of ${date}; the newest is of ${newest.date}`
      : `there is no digest yet; ${await sayWhenDue(context)}`,
    'date',
  );
}

async function sayWhenDue({ store, timeZone }: Pick<OwnerContext, 'store' | 'timeZone'>): Promise<string> {
  const schedule = (await store.listSchedules()).find(({ name }) => name === 'digest');
  if (schedule === undefined) return 'the first one is due once jorbs runs';
  const { nextAt } = schedule;
  return nextAt === null
    ? 'they are switched off (DIGEST_CRON)'
    : `the next one is due ${formatInstant(nextAt, timeZone())}, if there is something to tell`;
}

/** Of the calendar: not the 30th of February. */
function isDate(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
