import type { z } from 'zod';
import { cleanText, shorten } from '../lib/text.ts';

type Issue = z.core.$ZodIssue;

/**
 * One sentence for a person or a model: the field, what is wrong with it and what would be right. What
 * was given is not repeated, since it may be long or somebody's words. `fields` are those the tool has.
 * The error must come from a parse with `reportInput`.
 */
export function describeInvalidInput(error: z.ZodError, tool: string, fields: readonly string[]): string {
  const first = error.issues[0];
  if (first === undefined) return `the arguments of ${tool} are not valid`;
  const issue = findDeepest(first);
  if (issue.code === 'unrecognized_keys') return describeUnknown(issue, tool, fields);
  return `${formatPath(issue.path) || `the argument of ${tool}`} ${describe(issue)}`;
}

/** `contacts[1].address`. */
function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((written, part) => {
    if (typeof part === 'number') return `${written}[${part}]`;
    const name = showName(String(part));
    return written === '' ? name : `${written}.${name}`;
  }, '');
}

function describeUnknown(
  issue: Extract<Issue, { code: 'unrecognized_keys' }>,
  tool: string,
  fields: readonly string[],
): string {
  const where = formatPath(issue.path);
  const unknown = `${showName(issue.keys[0] ?? '')} is not a field of ${where || tool}`;
  return where === '' ? `${unknown}; it has ${fields.join(', ') || 'none'}` : unknown;
}

function describe(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${isMissing(issue) ? 'is missing; it ' : ''}must be ${typeName(issue.expected)}`;
    case 'invalid_value':
      return `${isMissing(issue) ? 'is missing; it ' : ''}must be ${oneOf(issue.values)}`;
    case 'invalid_format':
      return formats[issue.format] ?? lowerFirst(issue.message);
    case 'too_big':
      return describeBound('at most', issue.maximum, issue.origin);
    case 'too_small':
      return issue.minimum === 1 && issue.origin === 'string'
        ? 'is empty; it must say something'
        : describeBound('at least', issue.minimum, issue.origin);
    case 'invalid_union':
      return describeUnion(issue);
    default:
      return lowerFirst(issue.message);
  }
}

const formats: Record<string, string> = {
  datetime: 'must be a date and time with its zone, such as 2026-11-20T09:00:00Z',
  date: 'must be a date such as 2026-11-20',
};

/** True only of issues made with `reportInput`. */
function isMissing(issue: Issue): boolean {
  return 'input' in issue && issue.input === undefined;
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** In a union, what came may come close to one of its forms: then that form says what is wrong, and where. */
function findDeepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flat().map(findDeepest);
  const deepest = inner.reduce<Issue | undefined>(
    (best, other) => (other.path.length > (best?.path.length ?? 0) ? other : best),
    undefined,
  );
  return deepest ? { ...deepest, path: [...issue.path, ...deepest.path] } : issue;
}

function describeUnion(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const forms = issue.errors.flatMap((branch) => {
    const first = branch[0];
    if (first?.code === 'invalid_type') return [typeName(first.expected)];
    return first?.code === 'invalid_value' ? [oneOf(first.values)] : [];
  });
  return forms.length > 0 ? `must be ${[...new Set(forms)].join(' or ')}` : 'has none of the allowed forms';
}

function typeName(expected: string): string {
  switch (expected) {
    case 'int':
      return 'a whole number';
    case 'array':
      return 'a list';
    case 'object':
    case 'record':
      return 'an object';
    case 'boolean':
      return 'true or false';
    default:
      return `a ${expected}`;
  }
}

function describeBound(side: 'at most' | 'at least', value: number | bigint, origin: string): string {
  const things: Record<string, string> = { string: 'characters', array: 'items' };
  const thing = things[origin];
  return thing === undefined ? `must be ${side} ${value}` : `must have ${side} ${value} ${thing}`;
}

function showName(name: string): string {
  return shorten(cleanText(name).replace(/\s+/g, ' '), 40);
}
