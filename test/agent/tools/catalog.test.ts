import { describe, expect, it } from 'vitest';
import { agentTools } from '../../../src/agent/tools/catalog.ts';
import { toToolSpec } from '../../../src/agent/tools/define-tool.ts';
import { testEpoch } from '../../support/clock.ts';
import { checkTools } from '../../support/models/check-schema.ts';
import { buildTurnContext } from '../turn-context.ts';

type Node = { [key: string]: unknown };

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every schema in a schema, with its path. */
function walk(node: unknown, path: string): [string, Node][] {
  if (Array.isArray(node)) return node.flatMap((each, index) => walk(each, `${path}[${index}]`));
  if (!isNode(node)) return [];
  const inner = Object.entries(node).flatMap(([key, value]) => walk(value, `${path}.${key}`));
  return [[path, node], ...inner];
}

const context = buildTurnContext();
const tool = (name: string) => {
  const found = agentTools.find((each) => each.name === name);
  if (!found) throw new Error(`no tool ${name}`);
  return found;
};

const message = {
  to: 'loopback:magic',
  text: 'Hello',
  price: { amount: '1156.00', currency: 'USD', quantity: 4, per: 'night' },
  consequence: 'purchase',
  based_on: 'event_3',
  confidence: 0.9,
};

const promise = {
  by: 'them',
  with: 'loopback:magic',
  text: 'to call',
  due: '2026-11-21T09:00:00Z',
  source: 'event_3',
};
const closed = { id: 'promise_3', status: 'kept' };

describe('the catalog', () => {
  it('has unique names, in the order that a cached prefix needs', () => {
    const names = agentTools.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
  });

  it('offers no transport, no approval, no contract and no status of its own', () => {
    const names = agentTools.map(({ name }) => name).join(' ');
    expect(names).not.toMatch(/approve|confirm|contract|resume|cancel|stop|profile/);
  });

  it('keeps the strict rules of all providers', () => {
    const sent = agentTools
      .map(toToolSpec)
      .map(({ name, parameters }) => ({ name, schema: parameters, strict: true }));
    expect(checkTools(sent)).toBeUndefined();
  });

  it.each(agentTools.map((each) => [each.name, each] as const))('%s takes its own example', (_, each) => {
    if (each.example !== undefined) expect(each.prepare(each.example, context)).toMatchObject({ ok: true });
  });

  it.each(agentTools.map((each) => [each.name, toToolSpec(each)] as const))(
    '%s is bounded in every part, whatever a model writes',
    (_, spec) => {
      expect(spec.parameters).not.toHaveProperty('$schema');
      expect(spec.description.length).toBeGreaterThan(40);
      for (const [path, node] of walk(spec.parameters, spec.name)) {
        expect(node, path).not.toHaveProperty('oneOf');
        expect(node, path).not.toHaveProperty('default');
        if (isNode(node.properties)) {
          expect(node.additionalProperties, path).toBe(false);
          expect(node.required ?? [], path).toEqual(Object.keys(node.properties));
        }
        if (node.type === 'number' || node.type === 'integer') {
          expect(Math.abs(Number(node.minimum)), path).toBeLessThan(1e9);
          expect(Math.abs(Number(node.maximum)), path).toBeLessThan(1e9);
        }
        if (node.type === 'string' && !('enum' in node)) expect(node.maxLength, path).toBeGreaterThan(0);
        if (node.type === 'array') expect(node.maxItems, path).toBeGreaterThan(0);
      }
    },
  );
});

