import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Payload, SendPayload } from '../../../src/domain/action.ts';
import type { Consequence } from '../../../src/domain/contract.ts';
import {
  buildContract,
  buildMessage,
  buildPrice,
  judge,
  judgeText,
  nameVerdict,
} from '../../support/gate.ts';

const first = { recipient: { everSent: 0, lastInbound: null, optedOut: false } };
const line =
  '(I am an automated assistant writing for Ana Lima. Nothing here is binding until Ana Lima confirms it.)';

function sentText(payload: Payload, given: Parameters<typeof judge>[1] = {}): string {
  const verdict = judge(payload, given);
  if (verdict.kind === 'refuse' || verdict.payload.kind !== 'send_message')
    throw new Error(nameVerdict(verdict));
  return verdict.payload.text;
}

function refusal(payload: Payload, given: Parameters<typeof judge>[1] = {}): string {
  const verdict = judge(payload, given);
  return verdict.kind === 'refuse' && verdict.rule === 'shape' ? verdict.text : verdict.kind;
}

test.each([
  ['empty', ''],
  ['empty', ' \n\t '],
  ['4001 characters', 'a'.repeat(4_001)],
  ['U+202E', 'a\u202eb'],
  ['U+200B', 'a\u200bb'],
  ['U+0000', 'a\0b'],
  ['U+000D', 'a\r\nb'],
  ['U+D800', 'a\ud800'],
  ['U+FE0F', 'a\ufe0f'],
  ['U+E0041', 'a\u{e0041}'],
  ['U+3164', 'a\u3164'],
  ['U+2028', 'a\u2028b'],
])('a text is refused with the reason: %s', (reason, text) => {
  expect(refusal(buildMessage(text))).toContain(reason);
});

test('tabs, line feeds, accents and whole emoji are text', () => {
  const text = 'Grüße,\n\tist 1️⃣ Zimmer frei? 👨‍👩‍👧 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿';
  expect(sentText(buildMessage(text))).toBe(text);
});

test('the bytes of a text are kept', () => {
  for (const text of ['e\u0301 and \u00e9', '  two spaces ', 'ﬁne'])
    expect(sentText(buildMessage(text))).toBe(text);
});

test.each(['Message ', 'mеssage', 'allow', '', null, ['message'], 'constructor'])(
  'a label that is no consequence is refused: %j',
  (label) => {
    expect(refusal(buildMessage('Hello'), { label: label as Consequence })).toContain('must be one of');
  },
);

test.each(['wire_money', 'send message', '', null])('a kind that is none is refused: %j', (kind) => {
  expect(refusal({ ...buildMessage('Hello'), kind } as unknown as Payload)).toContain('the kind of action');
});

test.each([
  'a\r\nBcc: evil',
  'magic, zetta',
  'magic\u200b',
  '',
  '+',
  '-',
  'mаgic',
  'two words',
  'x'.repeat(200),
])('an address of no known form is refused: %j', (address) => {
  expect(refusal(buildMessage('Hello', { to: { channel: 'loopback', address } }))).toContain(
    'is not an address',
  );
});

test('a channel that is none is refused', () => {
  const to = { channel: 'pigeon', address: 'magic' } as unknown as SendPayload['to'];
  expect(refusal(buildMessage('Hello', { to }))).toContain('the channel must be');
});

test.each([false, true])('an address is written in its one form, approved %s', (approved) => {
  const to = { channel: 'loopback' as const, address: '@Magic ' };
  expect(refusal(buildMessage('Hello', { to }), { approved })).toContain('must be written magic');
});

test.each([
  [{ minor: 0 }],
  [{ minor: -1 }],
  [{ minor: 1.5 }],
  [{ minor: Number.NaN }],
  [{ minor: Number.POSITIVE_INFINITY }],
  [{ minor: 1e13 }],
  [{ currency: 'BTC' }],
  [{ currency: 'usd' }],
  [{ currency: '' }],
  [{ quantity: 0 }],
  [{ quantity: 1.5 }],
  [{ quantity: -4 }],
  [{ quantity: 10_001 }],
  [{ per: '' }],
  [{ per: 'x'.repeat(41) }],
  [{ per: 'ni\u202eght' }],
])('a price that is none is refused: %j', (flaw) => {
  expect(refusal(buildMessage('Hello', { price: buildPrice(100, flaw) }))).toMatch(/price/);
});

