import { describe, expect, it } from 'vitest';
import { mostCalls, mostSteps, runTurn, type TurnHooks } from '../../src/agent/loop.ts';
import { agentTools } from '../../src/agent/tools/catalog.ts';
import {
  type Brain,
  type BrainAnswer,
  BrainError,
  type BrainRequest,
  noUsage,
  type ToolCall,
} from '../../src/domain/brain.ts';
import type { Effect, EffectOutcome, StoredStep } from '../../src/domain/turn.ts';
import { buildTurnContext } from './turn-context.ts';

const context = buildTurnContext();

const note = (key: string): ToolCall => ({
  id: `call_${key}`,
  name: 'store_data',
  arguments: { key, value: 'something', source: null },
});
const pause: ToolCall = { id: 'call_pause', name: 'pause', arguments: { reason: 'done for now' } };

function answer(toolCalls: ToolCall[], more: Partial<BrainAnswer> = {}): BrainAnswer {
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

function script(...answers: BrainAnswer[]): Brain & { requests: BrainRequest[] } {
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
function openRows(options: {
  wanted?: () => boolean;
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
  };
  const run = (brain: Brain, signal: AbortSignal = new AbortController().signal) =>
    runTurn({
      turn: { id: 'turn_1', context, steps: structuredClone(steps), failures: 0 },
      brain,
      tools: [...agentTools],
      renderPrompt: () => ({ system: 'You are the agent.', input: ['the errand'] }),
      hooks,
      signal,
    });
  return { steps, effects, saved, run, writes: () => writes, mend: () => delete options.crash };
}

const keys = (effects: Effect[]) => effects.map((effect) => ('key' in effect ? effect.key : effect.kind));

describe('a turn', () => {
  it('stores each answer before anything is done with it', async () => {
    const rows = openRows({ crash: { at: 0, after: false } });
    await expect(rows.run(script(answer([note('a')])))).rejects.toThrow('killed');
    expect(rows.effects).toEqual([]);
  });

  it('carries out the calls in their order and tells the brain what they came to', async () => {
    const brain = script(answer([note('a'), note('b')]), answer([note('c')]), answer([]));
    const rows = openRows({});
    expect(await rows.run(brain)).toEqual({ kind: 'finished' });
    expect(keys(rows.effects)).toEqual(['a', 'b', 'c']);
    expect(brain.requests[1]?.steps[0]?.results).toEqual([
      { callId: 'call_a', text: 'done', isError: false },
      { callId: 'call_b', text: 'done', isError: false },
    ]);
  });

  it('ends after an outcome that ends it, and does not do the calls behind', async () => {
    const rows = openRows({});
    expect(await rows.run(script(answer([note('a'), pause, note('b')])))).toEqual({ kind: 'finished' });
    expect(keys(rows.effects)).toEqual(['a', 'pause']);
    expect(rows.saved).toEqual(['not done: the turn has ended']);
    expect(rows.steps).toHaveLength(1);
  });

  it('asks no more when an answer says that it is the last and all of it went well', async () => {
    const rows = openRows({});
    expect(await rows.run(script(answer([note('a')], { stop: 'end' })))).toEqual({ kind: 'finished' });
    expect(rows.steps).toHaveLength(1);
  });

  it('goes on after a last answer in which something went wrong', async () => {
    const rows = openRows({});
    const wrong = { id: 'x', name: 'nonsense', arguments: {} };
    await rows.run(script(answer([note('a'), wrong], { stop: 'end' }), answer([])));
    expect(rows.steps).toHaveLength(2);
  });

  it('gives a brain that did nothing one more step to conclude', async () => {
    const rows = openRows({});
    expect(await rows.run(script(answer([]), answer([note('a')], { stop: 'end' })))).toEqual({
      kind: 'finished',
    });
    expect(keys(rows.effects)).toEqual(['a']);
    const silent = openRows({});
    expect(await silent.run(script())).toEqual({ kind: 'finished' });
    expect(silent.steps).toHaveLength(2);
  });

  it('keeps a confidence between 0 and 1', async () => {
    const rows = openRows({});
    await rows.run(script(answer([pause], { confidence: Number.NaN })));
    expect(rows.steps[0]?.answer.confidence).toBe(0);
  });
});

describe('a turn that a crash cut short', () => {
  const brain = () =>
    script(
      answer([note('a'), { id: 'x', name: 'nonsense', arguments: {} }, note('b')]),
      answer([note('c')]),
      answer([note('d'), pause, note('e')]),
    );
  const expected = ['a', 'b', 'c', 'd', 'pause'];

  it('has the same effects, each once, wherever it was cut', async () => {
    const whole = openRows({});
    await whole.run(brain());
    expect(keys(whole.effects)).toEqual(expected);
    const writes = whole.writes();
    expect(writes).toBe(10);
    for (let at = 0; at < writes; at++) {
      for (const after of [false, true]) {
        const rows = openRows({ crash: { at, after } });
        await expect(rows.run(brain())).rejects.toThrow('killed');
        rows.mend();
        const resumed = brain();
        expect(await rows.run(resumed)).toEqual({ kind: 'finished' });
        expect(keys(rows.effects)).toEqual(expected);
        expect(rows.steps).toEqual(whole.steps);
      }
    }
  });

  it('asks the brain for nothing that is stored', async () => {
    const rows = openRows({ crash: { at: 5, after: true } });
    await expect(rows.run(brain())).rejects.toThrow('killed');
    rows.mend();
    const resumed = brain();
    await rows.run(resumed);
    expect(resumed.requests.map(({ steps }) => steps.length)).toEqual([2]);
  });

  it('is finished, not unwanted, when its own pause had already ended it', async () => {
    const rows = openRows({ wanted: () => true });
    await rows.run(script(answer([pause])));
    const again = openRows({ wanted: () => false });
    again.steps.push(...rows.steps);
    expect(await again.run(script())).toEqual({ kind: 'finished' });
  });
});

describe('limits of a turn', () => {
  const wrong = (name: string, given: unknown = {}): ToolCall => ({ id: name, name, arguments: given });

  it.each<[string, ToolCall, string]>([
    ['an unknown tool', wrong('approve', { id: 'approval_1' }), 'there is no tool "approve"'],
    ['a missing argument', wrong('pause'), 'the arguments of pause are not right: reason'],
    ['an argument too many', wrong('pause', { reason: 'x', contract: {} }), 'Unrecognized key'],
    ['arguments that are no object', wrong('pause', 'reason'), 'expected object'],
    ['no arguments', wrong('pause', null), 'expected object'],
    [
      'an event that is no id',
      wrong('store_data', { key: 'a', value: 'b', source: '7' }),
      'is not an event id',
    ],
  ])('answers %s with a hint how to mend it', async (_, call, hint) => {
    const rows = openRows({});
    const brain = script(answer([call]), answer([pause]));
    expect(await rows.run(brain)).toEqual({ kind: 'finished' });
    expect(rows.saved[0]).toContain(hint);
    expect(brain.requests[1]?.steps[0]?.results[0]?.isError).toBe(true);
  });

  it('fails after three steps in a row that only went wrong', async () => {
    const rows = openRows({});
    const brain = { ...script(), step: async () => answer([wrong('nonsense')]) };
    expect(await rows.run(brain)).toMatchObject({ kind: 'failed', mayRetry: false });
    expect(rows.steps).toHaveLength(3);
  });

  it('counts errors from the start after a step that did something', async () => {
    const rows = openRows({});
    const bad = answer([wrong('nonsense')]);
    expect(await rows.run(script(bad, bad, answer([note('a')]), bad, bad, answer([pause])))).toEqual({
      kind: 'finished',
    });
  });

  it(`fails after ${mostSteps} steps`, async () => {
    const rows = openRows({});
    const brain = { ...script(), step: async ({ steps }: BrainRequest) => answer([note(`${steps.length}`)]) };
    const ending = await rows.run(brain);
    expect(ending).toMatchObject({ kind: 'failed', mayRetry: false });
    expect(rows.steps).toHaveLength(mostSteps);
  });

  it(`does at most ${mostCalls} calls of an answer and refuses the rest`, async () => {
    const rows = openRows({});
    const many = Array.from({ length: 200 }, (_, index) => note(`${index}`));
    await rows.run(script(answer(many), answer([pause])));
    expect(rows.effects).toHaveLength(mostCalls + 1);
    expect(rows.saved).toHaveLength(200 - mostCalls);
  });

  it('may be tried again when the brain gave no answer', async () => {
    const rows = openRows({});
    const brain: Brain = {
      name: 'down',
      step: async () => {
        throw new BrainError('the model is overloaded', { kind: 'overload' });
      },
    };
    expect(await rows.run(brain)).toEqual({
      kind: 'failed',
      error: 'the model is overloaded',
      mayRetry: true,
    });
  });

  it('lets a bug of a brain through', async () => {
    const brain: Brain = {
      name: 'broken',
      step: async () => {
        throw new TypeError('no such thing');
      },
    };
    await expect(openRows({}).run(brain)).rejects.toThrow(TypeError);
  });
});

describe('a turn that is not wanted any more', () => {
  it('starts no further effect once the owner stopped, between two calls as between two steps', async () => {
    for (const allowed of [0, 1, 2, 3, 4]) {
      let asked = 0;
      const rows = openRows({ wanted: () => asked++ < allowed });
      const brain = script(answer([note('a'), note('b')]), answer([note('c')]));
      expect(await rows.run(brain)).toEqual({ kind: 'unwanted' });
      // Asked before each step and before each call.
      expect(rows.effects).toHaveLength([0, 0, 1, 2, 2][allowed] ?? 0);
    }
  });

  it('leaves the turn open when the process ends', async () => {
    const controller = new AbortController();
    const rows = openRows({
      outcome: () => {
        controller.abort(new Error('closing'));
        return { text: 'done', isError: false, endsTurn: false };
      },
    });
    await expect(rows.run(script(answer([note('a'), note('b')])), controller.signal)).rejects.toThrow(
      'closing',
    );
    expect(keys(rows.effects)).toEqual(['a']);
  });

  it('does not store an answer that came after the end', async () => {
    const controller = new AbortController();
    const rows = openRows({});
    const brain: Brain = {
      name: 'slow',
      step: async () => {
        controller.abort(new Error('closing'));
        return answer([note('a')]);
      },
    };
    await expect(rows.run(brain, controller.signal)).rejects.toThrow('closing');
    expect(rows.steps).toEqual([]);
  });
});
