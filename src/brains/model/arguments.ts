import { toWellFormed } from './conversation.ts';

/** SQLite takes no JSON that is nested a thousand levels deep, and the stack of a process has an end too. */
export const deepest = 100;

/** What a model wrote as arguments; the text itself where it is no JSON to keep. Nothing at all means none. */
export function readArguments(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    const given: unknown = JSON.parse(text);
    return isDeeper(given, deepest) ? text : given;
  } catch {
    return text;
  }
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** More than so many objects and lists within each other. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}

/** Arguments as every wire takes them back: none are an empty object, and half a character breaks some readers. */
export function mendArguments(text: string): string {
  if (text.trim() === '') return '{}';
  const given = /\\u[dD]/.test(text) ? readArguments(text) : text;
  return typeof given === 'object' && given !== null ? JSON.stringify(toWellFormed(given)) : text;
}
