import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderLineWithin, renderQuotedWithin } from '../../../src/domain/render/within.ts';

const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.constantFrom('宿'.repeat(5000), '\u202e'.repeat(900), '👩‍👩‍👧‍👦'.repeat(90)),
);

test('a line takes no more bytes than it may, and one that fits is whole', () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 16, max: 300 }), (text, bytes) => {
      const line = renderLineWithin(text, bytes);
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(bytes);
      expect(line).not.toMatch(/\n/);
      // What was cut once is not cut again: text and data may both be cut and say the same.
      expect(renderLineWithin(line, bytes)).toBe(line);
    }),
  );
  expect(renderLineWithin('We have a room.', 15)).toBe('We have a room.');
  expect(renderLineWithin('We have a room.', 14)).not.toContain('We have a room.');
  expect(renderLineWithin('We have a room at $289.', 20)).toMatch(/^We have a.*289\.$/);
});

test('nothing in a quotation ends it', () => {
  expect(renderQuotedWithin('fine” he said “go', 60)).toBe('“fine" he said "go”');
});
