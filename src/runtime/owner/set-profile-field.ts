import { readText, refuseField } from '../../domain/read-fields.ts';
import { squeeze } from '../../lib/text.ts';
import type { OwnerContext } from './context.ts';

const longestValue = 500;
/** A single letter stands in every text, so the gate could not guard it. */
const fewestLetters = 2;

/** A private fact that the gate guards. Null removes it. */
export async function setProfileField(
  { store, clock, written }: Pick<OwnerContext, 'store' | 'clock' | 'written'>,
  request: { field: string; value: string | null },
): Promise<void> {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(request.field)) {
    throw refuseField('field', 'must be small letters, digits and _, such as home_address');
  }
  const value = request.value === null ? null : readText(request.value, 'value', longestValue);
  if (value !== null && squeeze(value).length < fewestLetters) {
    throw refuseField('value', `needs at least ${fewestLetters} letters or digits`);
  }
  await store.setProfileField(request.field, value, clock.now());
  written();
}
