import type { BrainAnswer, BrainStep } from '../domain/brain.ts';
import type { EffectOutcome } from '../domain/turn.ts';
import { shorten } from '../lib/text.ts';

const concludeNote =
  'Nothing is under way in this errand: no message, question, promise or wake is waited for. ' +
  'Conclude now: send, ask the owner, schedule a wake, complete, fail or pause. Otherwise it is paused.';
const cutNote =
  'Your answer ran into its limit before it did anything. Say it shorter, and call one tool at a time.';
const emptyNote = 'Your answer was empty. Call a tool, or say in words what you wait for.';
const longestReason = 2000;
const longestError = 200;

export type Observed = {
  /** `conclude`: the brain has nothing more to say, so that something must be awaited. */
  next: 'wait' | 'conclude' | 'go_on';
  /** Of a step in which nothing went right, in words for the owner. */
  error: string | null;
  /** What the brain is shown of it if the turn goes on. */
  step: BrainStep;
};

/** What a step came to. It follows from answer and outcomes alone, so that a stored one comes to the same. */
export function observe(
  answer: BrainAnswer,
  outcomes: readonly EffectOutcome[],
  before: readonly BrainStep[],
): Observed {
  const { stop, toolCalls } = answer;
  const results = outcomes.map(({ text, isError }, call) => ({
    callId: toolCalls[call]?.id ?? '',
    text,
    isError,
  }));
  const go = (
    next: Observed['next'],
    { error = null, note = null }: { error?: string | null; note?: string | null } = {},
  ) => ({
    next,
    error,
    step: { answer, results, note },
  });
  if (outcomes.some((outcome) => outcome.endsTurn)) return go('wait');
  if (stop === 'cut' && toolCalls.length === 0) {
    return go('go_on', { error: 'the answer was cut off at its limit', note: cutNote });
  }
  // What is awaited is no reason to take silence for an answer to what has just come in.
  if ([...before.map((each) => each.answer), answer].every(isEmpty)) {
    return go('go_on', { error: 'the model answered nothing', note: emptyNote });
  }
  const wrong = outcomes.findLast((outcome) => outcome.isError);
  if (wrong) return go('go_on', { error: outcomes.every(({ isError }) => isError) ? toError(wrong) : null });
  if (outcomes.some((outcome) => outcome.sends)) return go('wait');
  return toolCalls.length > 0 && stop !== 'end' ? go('go_on') : go('conclude', { note: concludeNote });
}

/** Why a turn that came to no conclusion pauses its jorb, in the brain's last words where it has any. */
export function explainStop(steps: readonly BrainStep[], last: BrainAnswer): string {
  const answers = [...steps.map(({ answer }) => answer), last];
  const words = answers
    .filter(({ toolCalls, stop }) => toolCalls.length === 0 || stop === 'end')
    .findLast(({ reasoning }) => reasoning.trim() !== '');
  return words === undefined
    ? 'the agent ended without saying what to wait for'
    : shorten(words.reasoning.trim(), longestReason);
}

function isEmpty({ toolCalls, reasoning }: BrainAnswer): boolean {
  return toolCalls.length === 0 && reasoning.trim() === '';
}

/** The lines after the first are for the brain alone. */
function toError({ text }: EffectOutcome): string {
  return shorten(text.split('\n')[0]?.replace(/[.\s]+$/, '') ?? '', longestError);
}
