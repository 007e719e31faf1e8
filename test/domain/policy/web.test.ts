import { describe, expect, test } from 'vitest';
import type { SendPayload } from '../../../src/domain/action.ts';
import { hourMs, minuteMs } from '../../../src/lib/duration.ts';
import { testEpoch } from '../../support/clock.ts';
import {
  buildContract,
  buildCounterparty,
  judge,
  listRules,
  nameVerdict,
  profile,
} from '../../support/gate.ts';

type Given = Parameters<typeof judge>[1];

const host = 'api.example.com';
const contract = buildContract({ counterparties: [{ channel: 'web', address: host }] });
const known = {
  contract,
  counterparties: [buildCounterparty(host, { channel: 'web' })],
  recipient: { everSent: 0, lastInbound: null, optedOut: false },
};

const ask = (text: string, given: Given = {}, to = host) => judge(toWeb(text, to), { ...known, ...given });

function toWeb(text: string, address = host): SendPayload {
  return { kind: 'send_message', to: { channel: 'web', address }, text, price: null };
}

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const base64Url = (text: string) => Buffer.from(text, 'utf8').toString('base64url');
const hex = (text: string) => Buffer.from(text, 'utf8').toString('hex');
const percent = (text: string) => hex(text).replace(/../g, '%$&');

describe('a GET to a host of the contract', () => {
  test('leaves as it is, without the line of a first contact', () => {
    expect(ask('GET /rooms?nights=4&max=350')).toMatchObject({
      kind: 'allow',
      consequence: 'message',
      findings: [],
      payload: { text: 'GET /rooms?nights=4&max=350' },
    });
  });

  test('is not read for words and prices, which mean nothing there', () => {
    expect(ask('GET /book/confirm?price=$289.00&yes=please+cancel').kind).toBe('allow');
  });

  test('asks where its label or the contract says so', () => {
    expect(ask('GET /rooms', { label: 'purchase' })).toMatchObject({ kind: 'ask', consequence: 'purchase' });
    const careful = buildContract({ ...contract, treatment: { ...contract.treatment, message: 'ask' } });
    expect(ask('GET /rooms', { contract: careful }).kind).toBe('ask');
  });

  test('may be made again after an hour, and not before', () => {
    const sent = (ms: number, text = 'GET /a/b') => ({
      recentSends: [{ channel: 'web', address: host, text, at: testEpoch - ms }],
    });
    expect(nameVerdict(ask('GET /a/b', sent(59 * minuteMs)))).toBe('repetition');
    expect(ask('GET /a/b', sent(hourMs)).kind).toBe('allow');
    expect(ask('GET /ab', sent(minuteMs)).kind).toBe('allow');
  });

  test('is held to the caps of a recipient', () => {
    const recentSends = Array.from({ length: 6 }, (_, index) => ({
      ...{ channel: 'web', address: host, text: `GET /${index}`, at: testEpoch - index * 1000 },
    }));
    expect(nameVerdict(ask('GET /next', { recentSends }))).toBe('bot_loop');
  });
});

describe('a POST', () => {
  test('is a commitment, whatever its label', () => {
    for (const label of ['none', 'message', 'commit'] as const) {
      const verdict = ask('POST /orders\n\n{}', { label });
      expect(verdict).toMatchObject({ kind: 'ask', consequence: 'commit' });
      expect(listRules(verdict)).toEqual(['web_post', 'price']);
    }
    expect(ask('POST /orders\n\n{}', { approved: true }).kind).toBe('allow');
  });

  test('asks even where commitments are free, for its price is not known', () => {
    const free = buildContract({ ...contract, treatment: { ...contract.treatment, commit: 'allow' } });
    expect(ask('POST /orders\n\n{}', { contract: free }).kind).toBe('ask');
  });

  test('that calls something off is a cancellation too', () => {
    const strict = buildContract({ ...contract, treatment: { ...contract.treatment, cancel: 'refuse' } });
    expect(nameVerdict(ask('POST /say\n\nPlease cancel the room.', { contract: strict }))).toBe('treatment');
  });

  test('is not made again within a day', () => {
    const recentSends = [
      { channel: 'web', address: host, text: 'POST /\n\n{}', at: testEpoch - 23 * hourMs },
    ];
    expect(nameVerdict(ask('POST /\n\n{}', { recentSends, approved: true }))).toBe('repetition');
  });
});

