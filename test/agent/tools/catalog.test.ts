import { describe, expect, it } from 'vitest';
import { agentTools } from '../../../src/agent/tools/catalog.ts';
import { toToolSpec } from '../../../src/agent/tools/define-tool.ts';
import { testEpoch } from '../../support/clock.ts';
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
};

describe('the catalog', () => {
  it('has unique names, in the order that a cached prefix needs', () => {
    const names = agentTools.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
  });

  it('offers no transport, no approval, no contract and no status of its own', () => {
    const names = agentTools.map(({ name }) => name).join(' ');
    expect(names).not.toMatch(/approve|confirm|contract|resume|cancel|stop|http|profile/);
  });

  it.each(agentTools.map((each) => [each.name, toToolSpec(each)] as const))(
    '%s keeps the strict rules of all providers',
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