test('a question to the owner is held to the same, and to 2,000 characters', () => {
  expect(refusal({ kind: 'ask_owner', question: ' ' })).toContain('the question is empty');
  expect(refusal({ kind: 'ask_owner', question: 'a'.repeat(2_001) })).toContain('2000 are the most');
  expect(refusal({ kind: 'ask_owner', question: 'a\u202e' })).toContain('U+202E');
});

test('a contract that is not whole is refused', () => {
  const contract = { ...buildContract(), followUpMs: -1 };
  expect(refusal({ kind: 'change_contract', contract, startAfter: false })).toContain('the contract');
});

describe('a placeholder', () => {
  test('is filled with the value of the field, which counts as telling it', () => {
    const verdict = judgeText('I live at {{ home_address }}.');
    expect(verdict).toMatchObject({ kind: 'ask', consequence: 'share_info' });
    expect(sentText(buildMessage('I live at {{home_address}}.'))).toBe(
      'I live at Calle Mayor 5, 28013 Madrid.',
    );
  });

  test('of no field is refused with the fields there are, and no value', () => {
    const text = refusal(buildMessage('My {{shoe_size}}.'));
    expect(text).toContain('{{home_address}}');
    expect(text).not.toContain('Calle');
  });

  test('in a value is not filled in turn', () => {
    const profile = [
      { field: 'a', value: '{{b}}' },
      { field: 'b', value: 'secret value' },
    ];
    expect(sentText(buildMessage('x {{a}}'), { profile })).toBe('x {{b}}');
  });

  test('cannot make a text longer than one may be', () => {
    const profile = [{ field: 'a', value: 'x'.repeat(500) }];
    expect(refusal(buildMessage('{{a}}'.repeat(9)), { profile })).toContain('4500 characters');
    expect(refusal(buildMessage('{{a}}'), { profile: [{ field: 'a', value: 'x\u202e' }] })).toContain(
      'U+202E',
    );
  });

  test('is not filled in what the owner approved', () => {
    expect(refusal(buildMessage('I live at {{home_address}}.'), { approved: true })).toContain(
      'no placeholders',
    );
  });
});

describe('the first message to an address', () => {
  test('ends with the line that tells who writes, later ones do not', () => {
    expect(sentText(buildMessage('Hello'), first)).toBe(`Hello\n\n${line}`);
    expect(sentText(buildMessage('Hello'))).toBe('Hello');
  });

  test('does not name an owner who keeps their name private', () => {
    const text = sentText(buildMessage('Hello'), { ...first, contract: buildContract({ share: [] }) });
    expect(text).toContain('automated assistant writing for my client');
    expect(text).not.toContain('Ana');
  });

  test('says it once, also after it waited for approval', () => {
    const asked = judge(buildMessage('Please book it.'), first);
    expect(asked.kind).toBe('ask');
    if (asked.kind === 'refuse') return;
    const approved = judge(asked.payload, { ...first, approved: true });
    expect(approved).toMatchObject({ kind: 'allow', payload: asked.payload, consequence: asked.consequence });
  });

  test('is judged by the words of the agent alone', () => {
    expect(judge(buildMessage('Hello'), first).findings).toEqual([]);
    expect(sentText(buildMessage('a'.repeat(4_000)), first)).toHaveLength(4_000 + line.length + 2);
  });

  test('of an owner with an odd name stays in form', () => {
    const text = sentText(buildMessage('Hello'), { ...first, ownerName: `A\u202e\nB${'x'.repeat(300)}` });
    expect(text.split('\n\n').at(-1)).not.toMatch(/[\n\u202e]/);
    expect(text.length).toBeLessThan(320);
  });
});

test('what the owner approved is sent byte for byte or not at all', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (text, isFirst) => {
      const payload = buildMessage(text);
      const verdict = judge(payload, { approved: true, ...(isFirst ? first : {}) });
      expect(verdict.kind === 'refuse' ? payload : verdict.payload).toEqual(payload);
      expect(verdict.kind).not.toBe('ask');
    }),
  );
});