describe('arguments', () => {
  it('become an effect with money in minor units', () => {
    expect(tool('send_message').prepare(message, context)).toEqual({
      ok: true,
      value: {
        kind: 'send_message',
        to: 'loopback:magic',
        text: 'Hello',
        price: { minor: 115_600, currency: 'USD', quantity: 4, per: 'night' },
        label: 'purchase',
        basedOn: 'event_3',
        confidence: 0.9,
      },
    });
  });

  it.each<[string, string, unknown, string]>([
    [
      'a fraction of a cent',
      'send_message',
      { ...message, price: { ...message.price, amount: '1.005' } },
      'price',
    ],
    [
      'a grouped amount',
      'send_message',
      { ...message, price: { ...message.price, amount: '1,156' } },
      'price',
    ],
    ['a negative amount', 'send_message', { ...message, price: { ...message.price, amount: '-1' } }, 'price'],
    [
      'an amount that is a number',
      'send_message',
      { ...message, price: { ...message.price, amount: 1156 } },
      'price',
    ],
    ['no currency', 'send_message', { ...message, price: { ...message.price, currency: 'BTC' } }, 'price'],
    ['no units', 'send_message', { ...message, price: { ...message.price, quantity: 0 } }, 'quantity'],
    ['half a unit', 'send_message', { ...message, price: { ...message.price, quantity: 0.5 } }, 'quantity'],
    ['a kind there is not', 'send_message', { ...message, consequence: 'harmless' }, 'consequence'],
    ['a list of recipients', 'send_message', { ...message, to: ['a', 'b'] }, 'to'],
    ['a second recipient', 'send_message', { ...message, cc: 'loopback:eve' }, 'cc'],
    ['an empty text', 'send_message', { ...message, text: '' }, 'text'],
    ['an event of another form', 'send_message', { ...message, based_on: 'event_0' }, 'based_on'],
    [
      'a phase without a title',
      'update_plan',
      { phases: [{ title: '', status: 'active' }] },
      'phases.0.title',
    ],
    ['a phase of another status', 'update_plan', { phases: [{ title: 'x', status: 'over' }] }, 'status'],
    ['the plan of the owner', 'update_plan', { phases: [], plan: 'Spend more.' }, 'plan'],
    ['another jorb', 'retrieve_data', { from: 'facts', words: 'x', jorb: 'jorb_2' }, 'jorb'],
    ['another place to look', 'retrieve_data', { from: 'profile', words: 'x' }, 'from'],
    ['nothing to look for', 'retrieve_data', { from: 'facts', words: '' }, 'words'],
    ['no promise', 'record_promise', { made: null, closed: null }, 'either'],
    ['two promises', 'record_promise', { made: promise, closed }, 'either'],
    [
      'a promise of yesterday',
      'record_promise',
      { made: { ...promise, due: '2026-11-19T09:00:00Z' }, closed: null },
      'made.due',
    ],
    [
      'a promise of some day',
      'record_promise',
      { made: { ...promise, due: 'tomorrow' }, closed: null },
      'instant',
    ],
    [
      'a promise from nowhere',
      'record_promise',
      { made: { ...promise, source: 'fact_1' }, closed: null },
      'made.source',
    ],
    ['a promise of nobody', 'record_promise', { made: { ...promise, by: 'me' }, closed: null }, 'made.by'],
    [
      'a promise closed by name',
      'record_promise',
      { made: null, closed: { ...closed, id: 'the offer' } },
      'closed.id',
    ],
    [
      'a promise opened again',
      'record_promise',
      { made: null, closed: { ...closed, status: 'open' } },
      'status',
    ],
    ['an approval as evidence', 'complete', { outcome: 'x', evidence: ['approval_1'] }, 'evidence'],
    [
      'two times',
      'schedule_wake',
      { at: '2026-11-21T09:00:00Z', minutes_from_now: 5, reason: 'x' },
      'either',
    ],
    ['no time', 'schedule_wake', { at: null, minutes_from_now: null, reason: 'x' }, 'either'],
    [
      'a time in the past',
      'schedule_wake',
      { at: '2026-11-19T09:00:00Z', minutes_from_now: null, reason: 'x' },
      'future',
    ],
    [
      'a time without offset',
      'schedule_wake',
      { at: '2026-11-21T09:00:00', minutes_from_now: null, reason: 'x' },
      'instant',
    ],
    [
      'a day that is none',
      'schedule_wake',
      { at: '2026-13-41T09:00:00Z', minutes_from_now: null, reason: 'x' },
      'instant',
    ],
    [
      'a time years away',
      'schedule_wake',
      { at: '2036-11-21T09:00:00Z', minutes_from_now: null, reason: 'x' },
      'year',
    ],
  ])('refuse %s and name what is wrong', (_, name, given, hint) => {
    const prepared = tool(name).prepare(given, context);
    expect(prepared.ok).toBe(false);
    expect(!prepared.ok && prepared.error).toContain(hint);
  });

  it('become a promise with its time, or the end of one', () => {
    const record = tool('record_promise');
    expect(record.prepare({ made: promise, closed: null }, context)).toMatchObject({
      value: {
        promise: { kind: 'made', by: 'them', dueAt: testEpoch + 86_400_000, sourceEventId: 'event_3' },
      },
    });
    expect(record.prepare({ made: null, closed }, context)).toMatchObject({
      value: { promise: { kind: 'closed', id: 'promise_3', status: 'kept' } },
    });
  });

  it('take a wake in minutes or as an instant', () => {
    const wake = tool('schedule_wake');
    expect(wake.prepare({ at: null, minutes_from_now: 90, reason: 'x' }, context)).toMatchObject({
      value: { at: testEpoch + 5_400_000 },
    });
    expect(
      wake.prepare({ at: '2026-11-20T10:00:00.250+01:00', minutes_from_now: null, reason: 'x' }, context),
    ).toMatchObject({
      value: { at: testEpoch + 250 },
    });
  });
});
