import type { ModelBrain, Prompt } from '../domain/brain.ts';
import type { HandoffDraft } from '../domain/handoff.ts';
import type { JorbId } from '../domain/ids.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { askTwice } from './ask-twice.ts';
import { readHandoff, writeHandoff } from './tools/write-handoff.ts';

/** What is wrong with a draft. Nothing: it is taken, and no other is needed. */
export type OfferDraft = (draft: HandoffDraft) => Promise<string[]>;

/**
 * Asks a model for a handoff as `askTwice` does, and offers each draft until one is taken. Ok with null then; with
 * the last draft where none was right, for code to mend; else with what was wrong, in a line for the owner.
 */
export async function askHandoff(asking: {
  brain: ModelBrain;
  prompt: Prompt;
  jorbId: JorbId;
  offer: OfferDraft;
  signal: AbortSignal;
}): Promise<Result<HandoffDraft | null, string>> {
  const { brain, prompt, jorbId, offer, signal } = asking;
  const drafts: HandoffDraft[] = [];
  const read = async (given: unknown): Promise<Result<null, string>> => {
    const draft = readHandoff(given);
    if (!draft.ok) return draft;
    drafts.push(draft.value);
    const problems = await offer(draft.value);
    return problems.length === 0 ? ok(null) : err(['its handoff is not right', ...problems].join('\n'));
  };
  const question = { prompt, purpose: 'handoff', jorbId } as const;
  const { said } = await askTwice({ brain, question, tool: writeHandoff(), read, signal });
  const last = drafts.at(-1);
  if (said.ok || last === undefined) return said;
  return ok(last);
}
