import type { Handoff } from '../../../src/domain/handoff.ts';

/** A handoff with nothing in it but what is given. */
export function buildHandoff(overrides: Partial<Handoff> = {}): Handoff {
  return {
    status: 'It is under way.',
    done: [],
    openQuestions: [],
    promises: [],
    approvals: [],
    facts: [],
    decisions: [],
    contractVersion: 1,
    limits: [],
    nextSteps: [],
    learnings: [],
    ...overrides,
  };
}
