import { expect } from 'vitest';
import { runTurn, type TurnHooks } from '../../src/agent/loop.ts';
import { agentTools } from '../../src/agent/tools/catalog.ts';
import {
  type Brain,
  type BrainAnswer,
  type BrainRequest,
  noUsage,
  type ToolCall,
} from '../../src/domain/brain.ts';
import type { Effect, EffectOutcome, StoredStep } from '../../src/domain/turn.ts';
import { buildTurnContext } from './turn-context.ts';

const context = buildTurnContext();

export const note = (key: string): ToolCall => ({
  id: `call_${key}`,
  name: 'store_data',
  arguments: { key, value: 'something', source: null },
});
export const pause: ToolCall = { id: 'call_pause', name: 'pause', arguments: { reason: 'done for now' } };

export function answer(toolCalls: ToolCall[], more: Partial<BrainAnswer> = {}): BrainAnswer {
  return {
    wire: 'script',
    items: [],
    reasoning: 'because',
    confidence: 1,
    basedOn: [],
    toolCalls,
    usage: noUsage,
    call: null,
    stop: toolCalls.length > 0 ? 'tools' : 'end',
    ...more,
  };
}

export function script(...answers: BrainAnswer[]): Brain & { requests: BrainRequest[] } {
  const requests: BrainRequest[] = [];
  return {
    name: 'script',
    requests,
    async step(request) {
      requests.push({ ...request, steps: [...request.steps] });
      return answers[request.steps.length] ?? answer([]);
    },
  };
}

/** Rows in memory. `crash` throws around the numbered write, before or after it is durable. */
export function openRows(options: {
  wanted?: () => boolean;
  awaiting?: () => boolean;
  outcome?: (effect: Effect) => EffectOutcome;
  crash?: { at: number; after: boolean };
}) {
  const steps: StoredStep[] = [];
  const effects: Effect[] = [];
  const saved: string[] = [];
  let writes = 0;
  const write = <T>(make: () => T): T => {
    const isLast = options.crash?.at === writes++;
    if (isLast && !options.crash?.after) throw new Error('killed');
    const made = make();
    if (isLast) throw new Error('killed');
    return made;
  };
  const outcomes = (position: number) => {
    const step = steps[position];
    if (!step) throw new Error('an outcome before its answer');
    return step.outcomes;
  };
  const hooks: TurnHooks = {
    saveAnswer: async (position, given) =>
      write(() => {
        expect(position).toBe(steps.length);
        steps.push({ answer: structuredClone(given), outcomes: new Map() });
      }),
    apply: async (position, call, effect) =>
      write(() => {
        const known = outcomes(position).get(call);
        if (known) return known;
        effects.push(effect);
        const usual = { text: 'done', isError: false, endsTurn: effect.kind === 'pause' };
        const outcome = options.outcome?.(effect) ?? usual;
        outcomes(position).set(call, outcome);
        return outcome;
      }),
    saveOutcome: async (position, call, outcome) =>
      write(() => {
        saved.push(outcome.text);
        outcomes(position).set(call, outcome);
      }),
    isWanted: async () => options.wanted?.() ?? true,
    isAwaiting: async () => options.awaiting?.() ?? true,
  };
  const run = (brain: Brain, signal: AbortSignal = new AbortController().signal) =>
    runTurn({
      turn: { context, steps: structuredClone(steps) },
      brain,
      tools: [...agentTools],
      renderPrompt: () => ({ system: 'You are the agent.', input: ['the errand'] }),
      hooks,
      signal,
    });
  return { steps, effects, saved, run, writes: () => writes, mend: () => delete options.crash };
}

export const keys = (effects: Effect[]) =>
  effects.map((effect) => ('key' in effect ? effect.key : effect.kind));
