import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readHandoff, writeHandoff } from '../../../src/agent/tools/write-handoff.ts';
import { checkTools } from '../../support/models/check-schema.ts';

const given = {
  status: 'They were asked.',
  done: [{ text: 'Asked.', ids: ['outbox_1'] }],
  open_questions: [],
  promises: [{ id: 'promise_1', remark: null }],
  approvals: [],
  facts: [],
  decisions: [],
  next_steps: [{ text: 'Ask again.', at: '2026-11-21T09:00:00Z' }],
  learnings: ['They are quick.'],
};

type Node = { [key: string]: unknown };

function walk(node: unknown): Node[] {
  if (Array.isArray(node)) return node.flatMap(walk);
  if (typeof node !== 'object' || node === null) return [];
  return [node as Node, ...Object.values(node).flatMap(walk)];
}

describe('write_handoff', () => {
  test('keeps the strict rules of all providers, and is bounded in every part', () => {
    const { name, parameters } = writeHandoff();
    expect(checkTools([{ name, schema: parameters, strict: true }])).toBeUndefined();
    for (const node of walk(parameters)) {
      if (node.type === 'string') expect(node.maxLength).toBeLessThanOrEqual(600);
      if (node.type === 'array') expect(node.maxItems).toBeLessThanOrEqual(60);
    }
  });

  test('is read as it was written', () => {
    const { open_questions: openQuestions, next_steps: nextSteps, ...rest } = given;
    expect(readHandoff(given)).toEqual({ ok: true, value: { ...rest, openQuestions, nextSteps } });
  });

  test('is read however long it is: what is too long is for code to cut', () => {
    const long = { ...given, status: 'x'.repeat(100_000), learnings: Array(5000).fill('x') };
    expect(readHandoff(long)).toMatchObject({ ok: true });
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', '{"status": '],
    ['a list', []],
    ['a field that is none', { ...given, contract: {} }],
    ['a field left out', { ...given, learnings: undefined }],
    ['a number as its status', { ...given, status: 3 }],
    ['an id that is a number', { ...given, done: [{ text: 'x', ids: [1] }] }],
    ['a line without its text', { ...given, facts: [{ ids: [] }] }],
  ])('is not read from %s, and says why', (_, wrong) => {
    const read = readHandoff(wrong);
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.error).toMatch(/^its handoff cannot be read\n./);
  });

  test('is read or refused, and never throws', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withMap: true, withNullPrototype: true }), (anything) => {
        expect(readHandoff(anything)).toHaveProperty('ok');
      }),
    );
  });
});
