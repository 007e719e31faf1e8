import type { NoticeFact } from '../../../src/domain/notice.ts';
import { dayMs, minuteMs } from '../../../src/lib/duration.ts';
import { testEpoch } from '../../support/clock.ts';
import { sampleApproval, sampleContract, sampleJorb } from './samples.ts';

type Fact<Kind extends NoticeFact['kind']> = Extract<NoticeFact, { kind: Kind }>;

const ground = { seq: 1, at: testEpoch - minuteMs, jorb: sampleJorb, notifyOn: null };

export const approvalFact: Fact<'approval' | 'reminder'> = {
  ...ground,
  kind: 'approval',
  approval: sampleApproval,
};

export const questionFact: Fact<'approval' | 'reminder'> = {
  ...ground,
  kind: 'approval',
  approval: {
    ...sampleApproval,
    id: 'approval_5',
    action: {
      ...sampleApproval.action,
      payload: { kind: 'ask_owner', question: 'King or twin? They have both at the same price.' },
      findings: [],
    },
    quote: null,
    recipientName: null,
  },
};

export const wideningFact: Fact<'approval' | 'reminder'> = {
  ...ground,
  kind: 'reminder',
  approval: {
    ...sampleApproval,
    id: 'approval_6',
    askedAt: testEpoch - dayMs,
    action: {
      ...sampleApproval.action,
      payload: { kind: 'change_contract', contract: sampleContract, startAfter: false },
      findings: [{ rule: 'widening', consequence: 'purchase', because: 'the budget is $1,500.00' }],
    },
    quote: null,
    recipientName: null,
  },
};

const moneySpent =
  "the model's money for this jorb is spent: the next question to the model may cost $0.1000, and $4.9900 of the $5.0000 that models may cost in one jorb is spent; raise MODEL_SPEND_LIMIT_JORB, or do the rest yourself";

export const pauseFact: Fact<'pause'> = {
  ...ground,
  kind: 'pause',
  jorb: { ...sampleJorb, id: 'jorb_48', name: 'Flights', pauseCause: 'limit', reason: moneySpent },
  cause: 'limit',
  reason: moneySpent,
};

export const completeFact: Fact<'complete' | 'fail'> = {
  ...ground,
  kind: 'complete',
  jorb: {
    ...sampleJorb,
    id: 'jorb_46',
    name: 'Dinner',
    status: 'complete',
    pauseCause: null,
    reason: 'Booked at Zuni Café, Friday 19:00, table for four.',
    evidence: ['event_11'],
  },
};

export const failFact: Fact<'complete' | 'fail'> = {
  ...completeFact,
  kind: 'fail',
  jorb: {
    ...completeFact.jorb,
    id: 'jorb_45',
    name: 'Florist',
    status: 'failed',
    reason: 'the shop is closed for good',
  },
};

export const budgetFact: Fact<'budget'> = {
  ...ground,
  kind: 'budget',
  action: 'action_12',
  contractVersion: 1,
  refusal: 'only $44.00 of the budget is left; find a cheaper offer or ask the owner',
};

export const lateFact: Fact<'late_reply'> = {
  ...ground,
  kind: 'late_reply',
  jorb: completeFact.jorb,
  messages: {
    ids: ['event_31', 'event_32'],
    more: 0,
    from: 'Zuni Café (loopback:zuni)',
    text: 'Hello again!\nWould 19:30 do as well?',
  },
};

export const handoffFact: Fact<'handoff'> = {
  ...ground,
  kind: 'handoff',
  error: 'two drafts had no next step',
  handedOver: false,
};

export const everyFact: NoticeFact[] = [
  approvalFact,
  questionFact,
  wideningFact,
  pauseFact,
  budgetFact,
  handoffFact,
  lateFact,
  failFact,
  completeFact,
].map((fact, index) => ({ ...fact, seq: index + 1 }));
