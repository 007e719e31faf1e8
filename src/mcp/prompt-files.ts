import { loadPrompt } from '../lib/prompt-files.ts';

/** The files of `prompts/` that this folder uses, with the inputs each must ask for. */
const inputs = {
  instructions: [],
  plan_jorb: ['errand'],
  brief_me: [],
  review_approvals: [],
} as const satisfies Record<string, readonly string[]>;

export type PromptName = keyof typeof inputs;
export type Prompts = Record<PromptName, string>;

/** Reads them all. Throws, naming the file, when one is missing or does not ask for exactly its inputs. */
export function loadPrompts(packageRoot: string): Prompts {
  const load = (name: PromptName) => loadPrompt(packageRoot, name, inputs[name]);
  return {
    instructions: load('instructions'),
    plan_jorb: load('plan_jorb'),
    brief_me: load('brief_me'),
    review_approvals: load('review_approvals'),
  };
}
