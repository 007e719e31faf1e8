import { describe, expect, it } from 'vitest';
import type { BrainAnswer } from '../../src/domain/brain.ts';
import type { EffectOutcome } from '../../src/domain/turn.ts';
import { answer, keys, note, openRows, pause, script } from './loop-rows.ts';

const sent: EffectOutcome = { text: 'queued', isError: false, endsTurn: false, sends: true };

describe('a turn in which something was sent', () => {
  it('ends once all calls of that answer are carried out', async () => {
    const rows = openRows({ outcome: () => sent });
    expect(await rows.run(script(answer([note('a'), note('b')]), answer([note('c')])))).toEqual({
      kind: 'finished',
    });
    expect(keys(rows.effects)).toEqual(['a', 'b']);
    expect(rows.steps).toHaveLength(1);
  });

  it('goes on when a call beside it went wrong', async () => {
    const rows = openRows({ outcome: () => sent });
    const wrong = { id: 'x', name: 'nonsense', arguments: {} };
    const brain = script(answer([note('a'), wrong]), answer([note('b')]), answer([note('c')]));
    expect(await rows.run(brain)).toEqual({ kind: 'finished' });
    expect(brain.requests[1]?.steps[0]?.results[1]?.text).toContain('no tool "nonsense"');
    expect(keys(rows.effects)).toEqual(['a', 'b']);
  });
});

describe('a turn that would end although nothing is awaited', () => {
  const idle = { awaiting: () => false };

  it('gets one more step to conclude, and is told why', async () => {
    let isAwaiting = false;
    const rows = openRows({
      awaiting: () => isAwaiting,
      outcome: () => {
        isAwaiting = true;
        return { text: 'done', isError: false, endsTurn: false };
      },
    });
    const brain = script(answer([]), answer([note('a')], { stop: 'end' }));
    expect(await rows.run(brain)).toEqual({ kind: 'finished' });
    expect(brain.requests[1]?.steps[0]?.note).toContain('Nothing is under way');
    expect(keys(rows.effects)).toEqual(['a']);
  });

  it('does so after an answer that did something and said that it was the last', async () => {
    const rows = openRows(idle);
    const brain = script(answer([note('a')], { stop: 'end' }), answer([pause]));
    expect(await rows.run(brain)).toEqual({ kind: 'finished' });
    expect(brain.requests[1]?.steps[0]?.note).toContain('Nothing is under way');
  });

  it.each<[string, BrainAnswer[], string]>([
    [
      'its last words',
      [answer([], { reasoning: 'Well.' }), answer([], { reasoning: 'All is said.' })],
      'All is said.',
    ],
    ['its words before', [answer([], { reasoning: 'Well.' }), answer([], { reasoning: ' ' })], 'Well.'],
    [
      'that it did not say what it waits for',
      [answer([note('a')]), answer([], { reasoning: '' }), answer([], { reasoning: '' })],
      'the agent ended without saying what to wait for',
    ],
  ])('is stuck when that does not conclude either, with %s', async (_, answers, reason) => {
    const rows = openRows(idle);
    expect(await rows.run(script(...answers))).toEqual({ kind: 'stuck', reason });
    expect(rows.steps).toHaveLength(answers.length);
  });

  it('is not asked a third time, whatever it does in between', async () => {
    const rows = openRows(idle);
    const brain = script(answer([]), answer([note('a')]), answer([]), answer([pause]));
    expect(await rows.run(brain)).toMatchObject({ kind: 'stuck' });
    expect(rows.effects).toHaveLength(1);
  });

  it('comes to the same after a crash, with the same notes, whatever is awaited by then', async () => {
    const killed = openRows({ ...idle, crash: { at: 1, after: false } });
    await expect(killed.run(script(answer([]), answer([note('a')])))).rejects.toThrow('killed');
    expect(killed.steps).toHaveLength(1);
    killed.steps.push({ answer: answer([note('a')]), outcomes: new Map() });
    killed.mend();
    const later = openRows({ awaiting: () => true });
    later.steps.push(...killed.steps);
    const brain = script(answer([]), answer([note('a')]), answer([pause]));
    expect(await later.run(brain)).toEqual({ kind: 'finished' });
    expect(brain.requests[0]?.steps.map((step) => step.note !== null)).toEqual([true, false]);
    expect(keys(later.effects)).toEqual(['a', 'pause']);
  });

  it('is finished after all when something came to be awaited', async () => {
    let asked = 0;
    const rows = openRows({ awaiting: () => asked++ > 0 });
    expect(await rows.run(script())).toEqual({ kind: 'finished' });
    expect(rows.steps).toHaveLength(2);
  });
});

describe('an answer that is none', () => {
  it('fails the turn when the model refused, and does none of its calls', async () => {
    const rows = openRows({});
    const refusal = answer([note('a')], { stop: 'refused', reasoning: 'I will not write that.' });
    expect(await rows.run(script(refusal))).toMatchObject({
      kind: 'failed',
      error: 'the model refused: I will not write that.',
      mayRetry: false,
    });
    expect(rows.steps).toHaveLength(1);
    expect(rows.effects).toEqual([]);
  });

  it('asks for a shorter one when it was cut off before it did anything', async () => {
    const rows = openRows({});
    const cut = answer([], { stop: 'cut', reasoning: 'I think that I think' });
    const brain = script(cut, answer([pause]));
    expect(await rows.run(brain)).toEqual({ kind: 'finished' });
    expect(brain.requests[1]?.steps[0]?.note).toContain('shorter');
    const never = openRows({});
    expect(await never.run(script(cut, cut, cut))).toMatchObject({
      kind: 'failed',
      error: '3 steps in a row went wrong, the last since the answer was cut off at its limit',
    });
  });

  it('asks for one where there was none, although something is awaited', async () => {
    const rows = openRows({ awaiting: () => true });
    const empty = answer([], { reasoning: ' ' });
    const brain = script(empty, answer([], { reasoning: 'I wait.' }));
    expect(await rows.run(brain)).toEqual({ kind: 'finished' });
    expect(brain.requests[1]?.steps[0]?.note).toContain('empty');
    const never = openRows({ awaiting: () => true });
    expect(await never.run(script(empty, empty, empty))).toMatchObject({
      kind: 'failed',
      error: '3 steps in a row went wrong, the last since the model answered nothing',
    });
  });

  it('takes silence after it has done something for its end', async () => {
    const rows = openRows({ awaiting: () => true });
    expect(await rows.run(script(answer([note('a')]), answer([], { reasoning: '' })))).toEqual({
      kind: 'finished',
    });
  });

  it('uses what there is of one that was cut off', async () => {
    const rows = openRows({});
    await rows.run(script(answer([note('a')], { stop: 'cut' }), answer([pause])));
    expect(keys(rows.effects)).toEqual(['a', 'pause']);
  });
});
