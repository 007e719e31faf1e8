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
