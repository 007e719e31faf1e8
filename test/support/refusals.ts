import { expect } from 'vitest';
import { Refusal } from '../../src/domain/refusal.ts';

/** What a request was refused with. Fails unless it was, in one clear sentence that names the field. */
export function readRefusal(read: () => unknown): { field: string; message: string } {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { message, field = '' } = error;
    expectOneSentence(message);
    if (field !== '' && error.code === 'invalid') expect(message).toContain(field);
    return { field, message };
  }
  throw new Error('it was not refused');
}

/** One line that begins and ends like the others, and no second sentence after it. */
export function expectOneSentence(message: string): void {
  expect(message).toMatch(/^\S[^\n]{8,300}[^\s.!?]$/);
  expect(message).not.toMatch(/[.!?] [A-Z]/);
}
