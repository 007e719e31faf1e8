import { z } from 'zod';
import type { ToolSpec } from '../../domain/brain.ts';
import type { HandoffDraft } from '../../domain/handoff.ts';
import { draftLimits } from '../../domain/handoff-draft.ts';
import { lazy } from '../../lib/lazy.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { formatIssues, toToolSpec } from './define-tool.ts';

type Bounds = { [Name in keyof typeof draftLimits]: number };

/** Read without bounds: what is too long is cut where nothing better comes. */
const unbounded: Bounds = {
  status: Number.MAX_SAFE_INTEGER,
  text: Number.MAX_SAFE_INTEGER,
  items: Number.MAX_SAFE_INTEGER,
  ids: Number.MAX_SAFE_INTEGER,
  remarks: Number.MAX_SAFE_INTEGER,
};
const longestId = 40;

function buildSchema(most: Bounds) {
  const text = z.string().max(most.text);
  const id = z.string().max(most === unbounded ? unbounded.text : longestId);
  const notes = z
    .array(
      z.strictObject({
        text,
        ids: z.array(id).max(most.ids).describe('What it rests on, such as "event_12"; empty for nothing'),
      }),
    )
    .max(most.items);
  const remarks = (noun: string) =>
    z
      .array(z.strictObject({ id, remark: text.nullable().describe('What to know of it; null for nothing') }))
      .max(most.remarks)
      .describe(`Every ${noun} that the state lists, by its id, and no other`);
  return z.strictObject({
    status: z.string().max(most.status).describe('Where the errand stands, in two or three sentences'),
    done: notes.describe('What was done, with what proves it; say "unproven" where nothing does'),
    open_questions: notes.describe('What was asked of whom and when, and is not answered'),
    promises: remarks('open promise'),
    approvals: remarks('pending approval'),
    facts: notes.describe('Offers, prices with currency, dates with year, references, names'),
    decisions: notes.describe('What was decided or ruled out, by whom and why; the owner word for word'),
    next_steps: z
      .array(
        z.strictObject({
          text,
          at: z
            .string()
            .max(most === unbounded ? unbounded.text : longestId)
            .nullable()
            .describe('When, ISO 8601 with an offset: 2026-11-21T09:00:00Z; null for no certain time'),
        }),
      )
      .max(most.items)
      .describe('In order'),
    learnings: z.array(text).max(most.items).describe('What works with these contacts and what does not'),
  });
}

const openReadable = lazy(() => buildSchema(unbounded));

/** The only tool for a handoff. What it writes is a draft: code checks it, and draws from the rows what binds. */
export const writeHandoff: () => ToolSpec = lazy(() =>
  toToolSpec({
    name: 'write_handoff',
    description:
      'Writes the handoff of this errand for your next context, which knows only what stands in it.',
    schema: buildSchema(draftLimits),
  }),
);

/** The draft as it was written; or a line that says why there is none, and one that helps to mend it. Never throws, whatever it is given. */
export function readHandoff(given: unknown): Result<HandoffDraft, string> {
  const parsed = openReadable().safeParse(given);
  if (!parsed.success) return err(`its handoff cannot be read\n${formatIssues(parsed.error)}`);
  const { open_questions: openQuestions, next_steps: nextSteps, ...rest } = parsed.data;
  return ok({ ...rest, openQuestions, nextSteps });
}
