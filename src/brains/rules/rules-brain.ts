import type { Brain, BrainAnswer, BrainRequest, BrainStep } from '../../domain/brain.ts';
import type { EventId } from '../../domain/ids.ts';
import type { TurnContext } from '../../domain/turn.ts';
import { canonicalJson, type Json } from '../../lib/canonical.ts';
import { shorten } from '../../lib/text.ts';
import { type Call, callPause } from './calls.ts';
import { decide } from './decide.ts';
import type { Decided } from './decided.ts';
import { advancePhases } from './phases.ts';
import { formDenial } from './replies.ts';
import { readState, type State } from './state.ts';
import { takeIn } from './take-in.ts';

type Move = {
  calls: Call[];
  because: string[];
  basedOn: EventId[];
  confidence: number;
  stop: BrainAnswer['stop'];
};

/**
 * The built-in brain: deterministic, without memory, key or network. It derives everything from the turn's
 * context, so a turn that is asked again is answered the same.
 */
export function buildRulesBrain(): Brain {
  return {
    name: 'rules',
    async step(request, signal) {
      signal.throwIfAborted();
      return toAnswer(request, move(request));
    },
  };
}

function move({ context, steps }: BrainRequest): Move {
  const state = readState(context);
  return steps.length === 0 ? begin(state) : goOn(state, steps);
}

/** Everything in one answer, unless the gate's word on something private is needed before it is decided how to go on. */
function begin(state: State): Move {
  const taken = takeIn(state);
  const { store, say, tell, ask, because, basedOn } = taken;
  if (tell.length > 0) {
    return { calls: [...store, ...say, ...tell], because, basedOn, confidence: 0.9, stop: 'tools' };
  }
  const decided = decide(state);
  const phases = advancePhases(state.context.phases, decided.reached);
  // A question to the owner ends the turn, so it comes instead of what was decided.
  const last = ask.length > 0 ? ask : decided.calls;
  return {
    calls: [...store, ...phases, ...say, ...last],
    because: ask.length > 0 ? because : [...because, ...decided.because],
    basedOn: [...basedOn, ...decided.basedOn],
    confidence: ask.length > 0 ? 0.7 : decided.confidence,
    stop: 'end',
  };
}

function goOn(state: State, steps: readonly BrainStep[]): Move {
  const last = steps.at(-1);
  const refused = (last?.answer.toolCalls ?? []).flatMap(({ id, name, arguments: given }) => {
    const result = last?.results.find(({ callId }) => callId === id);
    return result?.isError ? [{ name, given: given as Call['arguments'], text: result.text }] : [];
  });
  const told = refused.filter(({ given }) => given.consequence === 'share_info');
  const failed = refused.filter(
    ({ given, name }) =>
      given.consequence !== 'share_info' && !['advance_phase', 'store_data'].includes(name),
  );
  if (failed.length > 0) return explainFailure(state, failed);
  const denials = told.flatMap(({ given }) => {
    const contact = state.contacts.find(({ key }) => key === given.to);
    return contact ? [formDenial(state, contact, { text: String(given.text), basedOn: null })] : [];
  });
  const because = told.map(
    ({ text }) => `The gate refused to tell it: ${text}. I say so politely and go on.`,
  );
  if (steps.length > 1) return end(denials, because);
  const decided = takeUp(state, decide(state));
  return {
    ...decided,
    calls: [...denials, ...decided.calls],
    because: [...because, ...decided.because],
    basedOn: [...state.context.newMessages.map(({ eventId }) => eventId), ...decided.basedOn],
  };
}

/** What is decided after the gate had its word on something private. */
function takeUp(state: State, decided: Decided): Move {
  const { ask } = takeIn(state);
  const phases = advancePhases(state.context.phases, decided.reached);
  const { because, basedOn, confidence } = decided;
  return {
    calls: [...phases, ...(ask.length > 0 ? ask : decided.calls)],
    because: ask.length > 0 ? [] : because,
    basedOn,
    confidence,
    stop: 'end',
  };
}

/** The owner sees what could not be done. */
function explainFailure(
  state: State,
  failed: readonly { name: string; given: Call['arguments']; text: string }[],
): Move {
  const reasons = failed.map(({ name, given, text }) =>
    name === 'send_message'
      ? `The message to ${String(given.to)} was not let through: ${text}.`
      : `${name} failed: ${text}.`,
  );
  const reason = reasons.join(' ');
  const isHopeless = failed.some(({ name }) => name === 'pause');
  return isHopeless || state.context.jorb.status !== 'running'
    ? end([], [reason])
    : { calls: [callPause(reason)], because: [reason], basedOn: [], confidence: 0.5, stop: 'end' };
}

function end(calls: Call[], because: string[]): Move {
  return {
    calls,
    because: because.length > 0 ? because : ['Nothing is left to do in this turn.'],
    basedOn: [],
    confidence: 0.9,
    stop: 'end',
  };
}

function toAnswer(
  { context, steps }: BrainRequest,
  { calls, because, basedOn, confidence, stop }: Move,
): BrainAnswer {
  const done = new Set(steps.flatMap(({ answer }) => answer.toolCalls).map(fingerprint));
  const fresh = calls.filter((call) => !done.has(fingerprint(call)) || call.name === 'advance_phase');
  return {
    items: [],
    reasoning: shorten(because.join(' ') || explainTriggers(context), 4000),
    confidence,
    basedOn: [...new Set(basedOn)].slice(0, 50),
    toolCalls: fresh.map((call, index) => ({ id: `call_${steps.length + 1}_${index + 1}`, ...call })),
    usage: { inputTokens: 0, cachedTokens: 0, outputTokens: 0 },
    stop,
  };
}

function fingerprint({ name, arguments: given }: { name: string; arguments: unknown }): string {
  return `${name} ${canonicalJson(given as Json)}`;
}

function explainTriggers({ triggers }: TurnContext): string {
  return `Looked at the errand (${triggers.join(', ')}).`;
}
