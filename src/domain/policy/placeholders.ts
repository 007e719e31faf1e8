import { err, ok, type Result } from '../../lib/result.ts';
import type { ProfileField } from '../gate.ts';

const placeholder = /\{\{\s*([^{}]{0,64}?)\s*\}\}/g;

/**
 * Puts the owner's values where a text names their fields, as in `{{home_address}}`. Values are not
 * read again for placeholders. The error is a sentence that names the fields there are, never a value.
 * `spell` writes a value as the text needs it.
 */
export function fillPlaceholders(
  text: string,
  profile: readonly ProfileField[],
  spell: (value: string) => string = (value) => value,
): Result<string, string> {
  const values = new Map(profile.map(({ field, value }) => [field, value]));
  const unknown = Array.from(text.matchAll(placeholder), ([, field = '']) => field).find(
    (field) => !values.has(field),
  );
  if (unknown !== undefined) {
    const known = [...values.keys()].map((field) => `{{${field}}}`).join(', ') || 'none';
    return err(`the text has a placeholder for a field the owner has not set; known are: ${known}`);
  }
  return ok(text.replace(placeholder, (_, field: string) => spell(values.get(field) ?? '')));
}

export function hasPlaceholder(text: string): boolean {
  return text.includes('{{') && text.includes('}}');
}
