import { Refusal } from '../../domain/refusal.ts';
import { squeeze } from '../../lib/text.ts';
import type { OwnerContext } from './context.ts';
import { readText } from './input.ts';

const longestValue = 500;
/** The gate looks for the value in every text: fewer letters than these are found everywhere. */
const fewestLetters = 3;

/** A private fact that the gate guards. Null removes it. */
export async function setProfileField(
  { store, clock, written }: Pick<OwnerContext, 'store' | 'clock' | 'written'>,
  request: { field: string; value: string | null },
): Promise<void> {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(request.field)) {
    throw new Refusal(
      'invalid',
      'a profile field has a name of small letters, digits and _, such as home_address',
      'field',
    );
  }
  const value = request.value === null ? null : readText(request.value, 'value', longestValue);
  if (value !== null && squeeze(value).length < fewestLetters) {
    throw new Refusal('invalid', `value needs at least ${fewestLetters} letters or digits`, 'value');
  }
  await store.setProfileField(request.field, value, clock.now());
  written();
}
