import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of `prompts/` that this folder uses, with the inputs each must ask for. */
const inputs = {
  instructions: [],
  plan_jorb: ['errand'],
  brief_me: [],
  review_approvals: [],
} as const satisfies Record<string, readonly string[]>;

export type PromptName = keyof typeof inputs;
export type Prompts = Record<PromptName, string>;

const placeholder = /\{\{([^{}]*)\}\}/g;

/** Reads them all. Throws, naming the file, when one is missing or does not ask for exactly its inputs. */
export function loadPrompts(packageRoot: string): Prompts {
  return {
    instructions: loadPrompt(packageRoot, 'instructions'),
    plan_jorb: loadPrompt(packageRoot, 'plan_jorb'),
    brief_me: loadPrompt(packageRoot, 'brief_me'),
    review_approvals: loadPrompt(packageRoot, 'review_approvals'),
  };
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

function loadPrompt(packageRoot: string, name: PromptName): string {
  const file = join(packageRoot, 'prompts', `${name}.md`);
  const text = readFileSync(file, 'utf8').trim();
  if (text === '') throw new Error(`${file} is empty`);
  checkPlaceholders(text, inputs[name], file);
  return text;
}