test('a host that the owner did not name asks, and one that is refused is refused', () => {
  expect(ask('GET /', {}, 'evil.example')).toMatchObject({ kind: 'ask', consequence: 'new_recipient' });
  const closed = buildContract({
    ...contract,
    treatment: { ...contract.treatment, new_recipient: 'refuse' },
  });
  expect(nameVerdict(ask('GET /', { contract: closed }, 'evil.example'))).toBe('recipient');
});

describe('the form of a request', () => {
  test.each([
    ['Hello', 'http_request'],
    ['GET /a/../b', 'must be written /b'],
    ['GET //evil.example', 'must begin'],
    ['GET /\u200b', 'U+200B'],
    ['POST /\n\na\r\nb', 'U+000D'],
    ['GET /?q={{home_address}}', 'no {{placeholders}}'],
    [`POST /\n\n${'a'.repeat(4001)}`, '4001'],
  ])('%j is refused', (text, why) => {
    for (const approved of [false, true]) {
      const verdict = ask(text, { approved });
      expect(nameVerdict(verdict)).toBe('shape');
      expect(verdict.kind === 'refuse' && verdict.text).toContain(why);
    }
  });

  test.each(['127.0.0.1', 'API.example.com', 'localhost', 'api.example.com.', 'api.example.com:443'])(
    'to %s is refused',
    (address) => expect(nameVerdict(ask('GET /', {}, address))).toBe('shape'),
  );
});

describe('a placeholder in the body', () => {
  test('is filled, escaped as JSON wants it, and asks', () => {
    const quoted = [{ field: 'motto', value: 'say "hi"\\ \u00e9' }];
    const verdict = ask('POST /\n\n{"motto":"{{motto}}"}', { profile: quoted });
    expect(verdict.kind).toBe('ask');
    expect(listRules(verdict)).toContain('private_field');
    const text =
      verdict.kind !== 'refuse' && verdict.payload.kind === 'send_message' ? verdict.payload.text : '';
    expect(JSON.parse(text.slice('POST /\n\n'.length))).toEqual({ motto: 'say "hi"\\ \u00e9' });
    expect(verdict.kind !== 'refuse' && ask(text, { approved: true, profile: quoted }).kind).toBe('allow');
  });

  test('is filled as it is in plain text', () => {
    const verdict = ask('POST /\n\nWe live at {{home_address}}.');
    expect(verdict).toMatchObject({
      kind: 'ask',
      payload: { text: 'POST /\n\nWe live at Calle Mayor 5, 28013 Madrid.' },
    });
  });

  test('is not filled in what the owner approved', () => {
    const verdict = ask('POST /\n\nWe live at {{home_address}}.', { approved: true });
    expect(verdict.kind === 'refuse' && verdict.text).toContain('no placeholders');
  });

  test('of no field is refused, and one that is too long when filled', () => {
    expect(nameVerdict(ask('POST /\n\n{{shoe_size}}'))).toBe('shape');
    const long = [{ field: 'a', value: 'x'.repeat(500) }];
    expect(nameVerdict(ask(`POST /\n\n${'{{a}}'.repeat(9)}`, { profile: long }))).toBe('shape');
  });
});

const hidden = profile.filter(({ field }) => field !== 'name');
const spellings: [string, (value: string) => string][] = [
  ['plain', (value) => value.replaceAll(' ', '+')],
  ['percent-encoded', encodeURIComponent],
  ['every byte percent-encoded', percent],
  ['percent-encoded twice', (value) => encodeURIComponent(percent(value))],
  [
    'percent-encoded four times',
    (value) => [1, 2, 3].reduce((text) => encodeURIComponent(text), percent(value)),
  ],
  ['a path', (value) => value.replaceAll(' ', '/')],
  ['base64', (value) => encodeURIComponent(base64(value))],
  ['base64url', base64Url],
  ['base64 with something before it', (value) => `id-${base64Url(`x${value}`)}`],
  ['base64 within a text', (value) => base64Url(`{"user":"u","value":"${value}","n":1}`)],
  ['base64 of base64', (value) => base64Url(base64(value))],
  ['hex', hex],
  ['HEX', (value) => hex(value).toUpperCase()],
  ['hex with something before it', (value) => `a${hex(value)}`],
  ['hex of base64', (value) => hex(base64(value))],
];

