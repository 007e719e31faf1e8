import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatWebRequest,
  parseWebRequest,
  readContentType,
  webMethods,
} from '../../src/domain/web-request.ts';

test.each([
  ['GET /', { method: 'GET', path: '/', body: null }],
  [
    'GET /rooms?from=2027-03-17&q=a%20b',
    { method: 'GET', path: '/rooms?from=2027-03-17&q=a%20b', body: null },
  ],
  ['POST /rooms\n\n{"a":1}', { method: 'POST', path: '/rooms', body: '{"a":1}' }],
  ['POST /rooms\n\n\nGET /other\n', { method: 'POST', path: '/rooms', body: '\nGET /other\n' }],
])('%j is a request', (text, request) => {
  expect(parseWebRequest(text)).toEqual({ ok: true, value: request });
  expect(formatWebRequest(request as Parameters<typeof formatWebRequest>[0])).toBe(text);
});

test.each([
  ['Is a room free?', 'must be a request'],
  ['', 'must be a request'],
  ['get /', 'must be a request'],
  ['PUT /', 'must be a request'],
  ['CONNECT evil.example:443', 'must be a request'],
  ['GET', 'must be a request'],
  [' GET /', 'must be a request'],
  ['GET  /', 'must begin with one /'],
  ['GET https://evil.example/', 'must begin with one /'],
  ['GET //evil.example/', 'must begin with one /'],
  ['GET /\\evil.example/', 'must begin with one /'],
  ['GET /%', 'percent-encoded'],
  ['GET /%zz', 'percent-encoded'],
  ['GET /a/../b', 'must be written /b'],
  ['GET /a/%2e%2E/b', 'must be written /b'],
  ['GET /./b', 'must be written /b'],
  ['GET /..//evil.example/', 'must begin with one /'],
  ['GET /a b', 'must be written /a%20b'],
  ['GET /a\tb', 'must be written /ab'],
  ['GET /é', 'must be written /%C3%A9'],
  ['GET /a#b', 'must be written /a'],
  ['GET /a?', 'must be written /a'],
  ['GET /a\\b', 'must be written /a/b'],
  ['GET / HTTP/1.1', 'must be written /%20HTTP/1.1'],
  ['GET /\r\nX-Evil: 1', 'must be a request'],
  ['GET /\n', 'GET has no body'],
  ['GET /\n\nbody', 'GET has no body'],
  ['POST /', 'empty line and a body'],
  ['POST /\n{}', 'empty line and a body'],
  ['POST /\n\n', 'the body has 0'],
  [`POST /\n\n${'a'.repeat(4001)}`, '4001 characters'],
  [`GET /${'a'.repeat(2000)}`, '2001 characters'],
  ['GET /?q={{home_address}}', 'no {{placeholders}}'],
  ['GET /?q=%7B%7Bhome_address%7D%7D', 'no {{placeholders}}'],
])('%j is none, and is told why', (text, why) => {
  const parsed = parseWebRequest(text);
  expect(parsed.ok ? 'ok' : parsed.error).toContain(why);
});

test('what is parsed is written back as it was, and its line can hold nothing else', () => {
  const body = fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), { nil: null });
  const path = fc.oneof(
    fc.webPath(),
    fc.webQueryParameters().map((query) => `/x?${query}`),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...webMethods), path, body, (method, given, bytes) => {
      const text = formatWebRequest({ method, path: given, body: bytes });
      const parsed = parseWebRequest(text);
      if (!parsed.ok) return;
      expect(formatWebRequest(parsed.value)).toBe(text);
      expect(parsed.value.path).toMatch(/^\/(?!\/)[\x21-\x7e]*$/);
      const { host, hash, pathname, search } = new URL(`https://api.example.com${parsed.value.path}`);
      expect([host, hash, `${pathname}${search}`]).toEqual(['api.example.com', '', parsed.value.path]);
    }),
  );
});

test.each([
  ['{"a":1}', 'application/json'],
  ['[]', 'application/json'],
  ['null', 'text/plain; charset=utf-8'],
  ['"a"', 'text/plain; charset=utf-8'],
  ['{a:1}', 'text/plain; charset=utf-8'],
])('the body %s is %s', (body, type) => expect(readContentType(body)).toBe(type));
