import { type Id, parseId } from '../../domain/ids.ts';
import { Refusal } from '../../domain/refusal.ts';
import { cleanText, hasInvisible, shorten } from '../../lib/text.ts';

/** Ids come from people and models: a malformed one is refused by name, with one that would be right. */
export function readId<Kind extends string>(kind: Kind, text: string, field: string): Id<Kind> {
  const id = parseId(kind, text.trim());
  if (id) return id;
  const shown = shorten(cleanText(text).replace(/\s+/g, ' '), 40);
  throw new Refusal('invalid', `"${shown}" is not the id of a ${kind}; one looks like ${kind}_47`, field);
}

/** The most that the owner says in one go: an answer, a reason, a message they wrote themselves. */
export const longestText = 4_000;

/** Free text of the owner, trimmed. Refuses what is empty, too long, or not what it seems to be. */
export function readText(text: string, field: string, longest: number = longestText): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new Refusal('invalid', `${field} is empty; it must say something`, field);
  if (trimmed.length > longest) {
    throw new Refusal(
      'invalid',
      `${field} has ${trimmed.length} characters; it may have ${longest} at most`,
      field,
    );
  }
  if (hasInvisible(trimmed.replace(/\r\n/g, '\n')) || !trimmed.isWellFormed()) {
    throw new Refusal(
      'invalid',
      `${field} holds control or invisible characters; write it in plain text`,
      field,
    );
  }
  return trimmed.replace(/\r\n/g, '\n');
}

export function readOptionalText(text: string | null, field: string, longest?: number): string | null {
  return text === null || text.trim() === '' ? null : readText(text, field, longest);
}

const mostListed = 200;

export function readPage(page: { limit: number; offset: number }): { limit: number; offset: number } {
  if (!Number.isInteger(page.limit) || page.limit < 1 || page.limit > mostListed) {
    throw new Refusal('invalid', `limit must be a whole number from 1 to ${mostListed}`, 'limit');
  }
  if (!Number.isSafeInteger(page.offset) || page.offset < 0) {
    throw new Refusal('invalid', 'offset must be a whole number, 0 or more', 'offset');
  }
  return page;
}
