import {
  type Brain,
  type BrainAnswer,
  type BrainRequest,
  type BrainStep,
  noUsage,
} from '../../domain/brain.ts';
import type { EventId } from '../../domain/ids.ts';
import type { TurnContext } from '../../domain/turn.ts';
import { canonicalJson, type Json } from '../../lib/canonical.ts';
import { minuteMs } from '../../lib/duration.ts';
import { shorten } from '../../lib/text.ts';
import { type Call, callPause, callWake } from './calls.ts';
import { decide } from './decide.ts';
import type { Decided } from './decided.ts';
import { advancePhases } from './phases.ts';
import { formDenial } from './replies.ts';
import { readState, type State } from './state.ts';
import { takeIn } from './take-in.ts';

/** As many as the loop carries out of one answer, with some to spare. */
const mostCalls = 24;
const quietTools = ['store_data', 'advance_phase', 'schedule_wake'];

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
  const first = begin(state);
  if (steps.length === 0) return first;
  const failed = listRefused(steps.slice(-1)).filter((call) => !isPrivate(call) && !isHarmless(call));
  if (failed.length > 0) return explainFailure(state, failed);
  // What did not fit into one answer comes in the next.
  const rest = subtract(first.calls, steps);
  return rest.length > 0 ? { ...first, because: ['I go on with the rest.'] } : goOn(state, steps);
}

/**
 * Everything in one answer, unless the gate's word on something private is needed before it is decided how to
 * go on. What is sent ends the turn, so no answer sends without a wake in it or before it.
 */
function begin(state: State): Move {
  const taken = takeIn(state);
  const { store, say, tell, ask, because, basedOn } = taken;
  const decided = decide(state);
  if (tell.length > 0) {
    const isWait = decided.calls.every(({ name }) => name === 'schedule_wake');
    const wake = isWait ? decided.calls : [soon(state)];
    return { calls: [...store, ...wake, ...say, ...tell], because, basedOn, confidence: 0.9, stop: 'tools' };
  }
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

/** The turn may end before everything is said and decided. */
function soon({ context }: Pick<State, 'context'>): Call {
  return callWake(context.now + minuteMs, 'to go on with the rest');
}

/** The gate had its word on something private: say so where it was a no, and decide what was left undecided. */
function goOn(state: State, steps: readonly BrainStep[]): Move {
  const told = listRefused(steps).filter(isPrivate);
  const denials = told.flatMap(({ given }) => {
    const contact = state.contacts.find(({ key }) => key === given.to);
    return contact ? [formDenial(state, contact, { text: String(given.text), basedOn: null })] : [];
  });
  const because = told.map(
    ({ text }) => `The gate refused to tell it: ${text}. I say so politely and go on.`,
  );
  const decided = takeUp(state, decide(state));
  return {
    ...decided,
    calls: [...denials, ...decided.calls],
    because: [...because, ...decided.because],
    basedOn: [...state.context.newMessages.map(({ eventId }) => eventId), ...decided.basedOn],
  };
}

type Refused = { name: string; given: Call['arguments']; text: string };

function listRefused(steps: readonly BrainStep[]): Refused[] {
  return steps.flatMap(({ answer, results }) =>
    answer.toolCalls.flatMap(({ id, name, arguments: given }) => {
      const result = results.find(({ callId }) => callId === id);
      return result?.isError ? [{ name, given: given as Call['arguments'], text: result.text }] : [];
    }),
  );
}

function isPrivate({ given }: Refused): boolean {
  return given.consequence === 'share_info';
}

/** Its own memory: worth a note, not worth stopping for. */
function isHarmless({ name }: Refused): boolean {
  return name === 'store_data' || name === 'advance_phase';
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
function explainFailure(state: State, failed: readonly Refused[]): Move {
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
  const left = subtract(calls, steps);
  const now = left.length > mostCalls ? chooseFirst(left, context) : left;
  return {
    wire: 'rules',
    items: [],
    reasoning: shorten(because.join(' ') || explainTriggers(context), 4000),
    confidence,
    basedOn: [...new Set(basedOn)].slice(0, 50),
    toolCalls: now.map((call, index) => ({ id: `call_${steps.length + 1}_${index + 1}`, ...call })),
    usage: noUsage,
    call: null,
    stop: left.length > mostCalls ? 'tools' : stop,
  };
}

/** What sends ends the turn, so the rest comes before it; and what of it does not fit comes in another turn. */
function chooseFirst(left: readonly Call[], context: TurnContext): Call[] {
  const quiet = left.filter(({ name }) => quietTools.includes(name));
  return quiet.length > 0 ? quiet.slice(0, mostCalls) : [soon({ context }), ...left.slice(0, mostCalls - 1)];
}

/** The calls that no earlier step of this turn has made. */
function subtract(calls: readonly Call[], steps: readonly BrainStep[]): Call[] {
  const done = steps.flatMap(({ answer }) => answer.toolCalls).map(fingerprint);
  return calls.filter((call) => {
    const index = done.indexOf(fingerprint(call));
    if (index !== -1) done.splice(index, 1);
    return index === -1;
  });
}

function fingerprint({ name, arguments: given }: { name: string; arguments: unknown }): string {
  return `${name} ${canonicalJson(given as Json)}`;
}

function explainTriggers({ triggers }: TurnContext): string {
  return `Looked at the errand (${triggers.join(', ')}).`;
}
