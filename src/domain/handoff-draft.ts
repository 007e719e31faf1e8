import { parseInstant } from '../lib/instant.ts';
import { shorten } from '../lib/text.ts';
import type { HandoffDraft, HandoffGround, HandoffNote } from './handoff.ts';

/** The most a draft may hold: characters of a text, lines of a list, ids of a line, remarks of a kind. */
export const draftLimits = { status: 600, text: 300, items: 12, ids: 12, remarks: 60 } as const;

/** `event_12` where it stands for itself. */
const mention = /(?<![\p{L}\p{N}_])(event|outbox|fact|promise|approval|action)_(\d+)(?![\p{L}\p{N}_])/gu;
const mostProblems = 20;

const noteLists = ['done', 'openQuestions', 'facts', 'decisions'] as const;
const lists = [...noteLists, 'nextSteps', 'learnings'] as const;

/** What the model's tool calls these. */
const names: Record<(typeof lists)[number], string> = {
  done: 'done',
  openQuestions: 'open_questions',
  facts: 'facts',
  decisions: 'decisions',
  nextSteps: 'next_steps',
  learnings: 'learnings',
};

/** What is wrong with a draft, each in a sentence that tells the brain how to mend it. */
export function checkDraft(draft: HandoffDraft, ground: HandoffGround): string[] {
  const problems = [
    ...checkMentioned('promise', draft.promises, ground.promises),
    ...checkMentioned('approval', draft.approvals, ground.approvals),
    ...checkIds(draft, ground),
    ...checkTimes(draft),
    ...checkSizes(draft),
  ];
  const more = problems.length - mostProblems;
  return more > 0 ? [...problems.slice(0, mostProblems), `and ${more} more like these`] : problems;
}

type Remark = HandoffDraft['promises'][number];

/** Every open one has its line, and nothing else has. */
function checkMentioned(
  noun: 'promise' | 'approval',
  remarks: readonly Remark[],
  open: readonly { id: string }[],
): string[] {
  const given = new Set(remarks.map(({ id }) => id));
  const ids = new Set(open.map(({ id }) => id));
  const state = noun === 'promise' ? 'open' : 'pending';
  return [
    ...open
      .filter(({ id }) => !given.has(id))
      .map(({ id }) => `${id} is ${state} and ${noun}s does not list it`),
    ...[...given].filter((id) => !ids.has(id)).map((id) => `${quote(id)} in ${noun}s is no ${state} ${noun}`),
  ];
}

/** Of what is too much anyway no more is looked up: each id is a question to the rows. */
function checkIds(draft: HandoffDraft, { knows }: HandoffGround): string[] {
  const { items, ids: mostIds, status: longest } = draftLimits;
  const listed = noteLists.flatMap((name) =>
    draft[name]
      .slice(0, items)
      .flatMap(({ ids }) => ids.slice(0, mostIds).map((id) => [names[name], id] as const)),
  );
  const said = listTexts(draft).flatMap(({ name, text }) =>
    Array.from(text.slice(0, 2 * longest).matchAll(mention), ([id]) => [name, id] as const),
  );
  const unknown = [...listed, ...said].filter(([, id]) => !knows(id));
  return [
    ...new Set(unknown.map(([name, id]) => `${name} names ${quote(id)}, and this jorb has no such id`)),
  ];
}

function checkTimes({ nextSteps }: HandoffDraft): string[] {
  return nextSteps.flatMap(({ at }) =>
    at === null || parseInstant(at) !== null
      ? []
      : [`next_steps: ${quote(at)} is not an instant such as 2026-11-21T09:00:00Z`],
  );
}

