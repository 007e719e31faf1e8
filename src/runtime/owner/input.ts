import { type Id, parseId } from '../../domain/ids.ts';
import { quote, readText, refuseField } from '../../domain/read-fields.ts';
import { Refusal } from '../../domain/refusal.ts';

/** Ids come from people and models: a malformed one is refused by name, with one that would be right. */
export function readId<Kind extends string>(kind: Kind, text: string, field: string): Id<Kind> {
  const id = parseId(kind, text.trim());
  if (id) return id;
  const noun = /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
  throw new Refusal('invalid', `${quote(text)} is not the id of ${noun}; one looks like ${kind}_47`, field);
}

/** The most that the owner says in one go: an answer, a reason, a message they wrote themselves. */
export const longestText = 4_000;

export function readOptionalText(text: string | null, field: string): string | null {
  return text === null || text.trim() === '' ? null : readText(text, field, longestText);
}

const mostListed = 200;

export function readPage(page: { limit: number; offset: number }): { limit: number; offset: number } {
  if (!Number.isInteger(page.limit) || page.limit < 1 || page.limit > mostListed) {
    throw refuseField('limit', `must be a whole number from 1 to ${mostListed}, not ${page.limit}`);
  }
  if (!Number.isSafeInteger(page.offset) || page.offset < 0) {
    throw refuseField('offset', `must be a whole number, 0 or more, not ${page.offset}`);
  }
  return page;
}
