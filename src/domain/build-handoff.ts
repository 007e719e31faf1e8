import { parseInstant } from '../lib/instant.ts';
import { cutEnd, plural, shorten } from '../lib/text.ts';
import { addressKey } from './contact.ts';
import type { Handoff, HandoffDraft, HandoffGround, HandoffNote } from './handoff.ts';
import { draftLimits } from './handoff-draft.ts';
import { type Phase, waitsForAnswer } from './jorb.ts';
import { cutFirstContactLine } from './policy/first-contact.ts';
import { renderContract } from './render/contract.ts';
import { renderKey } from './render/marked-quote.ts';
import type { PastMessage, TurnContext } from './turn.ts';

/**
 * The handoff of a draft in which nothing is wrong. Promises, approvals and limits are those of the ground,
 * all of them and no other: of the draft only the remarks are taken.
 */
export function buildHandoff(draft: HandoffDraft, ground: HandoffGround): Handoff {
  const remarks = new Map([...draft.promises, ...draft.approvals].map(({ id, remark }) => [id, remark]));
  return {
    status: draft.status,
    done: draft.done,
    openQuestions: draft.openQuestions,
    promises: ground.promises.map(({ id, by, with: whom, text, dueAt }) => ({
      id,
      by,
      with: addressKey(whom),
      text,
      dueAt,
      remark: remarks.get(id) ?? null,
    })),
    approvals: ground.approvals.map(({ id, asked }) => ({ id, asked, remark: remarks.get(id) ?? null })),
    facts: draft.facts,
    decisions: draft.decisions,
    contractVersion: ground.contractVersion,
    limits: renderContract(ground.contract),
    nextSteps: draft.nextSteps.map(({ text, at }) => ({ text, at: at === null ? null : parseInstant(at) })),
    learnings: draft.learnings,
  };
}

/** The same with each of its texts changed. */
export function changeTexts(handoff: Handoff, change: (text: string) => string): Handoff {
  const note = (each: HandoffNote) => ({ ...each, text: change(each.text) });
  const remark = (text: string | null) => (text === null ? null : change(text));
  return {
    ...handoff,
    status: change(handoff.status),
    done: handoff.done.map(note),
    openQuestions: handoff.openQuestions.map(note),
    promises: handoff.promises.map((each) => ({
      ...each,
      text: change(each.text),
      remark: remark(each.remark),
    })),
    approvals: handoff.approvals.map((each) => ({
      ...each,
      asked: change(each.asked),
      remark: remark(each.remark),
    })),
    facts: handoff.facts.map(note),
    decisions: handoff.decisions.map(note),
    nextSteps: handoff.nextSteps.map(({ text, at }) => ({ text: change(text), at })),
    learnings: handoff.learnings.map(change),
  };
}

/** As many messages of one sender are named. */
const mostHeard = 10;

/** A handoff drawn from the rows alone, for who has no model to write it. */
export function drawHandoff(context: TurnContext): HandoffDraft {
  const { jorb, phases, promises, approvals, facts, guidance, handoff } = context;
  const before = handoff?.body;
  return {
    status: cut(`${renderPhase(phases)}${jorb.summary ?? `It is ${jorb.status}.`}`, draftLimits.status),
    done: keepNewest([...(before?.done ?? []), ...listSent(context), ...listHeard(context)]),
    openQuestions: keepNewest(listUnanswered(context)),
    promises: promises.map(({ id }) => ({ id, remark: null })),
    approvals: approvals.flatMap(({ id, status }) => (status === 'pending' ? [{ id, remark: null }] : [])),
    facts: keepNewest(
      facts.map(({ id, key, value, sourceEventId }) => ({
        text: cut(`${key}: ${value}`),
        ids: sourceEventId === null ? [id] : [id, sourceEventId],
      })),
    ),
    decisions: keepNewest([
      ...(before?.decisions ?? []),
      ...approvals.flatMap(({ id, status, answerText }) =>
        status === 'pending'
          ? []
          : [{ text: cut(`${id} was ${status}${answerText === null ? '' : `: ${answerText}`}`), ids: [id] }],
      ),
      ...guidance.map(({ text }) => ({ text: cut(`The owner said: ${text}`), ids: [] })),
    ]),
    nextSteps: listNextSteps(context),
    learnings: keepNewest(before?.learnings ?? []),
  };
}

function renderPhase(phases: readonly Phase[]): string {
  const active = phases.filter(({ status }) => status === 'active').map(({ title }) => title);
  const done = phases.filter(({ status }) => status === 'done').length;
  return active.length === 0 ? '' : `Phase ${done + 1} of ${phases.length}: ${active.join(', ')}. `;
}

function listSent({ actions }: TurnContext): Handoff['done'] {
  return actions.flatMap(({ id, payload, status }) =>
    status === 'done' && payload.kind === 'send_message'
      ? [
          {
            text: begin(`Wrote to ${renderKey(payload.to)}: ${cutFirstContactLine(payload.text)}`),
            ids: [id],
          },
        ]
      : [],
  );
}

/** Who wrote, and how often: what they said is among the facts and the newest messages. */
function listHeard({ transcript, handoff }: TurnContext): Handoff['done'] {
  const heard = transcript.filter(({ direction, at }) => direction === 'in' && at > (handoff?.at ?? 0));
  const ofSender = Map.groupBy(heard, (entry) => renderKey(entry));
  return [...ofSender].map(([key, messages]) => ({
    text: `Heard from ${key}: ${messages.length} ${plural(messages.length, 'message')}`,
    ids: messages.map(({ id }) => id).slice(-mostHeard),
  }));
}

/** The last words to each contact that has not answered them. */
function listUnanswered({ transcript }: TurnContext): Handoff['openQuestions'] {
  const last = new Map<string, PastMessage>();
  for (const entry of transcript) last.set(addressKey(entry), entry);
  return [...last.values()]
    .filter(({ direction, status }) => direction === 'out' && status === 'sent')
    .map((entry) => ({
      text: begin(`No answer yet from ${renderKey(entry)} to: ${cutFirstContactLine(entry.text)}`),
      ids: [entry.id],
    }));
}

function listNextSteps({ jorb, phases, approvals }: TurnContext): HandoffDraft['nextSteps'] {
  const { wakeAt, wakeReason, status, pauseCause } = jorb;
  const pending = phases.filter((phase) => phase.status !== 'done');
  const asked = approvals.filter((approval) => approval.status === 'pending');
  return [
    ...asked.map(({ id }) => ({ text: `The owner answers ${id}`, at: null })),
    ...(status === 'paused' && !waitsForAnswer(pauseCause)
      ? [{ text: 'The owner lets it go on, or steers it', at: null }]
      : []),
    // One that is paused looks at nothing before it goes on.
    ...(wakeAt === null || status !== 'running'
      ? []
      : [
          {
            text: cut(wakeReason === null ? 'Look again' : `Look again: ${wakeReason}`),
            at: new Date(wakeAt).toISOString(),
          },
        ]),
    ...pending.map(({ title }) => ({ text: cut(title), at: null })),
  ].slice(0, draftLimits.items);
}

/** Each once: what the last handoff told may still be among the rows. */
function keepNewest<Item>(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()].slice(-draftLimits.items);
}

/** The first words of a message, which say what it is about. */
function begin(text: string): string {
  return cutEnd(toLine(text, draftLimits.text), draftLimits.text);
}

function cut(text: string, most: number = draftLimits.text): string {
  return shorten(toLine(text, most), most);
}

function toLine(text: string, most: number): string {
  return text
    .slice(0, 4 * most)
    .replace(/\s+/g, ' ')
    .trim();
}