function checkSizes(draft: HandoffDraft): string[] {
  const { status, text: longest, items, ids, remarks } = draftLimits;
  const tooMany = lists.filter((name) => draft[name].length > items);
  const tooManyRemarks = (['promises', 'approvals'] as const).filter((name) => draft[name].length > remarks);
  const tooLong = listTexts(draft).filter(
    ({ name, text }) => !fits(text, name === 'status' ? status : longest),
  );
  const tooManyIds = noteLists.filter((name) => draft[name].some((note) => note.ids.length > ids));
  return [
    ...(draft.status.trim() === '' ? ['status is empty'] : []),
    ...tooMany.map((name) => `${names[name]} holds ${draft[name].length} lines, and ${items} are the most`),
    ...tooManyRemarks.map((name) => `${name} holds ${draft[name].length} lines, and ${remarks} are the most`),
    ...[...new Set(tooLong.map(({ name }) => name))].map(
      (name) => `${name}: a text may have ${name === 'status' ? status : longest} characters at most`,
    ),
    ...tooManyIds.map((name) => `${names[name]}: a line may name ${ids} ids at most`),
  ];
}

/** The same draft with nothing wrong in it but what is missing: unknown ids are taken out, and the words stay. */
export function repairDraft(draft: HandoffDraft, ground: HandoffGround): HandoffDraft {
  const { items, ids: mostIds } = draftLimits;
  const mend = (text: string, most: number = draftLimits.text) => mendText(text, most, ground);
  const mendNotes = (notes: readonly HandoffNote[]) =>
    notes
      .slice(0, items)
      .map(({ text, ids }) => ({
        text: mend(text),
        ids: [...new Set(ids.slice(0, 4 * mostIds))].filter((id) => ground.knows(id)).slice(0, mostIds),
      }))
      .filter(({ text }) => text !== '');
  const mendRemarks = (remarks: readonly Remark[], open: readonly { id: string }[]) => {
    const known = new Set(open.map(({ id }) => id));
    const kept = remarks.filter(({ id }) => known.has(id)).slice(0, draftLimits.remarks);
    return kept.map(({ id, remark }) => ({ id, remark: remark === null ? null : mend(remark) || null }));
  };
  return {
    status: mend(draft.status, draftLimits.status),
    done: mendNotes(draft.done),
    openQuestions: mendNotes(draft.openQuestions),
    promises: mendRemarks(draft.promises, ground.promises),
    approvals: mendRemarks(draft.approvals, ground.approvals),
    facts: mendNotes(draft.facts),
    decisions: mendNotes(draft.decisions),
    nextSteps: draft.nextSteps
      .slice(0, items)
      .map(({ text, at }) => ({ text: mend(text), at: at === null || parseInstant(at) === null ? null : at }))
      .filter(({ text }) => text !== ''),
    learnings: draft.learnings
      .slice(0, items)
      .map((text) => mend(text))
      .filter((text) => text !== ''),
  };
}

/** `event_99` as `event_?` where there is no such event: the words around it may still be worth something. */
function mendText(text: string, most: number, { knows }: HandoffGround): string {
  const near = fits(text, most * 4) ? text : `${text.slice(0, most * 4)}…`;
  const mend = (words: string) =>
    words.replace(mention, (id, kind: string, _, at: number) =>
      // A cut may have left the half of one, which is the name of another.
      knows(id) && words[at + id.length] !== '…' ? id : `${kind}_?`,
    );
  return mend(shorten(mend(near).toWellFormed().trim(), most));
}

function fits(text: string, most: number): boolean {
  return text.length <= most || (text.length <= 2 * most && [...text].length <= most);
}

/** Of as many lines as a list may have. */
function listTexts(draft: HandoffDraft): { name: string; text: string }[] {
  const { items, remarks: mostRemarks } = draftLimits;
  const name = (text: string, of: string) => ({ name: of, text });
  const remarks = (['promises', 'approvals'] as const).flatMap((of) =>
    draft[of].slice(0, mostRemarks).map(({ remark }) => name(remark ?? '', of)),
  );
  return [
    name(draft.status, 'status'),
    ...noteLists.flatMap((of) => draft[of].slice(0, items).map(({ text }) => name(text, names[of]))),
    ...remarks,
    ...draft.nextSteps.slice(0, items).map(({ text }) => name(text, names.nextSteps)),
    ...draft.learnings.slice(0, items).map((text) => name(text, names.learnings)),
  ];
}

function quote(id: string): string {
  return JSON.stringify(shorten(id.slice(0, 200), 40));
}
