import { describe, expect, it } from 'vitest';
import { mostCalls, mostSteps, mostTokens } from '../../src/agent/loop.ts';
import {
  type Brain,
  BrainError,
  type BrainFailure,
  type BrainRequest,
  noUsage,
  type ToolCall,
} from '../../src/domain/brain.ts';
import { answer, keys, note, openRows, pause, script } from './loop-rows.ts';

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

  it('keeps no more words than anyone reads', async () => {
    const rows = openRows({});
    await rows.run(script(answer([pause], { reasoning: 'why '.repeat(2_500_000) })));
    expect(rows.steps[0]?.answer.reasoning.length).toBeLessThanOrEqual(4000);
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
    ['arguments that are no object', wrong('pause', ['reason']), 'expected object'],
    ['arguments that are no JSON', wrong('pause', '{"reason": '), 'no JSON that can be read: {"reason":'],
    ['arguments without an end', wrong('pause', 'x'.repeat(10_000_000)), 'no JSON that can be read: xxx'],
    [
      'a name with a slip',
      wrong('send_mesage', {}),
      'The nearest is "send_message", and there are advance_phase, ',
    ],
    ['a name without an end', wrong('x'.repeat(1_000_000), {}), 'there is no tool "xxx'],
    ['what a right call looks like', wrong('pause', {}), 'Right is for example {"reason":'],
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

  it(`fails once its steps took ${mostTokens} tokens, the stored ones included`, async () => {
    const usage = { ...noUsage, inputTokens: mostTokens / 4 - 10, cachedTokens: 5, outputTokens: 10 };
    const brain = {
      ...script(),
      step: async ({ steps }: BrainRequest) => answer([note(`${steps.length}`)], { usage }),
    };
    const rows = openRows({ crash: { at: 7, after: true } });
    await expect(rows.run(brain)).rejects.toThrow('killed');
    rows.mend();
    expect(await rows.run(brain)).toMatchObject({
      kind: 'failed',
      mayRetry: false,
      error: `the agent took ${mostTokens} tokens of the model in one turn, and ${mostTokens} are the most it may`,
    });
    expect(rows.steps).toHaveLength(4);
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
      failure: 'overload',
    });
  });

  it.each<[BrainFailure, boolean]>([
    ['permanent', false],
    ['overload', true],
    ['timeout', true],
    ['too_long', false],
    ['malformed', true],
    ['budget', false],
  ])('tells %s from the others', async (kind, mayRetry) => {
    const brain: Brain = {
      name: 'failing',
      step: async () => {
        throw new BrainError('no answer', { kind });
      },
    };
    const ending = await openRows({}).run(brain);
    expect(ending).toEqual({
      kind: 'failed',
      error: 'no answer',
      mayRetry,
      failure: kind,
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
