import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holdsField, openForSearch } from '../../../src/domain/policy/private-fields.ts';
import { findSecret } from '../../../src/domain/policy/secrets.ts';
import { buildContract, judgeText, listRules, profile } from '../../support/gate.ts';

function tells(text: string): string[] {
  const searched = openForSearch(text);
  return profile.filter((field) => holdsField(searched, field)).map(({ field }) => field);
}

test.each([
  ['I live at calle MAYOR, 5', 'home_address'],
  ['c-a-l-l-e m.a.y.o.r 5', 'home_address'],
  ['Саllе Mауоr 5 (Cyrillic)', 'home_address'],
  ['the code is 28013 madrid', 'home_address'],
  ['call (415) 555-0101', 'phone'],
  ['call 555 0101', 'phone'],
  ['four one five, five five five, oh one oh one', 'phone'],
  ['born 12 April 1987', 'date_of_birth'],
  ['April 12th, 1987', 'date_of_birth'],
  ['12/04/1987', 'date_of_birth'],
  ['4.12.1987', 'date_of_birth'],
  ['ana at example dot com', 'email'],
  ['ANA @ EXAMPLE . COM', 'email'],
  ['I write for Ana', 'name'],
  ['l-i-m-a', 'name'],
  ['xk 447 1209', 'passport'],
  ['number 4471209', 'passport'],
])('%s tells the %s', (text, field) => {
  expect(tells(text)).toContain(field);
});

test.each(['Madrid is nice', 'bananas and climate', 'March 17-21 2027 at $289', 'April 17, 2027', 'room 5'])(
  '%s tells nothing',
  (text) => expect(tells(text)).toEqual([]),
);

test('a short value counts only as a word of its own', () => {
  const field = { field: 'nick', value: 'Li' };
  expect(holdsField(openForSearch('it is available'), field)).toBe(false);
  expect(holdsField(openForSearch('I am L.I.!'), field)).toBe(true);
  expect(holdsField(openForSearch('田中です'), { field: 'nick', value: '田中' })).toBe(true);
});

test.each([
  ['Straße 12b', 'STRASSE 12B'],
  ['Αθήνα', 'ΑΘΗΝΑ'],
  ['José Núñez', 'jose nunez'],
  ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
])('%s is found as %s', (value, text) => {
  expect(holdsField(openForSearch(text), { field: 'other', value })).toBe(true);
});

describe('what the contract shares', () => {
  const share = [{ field: 'home_address', with: ['loopback:magic'] }];
  test('may be told to that contact and to no other', () => {
    const contract = buildContract({ share });
    expect(judgeText('We live at Calle Mayor 5, 28013 Madrid.', { contract }).kind).toBe('allow');
    const elsewhere = buildContract({ share: [{ field: 'home_address', with: ['loopback:zetta'] }] });
    expect(judgeText('We live at Calle Mayor 5.', { contract: elsewhere }).kind).toBe('ask');
  });

  test('is the name by default, and not when the owner takes it out', () => {
    expect(judgeText('I write for Ana Lima.').kind).toBe('allow');
    expect(judgeText('I write for Ana Lima.', { contract: buildContract({ share: [] }) }).kind).toBe('ask');
  });
});

const separators = ['', ' ', '-', '.', ', ', '_', ' / ', '\n', '*', '|', '…', '’', '\t', '  ', '(', '"'];

test('no message that holds a private value leaves unasked, whatever its separators and case', () => {
  const hidden = profile.filter(({ field }) => field !== 'name');
  fc.assert(
    fc.property(
      fc.constantFrom(...hidden),
      fc.infiniteStream(fc.tuple(fc.constantFrom(...separators), fc.boolean())),
      fc.constantFrom('It is ', 'Note: ', ''),
      fc.constantFrom(' is it', '.', ''),
      ({ field, value }, stream, before, after) => {
        const told = [...value]
          .map((letter) => {
            const [separator, upper] = stream.next().value ?? ['', false];
            return (upper ? letter.toUpperCase() : letter.toLowerCase()) + separator;
          })
          .join('');
        const verdict = judgeText(before + told + after);
        expect(verdict.kind).toBe('ask');
        expect(verdict.findings).toContainEqual(
          expect.objectContaining({ because: expect.stringContaining(field) }),
        );
        expect(JSON.stringify(verdict.findings)).not.toContain(value);
      },
    ),
  );
});

test('no verdict of any text holds a value that the text did not', () => {
  const values = profile.map(({ value }) => value);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      const { payload: _, ...verdict } = { payload: null, ...judgeText(text) };
      expect(values.filter((value) => JSON.stringify(verdict).includes(value))).toEqual([]);
    }),
  );
});

test.each([
  ['4111 1111 1111 1111', 'card'],
  ['my card: 4111111111111111!', 'card'],
  ['4111-1111-1111-1111 12/27 123', 'card'],
  ['IBAN DE89 3704 0044 0532 0130 00', 'account'],
  ['GB82 WEST 1234 5698 7654 32 please', 'account'],
  ['The code is 482913', 'password'],
  ['verification code: 482913', 'password'],
  ['PIN 1234', 'password'],
  ['cvv 123', 'password'],
  ['password: hunter2', 'password'],
  ['the password is swordfish', 'password'],
])('%s gives a secret away', (text, what) => {
  expect(findSecret(text)).toContain(what);
  expect(listRules(judgeText(text))).toContain('secret_pattern');
});

test.each([
  '4111 1111 1111 1112',
  'DE88 3704 0044 0532 0130 00',
  'room 412, March 17-21 2027',
  'call 12 345 678 901 234 567',
  'Is a password needed?',
  'What is the door code?',
  'a smart dress code',
])('%s gives no secret away', (text) => {
  expect(findSecret(text)).toBeUndefined();
});
