import { expect, test } from 'vitest';
import { httpRequest } from '../../../src/agent/tools/http-request.ts';
import { buildTurnContext } from '../turn-context.ts';

const context = buildTurnContext();
const given = {
  url: 'https://API.example.com/a/../rooms?q=a b#top',
  method: 'GET',
  body: null,
  based_on: 'event_3',
  confidence: 0.9,
  consequence: null,
};
const prepare = (change: Record<string, unknown> = {}) =>
  httpRequest.prepare({ ...given, ...change }, context);

test('a GET is a message to its host', () => {
  expect(prepare()).toEqual({
    ok: true,
    value: {
      kind: 'send_message',
      to: 'web:api.example.com',
      text: 'GET /rooms?q=a%20b',
      price: null,
      label: 'message',
      basedOn: 'event_3',
      confidence: 0.9,
    },
  });
});

test('a POST is a commitment with its body, and a label only raises', () => {
  const post = { method: 'POST', body: '{"home":"{{home_address}}"}' };
  const text = 'POST /rooms?q=a%20b\n\n{"home":"{{home_address}}"}';
  expect(prepare(post)).toMatchObject({ ok: true, value: { text, label: 'commit' } });
  const label = (consequence: string) => {
    const prepared = prepare({ ...post, consequence });
    return prepared.ok && 'label' in prepared.value && prepared.value.label;
  };
  expect([label('none'), label('cancel'), label('purchase')]).toEqual(['commit', 'commit', 'purchase']);
  expect(prepare({ consequence: 'share_info' })).toMatchObject({ ok: true, value: { label: 'share_info' } });
});

test.each([
  [{ url: 'api.example.com/rooms' }, 'url: must be whole'],
  [{ url: 'http://api.example.com/' }, 'must begin with https://'],
  [{ url: 'file:///etc/passwd' }, 'must begin with https://'],
  [{ url: 'javascript:alert(1)' }, 'must begin with https://'],
  [{ url: 'https://user:pass@api.example.com/' }, 'user name or password'],
  [{ url: 'https://api.example.com:8443/' }, 'port 8443'],
  [{ url: 'https://127.0.0.1/' }, 'host name such as'],
  [{ url: 'https://2130706433/' }, 'host name such as'],
  [{ url: 'https://0x7f.1/' }, 'host name such as'],
  [{ url: 'https://[::ffff:7f00:1]/' }, 'host name such as'],
  [{ url: 'https://localhost/' }, 'host name such as'],
  [{ url: 'https://api.example.com./' }, 'host name such as'],
  [{ url: 'https://api.example.com/{{home_address}}' }, 'no {{placeholders}}'],
  [{ url: 'https://api.example.com//evil' }, 'must begin with one /'],
  [{ url: 'https://api.example.com/%' }, 'percent-encoded'],
  [{ method: 'POST' }, 'body: a POST needs one'],
  [{ body: 'x' }, 'a GET has no body'],
  [{ method: 'PUT' }, 'method'],
  [{ based_on: 'action_1' }, 'based_on'],
  [{ headers: { authorization: 'x' } }, 'headers'],
])('%j is refused with a hint', (change, hint) => {
  const prepared = prepare(change);
  expect(prepared.ok ? 'ok' : prepared.error).toContain(hint);
});

test('the default port may be named', () => {
  expect(prepare({ url: 'https://api.example.com:443' })).toMatchObject({
    ok: true,
    value: { text: 'GET /' },
  });
});
