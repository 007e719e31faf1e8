import type { Handoff } from '../../src/domain/handoff.ts';
import type { TurnContext } from '../../src/domain/turn.ts';
import { hourMs } from '../../src/lib/duration.ts';
import { testEpoch } from '../support/clock.ts';
import { buildErrandContext } from './errand-context.ts';

export function buildHandoffBody(more: Partial<Handoff> = {}): Handoff {
  return {
    status: 'Magic offers $289 a night; the owner was asked. Phase 2 of 3.',
    done: [
      { text: 'Asked both hotels.', ids: ['outbox_21', 'outbox_23'] },
      { text: 'Magic offered a room (unproven that it is quiet).', ids: ['event_22'] },
    ],
    openQuestions: [{ text: 'Asked Magic whether the room is quiet; no answer.', ids: ['outbox_25'] }],
    promises: [
      {
        ...{ id: 'promise_1', by: 'them', with: 'loopback:magic', text: 'sends the invoice' },
        ...{ dueAt: testEpoch + 30 * hourMs, remark: 'They were late once before.' },
      },
      {
        ...{ id: 'promise_2', by: 'us', with: 'loopback:magic', text: 'says when we arrive' },
        ...{ dueAt: null, remark: null },
      },
    ],
    approvals: [
      { id: 'approval_3', asked: 'write to loopback:magic: “Please add breakfast.”', remark: null },
    ],
    facts: [{ text: 'Room at $289.00 per night, 2027-03-17 to 2027-03-21.', ids: ['event_22', 'fact_1'] }],
    decisions: [{ text: 'The owner: “Smoking? Not.”', ids: ['approval_1'] }],
    contractVersion: 1,
    limits: ['Money: $1,500.00 in all'],
    nextSteps: [
      { text: 'Ask Nikko once more.', at: testEpoch + 24 * hourMs },
      { text: 'Book the better one.', at: null },
    ],
    learnings: ['Magic answers within minutes, in English.'],
    ...more,
  };
}

/** An errand that goes on in its third context. */
export function buildHandedOver(body: Partial<Handoff> = {}, more: Partial<TurnContext> = {}): TurnContext {
  return buildErrandContext({
    handoff: { id: 'handoff_3', at: testEpoch + hourMs, body: buildHandoffBody(body) },
    progress: [
      '## 2026-11-17: Session handoff (3-day reset)',
      '**jorb_1 – Hotel for GDC** (RUNNING)',
      'Status: Both hotels are asked.',
      'Progress: none',
      'Next steps: Wait',
    ],
    ...more,
  });
}