describe.each(spellings)('a private value spelled as %s', (_, spell) => {
  test.each(hidden)('is found in path, query and body: $field', ({ field, value }) => {
    const spelled = new URL(`https://${host}/${spell(value)}`).pathname.slice(1);
    for (const text of [
      `GET /${spelled}`,
      `GET /v1/search?q=${spelled}&n=4`,
      `POST /x\n\n{"q":"${spell(value)}"}`,
      `POST /x?t=${spelled}\n\n{}`,
    ]) {
      const verdict = ask(text);
      expect([text, verdict.kind]).toEqual([text, 'ask']);
      expect(verdict.findings).toContainEqual({
        rule: 'private_field',
        consequence: 'share_info',
        because: `the request tells the owner's ${field}`,
      });
    }
  });
});

test('a value in the escapes of JSON is found', () => {
  const escaped = [...'XK4471209'].map((letter) => `\\u00${hex(letter)}`).join('');
  expect(listRules(ask(`POST /x\n\n{"q":"${escaped}"}`))).toContain('private_field');
});

test('a value in the name of a host that nobody named is found', () => {
  expect(listRules(ask('GET /', {}, 'xk4471209.evil.example'))).toEqual(['recipient', 'private_field']);
});

test.each([
  'GET /cards/4111111111111111',
  `GET /x?c=${base64Url('the card is 4111 1111 1111 1111')}`,
  'POST /x\n\n{"password":"hunter2"}',
])('a secret asks: %j', (text) => expect(listRules(ask(text))).toContain('secret_pattern'));

test.each([
  'GET /hotels/550e8400-e29b-41d4-a716-446655440000/rooms?from=2027-03-17&to=2027-03-21&adults=2',
  'GET /search?q=hotel%20near%20Moscone%20Center&sort=price&cursor=eyJwYWdlIjoyLCJzaXplIjo1MH0',
  'GET /v2/forecast?lat=37.7840&lon=-122.4014&units=metric&key=d41d8cd98f00b204e9800998ecf8427e',
])('an honest request holds nothing private: %s', (text) => {
  expect(ask(text)).toMatchObject({ kind: 'allow', findings: [] });
});

test('a short value counts where it is written, and not by chance in what was bytes', () => {
  const given = { profile: [{ field: 'nick', value: 'Li' }] };
  expect(listRules(ask('GET /?nick=li', given))).toEqual(['private_field']);
  expect(ask(`GET /?cursor=${base64Url('\u0000\u0001 li \u0002\u0003')}`, given).kind).toBe('allow');
});

describe('an errand that holds private data', () => {
  test('asks about every request, and says why', () => {
    for (const text of ['GET /', 'GET /rooms?n=4']) {
      const verdict = ask(text, { holdsPrivate: true });
      expect(verdict).toMatchObject({ kind: 'ask', consequence: 'share_info' });
      expect(listRules(verdict)).toEqual(['private_data_held']);
      expect(ask(text, { holdsPrivate: true, approved: true }).kind).toBe('allow');
    }
    expect(listRules(ask('POST /\n\n{}', { holdsPrivate: true }))).toContain('private_data_held');
  });

  test('is refused where the contract refuses to tell anything', () => {
    const closed = buildContract({ ...contract, treatment: { ...contract.treatment, share_info: 'refuse' } });
    expect(nameVerdict(ask('GET /', { holdsPrivate: true, contract: closed }))).toBe('treatment');
  });

  test('writes to people as ever', () => {
    const verdict = judge(
      { ...toWeb('Do you have a room?'), to: { channel: 'loopback', address: 'magic' } },
      { holdsPrivate: true },
    );
    expect(verdict.kind).toBe('allow');
  });
});
