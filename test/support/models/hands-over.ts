import type { Mind } from './mind.ts';

/** Writes a handoff from nothing but the words of the prompt: every promise and question that it lists, and what was heard. */
export const handsOver: Mind = ({ input }) => {
  const state = input.at(-1) ?? '';
  const all = input.join('\n\n');
  const list = (pattern: RegExp, text: string) => [
    ...new Set(Array.from(text.matchAll(pattern), ([, id = '']) => id)),
  ];
  const facts = Array.from(
    all.matchAll(/^> \[(fact_\d+)\] (.+?) \(.*?\): (.*)$/gm),
    ([, id = '', key, value]) => ({
      text: `${key}: ${value}`,
      ids: [id],
    }),
  );
  const remarks = (ids: string[]) => ids.map((id) => ({ id, remark: null }));
  const given = {
    status: 'The errand is under way.',
    done: list(/^\[(event_\d+)\] from/gm, all)
      .slice(-12)
      .map((id) => ({ text: `They wrote ${id}.`, ids: [id] })),
    open_questions: [],
    promises: remarks(list(/^> \[(promise_\d+)\]/gm, state)),
    approvals: remarks(list(/^\[(approval_\d+)\] pending/gm, state)),
    facts: facts.slice(-12),
    decisions: [],
    next_steps: [{ text: 'Wait for their answer.', at: null }],
    learnings: ['They answer in English.'],
  };
  return { text: 'I hand over.', calls: [{ name: 'write_handoff', arguments: given }] };
};
