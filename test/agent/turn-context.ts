import { defaultContract } from '../../src/domain/contract.ts';
import type { TurnContext } from '../../src/domain/turn.ts';
import { testEpoch } from '../support/clock.ts';

/** A turn of an errand in which nothing has happened. */
export function buildTurnContext(more: Partial<TurnContext> = {}): TurnContext {
  return {
    turnId: 'turn_1',
    now: testEpoch,
    ownerName: 'Dana',
    triggers: ['started'],
    jorb: {
      id: 'jorb_1',
      name: 'The errand',
      plan: 'Ask Alice whether Thursday works.',
      status: 'running',
      pauseCause: null,
      reason: null,
      summary: null,
      evidence: [],
      contractVersion: 1,
      createdAt: testEpoch,
      updatedAt: testEpoch,
      lastActivityAt: testEpoch,
      finishedAt: null,
      wakeAt: null,
      wakeReason: null,
    },
    phases: [],
    contract: {
      ...defaultContract({ minor: 10_000, currency: 'USD' }),
      counterparties: [],
      quietHours: null,
      deadlineAt: null,
    },
    counterparties: [],
    facts: [],
    newMessages: [],
    transcript: [],
    older: { messages: 0, facts: 0 },
    approvals: [],
    actions: [],
    guidance: [],
    promises: [],
    handoff: null,
    progress: [],
    quoteMark: '0123456789abcdef0123456789abcdef',
    ...more,
  };
}
