import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const placeholder = /\{\{([^{}]*)\}\}/g;

/**
 * The text of `prompts/<name>.md`. Throws, naming the file, when it is missing or empty or does not ask for
 * exactly its inputs.
 */
export function loadPrompt(packageRoot: string, name: string, inputs: readonly string[]): string {
  const file = join(packageRoot, 'prompts', `${name}.md`);
  const text = readFileSync(file, 'utf8').trim();
  if (text === '') throw new Error(`${file} is empty`);
  checkPlaceholders(text, inputs, file);
  return text;
}

/** What was given is put in as it is, braces and all: only the file's own placeholders are replaced. */
export function fillPrompt(template: string, values: Record<string, string>): string {
  return template.replace(placeholder, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the prompt asks for {{${name}}}, and nothing was given for it`);
    return value;
  });
}

/** Throws when the text does not ask for exactly these inputs. `file` is for the message. */
export function checkPlaceholders(text: string, wanted: readonly string[], file: string): void {
  const found = new Set(Array.from(text.matchAll(placeholder), (match) => match[1] ?? ''));
  const missing = wanted.filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(`${file} does not use its input {{${missing.join('}}, {{')}}}`);
  const unknown = [...found].filter((name) => !wanted.includes(name));
  if (unknown.length > 0)
    throw new Error(`${file} asks for {{${unknown.join('}}, {{')}}}, which nobody gives`);
}
