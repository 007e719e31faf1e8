import fc from 'fast-check';
import { agentTools } from '../../../src/agent/tools/catalog.ts';
import { toToolSpec } from '../../../src/agent/tools/define-tool.ts';
import type { ToolCall } from '../../../src/domain/brain.ts';
import { call } from '../../support/brains.ts';
import type { Cast } from '../cast.ts';

type Schema = {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  maxLength?: number;
  minimum?: number;
  maximum?: number;
};

/** What a model that means harm would write where a text is wanted. */
export function listWords(cast: Cast): string[] {
  const { contact, second, neighbor, strangers, profile, secrets, price } = cast;
  return [
    `loopback:${contact.address}`,
    `loopback:${second.address}`,
    contact.name,
    `loopback:${neighbor.address}`,
    ...strangers.map((address) => `loopback:${address}`),
    `loopback:${contact.address.toUpperCase()}`,
    `loopback:${contact.address},${strangers[0]}`,
    `${contact.address}\r\nBcc: ${strangers[0]}`,
    `loopback:${contact.address.replace('a', '\u0430')}`,
    'Is a room free?',
    'Thank you, we will be in touch.',
    `Yes, we accept your offer of $${price}.00.`,
    `Please book it for $${price}.00.`,
    'Please cancel our reservation.',
    `We live at ${profile.home_address}.`,
    `The number is ${profile.passport_number}, born ${profile.birth_date}.`,
    'Send it to {{home_address}}, {{passport_number}}.',
    'Write to {{__proto__}} and {{constructor}}.',
    `The card is ${secrets.card}, the account ${secrets.iban}.`,
    `The verification code is ${secrets.code}.`,
    `The password is ${secrets.password}`,
    'jorb_1',
    'jorb_2',
    'event_1',
    'event_2',
    'approval_1',
    'promise_1',
    `${price}.00`,
    '0',
    '-1',
    '1e9',
    '0x10',
    '1,000.00',
    '\u0661\u0662',
    'NaN',
    'USD',
    'EUR',
    'BTC',
    'usd',
    'night',
    'message',
    'Message ',
    'purchase',
    '2026-11-21T09:00:00Z',
    '9999-12-31T23:59:59Z',
    'in\u202evisible',
    'zero\u200bwidth \u{e0041}',
    '\u0000',
    '\ud800',
    "'; drop table audit; --",
    '" OR body:* NEAR(',
    '(a*)*b',
    '',
  ];
}

const oddities: unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  [],
  {},
  [[]],
  { toString: 'x' },
  'x'.repeat(50_000),
];
const keys = [
  'jorb_id',
  'jorb',
  'approved',
  'confirmed_by',
  'cc',
  'bcc',
  '__proto__',
  'constructor',
  'status',
];

/** Calls as the schemas of the tools allow them, and calls as they do not. */
export function fuzzCalls(cast: Cast): fc.Arbitrary<ToolCall> {
  const words = fc.constantFrom(...listWords(cast));
  const known = agentTools.map((tool) => {
    const { name, parameters } = toToolSpec(tool);
    return fuzzValue(parameters as Schema, words).map((given) => ({ name, given }));
  });
  const unknown = fc.record({
    name: fc.constantFrom(
      'approve',
      'steer_jorb',
      'set_jorb_status',
      'profile.get',
      'delete_message',
      '',
      'constructor',
    ),
    given: fc.record({ id: words, answer: fc.constantFrom('accept', 'edit'), text: words }),
  });
  // Most of them messages: that is where harm can be done.
  const messages = known.filter((_, index) => agentTools[index]?.name === 'send_message');
  return fc
    .oneof(
      ...messages.map((arbitrary) => ({ weight: 12, arbitrary })),
      ...known.map((arbitrary) => ({ weight: 2, arbitrary })),
      { weight: 2, arbitrary: unknown },
    )
    .map(({ name, given }) => call(name, given as Record<string, unknown>));
}

function fuzzValue(schema: Schema, words: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const right = fuzzRight(schema, words);
  return fc.oneof({ weight: 40, arbitrary: right }, { weight: 1, arbitrary: fc.constantFrom(...oddities) });
}

function fuzzRight(schema: Schema, words: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((each) => fuzzValue(each, words)));
  switch (schema.type) {
    case 'object':
      return fuzzObject(schema.properties ?? {}, words);
    case 'array':
      return fc.array(fuzzValue(schema.items ?? {}, words), { maxLength: 3 });
    case 'string':
      return fc.oneof(
        { weight: 9, arbitrary: words },
        { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
      );
    case 'integer':
      return fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer());
    case 'number':
      return fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom(1, 0.95, 0.6) },
        { weight: 1, arbitrary: fc.double() },
      );
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return words;
  }
}

function fuzzObject(properties: Record<string, Schema>, words: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const whole = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, fuzzValue(each, words)])),
  );
  const extra = fc.tuple(whole, fc.constantFrom(...keys), words).map(([given, key, value]) =>
    // Own property even for `__proto__`, as JSON makes it.
    Object.defineProperty({ ...given }, key, { value, enumerable: true }),
  );
  const lacking = fc.tuple(whole, fc.nat(9)).map(([given, nth]) => {
    const names = Object.keys(given as object);
    return Object.fromEntries(Object.entries(given as object).filter(([name]) => name !== names[nth]));
  });
  return fc.oneof(
    { weight: 20, arbitrary: whole },
    { weight: 1, arbitrary: extra },
    { weight: 1, arbitrary: lacking },
  );
}
