import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressKey, normalizeAddress, readOptOut } from '../../src/domain/contact.ts';

test.each([
  ['magic', 'magic'],
  ['@Magic', 'magic'],
  ['  MAGIC  ', 'magic'],
  ['Ｍａｇｉｃ', 'magic'],
  ['front.desk+gdc@nikko.example', 'front.desk+gdc@nikko.example'],
  ['+1 (415) 555-0101', '+14155550101'],
  ['1.415.555.0101', '+14155550101'],
  ['４１５５５５０１０１', '+4155550101'],
])('%j is the address %s', (text, address) => {
  expect(normalizeAddress('loopback', text)).toEqual({ ok: true, value: address });
});

test.each([
  '',
  ' ',
  '@',
  '+',
  'a b',
  'a\r\nBcc: b',
  'a\tb',
  'mag\u200bic',
  'm\u202ea',
  'mаgic',
  'a,b',
  '<a>',
  '.a',
  'a.',
  'x'.repeat(129),
  '+1415555010112345',
  '\0',
])('%j is no address', (text) => {
  expect(normalizeAddress('loopback', text).ok).toBe(false);
});

test('a normalized address is its own normal form', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[@+]?[A-Za-z0-9 ().-]{1,20}$/)), (text) => {
      const once = normalizeAddress('loopback', text);
      if (once.ok) expect(normalizeAddress('loopback', once.value)).toEqual(once);
    }),
  );
});

test.each([
  ['api.example.com', 'api.example.com'],
  [' API.Example.COM ', 'api.example.com'],
  ['ａｐｉ.example.com', 'api.example.com'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['api。example.com', 'api.example.com'],
  ['1.example.com', '1.example.com'],
])('%j is the web host %s', (text, host) => {
  expect(normalizeAddress('web', text)).toEqual({ ok: true, value: host });
});

test.each([
  ...['', 'example', 'localhost', 'api.example.com.', '.example.com', 'api..example.com', '*.example.com'],
  ...['https://api.example.com', 'api.example.com/', 'api.example.com:443', 'api.example.com:8443'],
  ...['user@api.example.com', 'user:pass@api.example.com', 'api.example.com?x', 'api.example.com#x'],
  ...['api.example.com\\@evil.example', 'api.example.com%2eevil', 'api_1.example.com', '-a.example.com'],
  ...['127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '017700000001'],
  ...['0', '0.0.0.0', '[::1]', '::1', '[::]', '[::ffff:7f00:1]', '::ffff:127.0.0.1', '[64:ff9b::7f00:1]'],
  ...['127.0.0.1.', '１２７.０.０.１', '①②⑦.0.0.1', '169.254.169.254', '[fd00:ec2::254]', '1.2.3.4.5'],
  ...['127.0.0.1\u200b', 'api\u00ad.example.com', 'api.example.com\r\nHost: b', 'xn--\u00fc.example'],
  ...['file:///etc/passwd', `${'a'.repeat(64)}.example`, `${'a.'.repeat(126)}example`],
])('%j is no web host', (text) => {
  const host = normalizeAddress('web', text);
  expect(host).toEqual({ ok: false, error: expect.stringContaining('a host name such as api.example.com') });
});

test('a web host is its own normal form and nothing but letters, digits, dots and dashes', () => {
  const text = fc.oneof(fc.domain(), fc.string({ unit: 'grapheme' }), fc.ipV4Extended(), fc.webAuthority());
  fc.assert(
    fc.property(text, (given) => {
      const once = normalizeAddress('web', given);
      if (!once.ok) return;
      expect(normalizeAddress('web', once.value)).toEqual(once);
      expect(once.value).toMatch(/^[a-z0-9.-]+\.[a-z][a-z0-9-]*$/);
      expect(new URL(`https://${once.value}/`).hostname).toBe(once.value);
    }),
  );
});

test('an address is named with its channel', () => {
  expect(addressKey({ channel: 'loopback', address: 'magic' })).toBe('loopback:magic');
});

test.each([
  ['STOP', 'stop'],
  [' stop. ', 'stop'],
  ['Stop  all!', 'stop'],
  ['unsubscribe', 'stop'],
  ['START', 'start'],
  ['please stop by at noon', undefined],
  ['the bus stop', undefined],
  ['yes', undefined],
])('the whole message %j is the wish: %s', (text, wish) => {
  expect(readOptOut(text)).toBe(wish);
});
