import type { Approval } from '../../../src/domain/approval.ts';
import type { Brief } from '../../../src/domain/brief.ts';
import { defaultContract } from '../../../src/domain/contract.ts';
import type { Jorb, JorbDetail, JorbSummary } from '../../../src/domain/jorb.ts';
import { noModelUse } from '../../../src/domain/model-money.ts';
import { dayMs, hourMs, minuteMs } from '../../../src/lib/duration.ts';
import { testEpoch } from '../../support/clock.ts';

const now = testEpoch;

export const sampleContract = {
  ...defaultContract({ minor: 100_00, currency: 'USD' }),
  counterparties: [
    { channel: 'loopback' as const, address: 'magic' },
    { channel: 'loopback' as const, address: '+14155550101' },
  ],
  money: {
    currency: 'USD',
    withoutApproval: 100_00,
    budget: 1500_00,
    offerLimit: { minor: 350_00, per: 'night' },
  },
  quietHours: { from: '22:00', to: '07:00', timeZone: 'America/Los_Angeles' },
  deadlineAt: now + 2 * dayMs,
};

export const sampleJorb: Jorb = {
  id: 'jorb_47',
  name: 'GDC Hotel',
  plan: 'Find a hotel near Moscone for March 17–21.\nAt most $350 a night.',
  status: 'paused',
  pauseCause: 'approval',
  reason: 'Magic offers Hotel Nikko at $289.00 a night',
  summary: 'Nikko $289.00, Marriott sold out',
  evidence: [],
  contractVersion: 1,
  createdAt: now - dayMs,
  updatedAt: now,
  lastActivityAt: now - 5 * minuteMs,
  finishedAt: null,
  wakeAt: null,
  wakeReason: null,
};

export const sampleApproval: Approval = {
  id: 'approval_3',
  action: {
    id: 'action_9',
    jorbId: 'jorb_47',
    turnId: 'turn_5',
    decisionId: 'decision_8',
    payload: {
      kind: 'send_message',
      to: { channel: 'loopback', address: 'magic' },
      text: 'Yes, please book the king at Hotel Nikko for March 17–21.\n\nThank you!',
      price: { minor: 1156_00, currency: 'USD', quantity: 4, per: 'night' },
    },
    hash: 'a'.repeat(64),
    contractVersion: 1,
    consequence: 'purchase',
    findings: [
      { rule: 'acceptance', consequence: 'commit', because: 'the text accepts an offer ("please book")' },
      { rule: 'price', consequence: 'purchase', because: '$1,156.00 is more than $100.00' },
    ],
    status: 'awaiting_approval',
    refusal: null,
    causedBy: 'event_12',
    createdAt: now - minuteMs,
  },
  jorb: { id: 'jorb_47', name: 'GDC Hotel', status: 'paused' },
  hash: 'a'.repeat(64),
  contractVersion: 1,
  status: 'pending',
  voidReason: null,
  askedAt: now - minuteMs,
  remindAt: now + 4 * hourMs,
  reminders: 0,
  expiresAt: now + 7 * dayMs - minuteMs,
  answeredAt: null,
  answerText: null,
  confirmedBy: null,
  recipientName: 'Magic concierge',
  quote: {
    eventId: 'event_12',
    from: 'Magic concierge',
    text: 'Hotel Nikko has a king for $289/night.\nMarriott is sold out.\nWant me to book Nikko?',
  },
};

export const sampleDetail: JorbDetail = {
  jorb: sampleJorb,
  contract: sampleContract,
  counterparties: [
    {
      id: 'address_1',
      channel: 'loopback',
      address: 'magic',
      name: 'Magic concierge',
      ask: 'Ask about Hotel Nikko and the Marriott',
      optedOut: false,
    },
    {
      id: 'address_2',
      channel: 'loopback',
      address: '+14155550101',
      name: 'Hotel Zetta',
      ask: null,
      optedOut: true,
    },
  ],
  phases: [
    { title: 'Ask for offers', status: 'done' },
    { title: 'Choose and book', status: 'active' },
    { title: 'Report', status: 'pending' },
  ],
  facts: [
    { id: 'fact_1', key: 'offer: Hotel Nikko', value: '$289.00 a night', sourceEventId: 'event_12', at: now },
    { id: 'fact_2', key: 'nights', value: '4', sourceEventId: null, at: now },
  ],
  promises: [
    {
      id: 'promise_1',
      by: 'them',
      with: { channel: 'loopback', address: 'magic' },
      text: 'to hold the room',
      dueAt: now + 86_400_000,
      sourceEventId: 'event_12',
    },
    {
      id: 'promise_2',
      by: 'us',
      with: { channel: 'loopback', address: '+14155550101' },
      text: 'to say no',
      dueAt: null,
      sourceEventId: null,
    },
  ],
  pendingApprovals: ['approval_3'],
  questions: [{ id: 'approval_3', remindAt: now + 4 * hourMs, expiresAt: now + 7 * dayMs }],
  endsAt: now + 13 * dayMs,
  handoffAt: null,
  lateMessages: 0,
  notifyOn: null,
  models: noModelUse,
  spent: { committed: { minor: 0, currency: 'USD' }, reserved: { minor: 1156_00, currency: 'USD' } },
  received: 3,
  sent: 2,
};

export const sampleSummary: JorbSummary = {
  id: 'jorb_47',
  name: 'GDC Hotel',
  status: 'paused',
  pauseCause: 'approval',
  reason: sampleJorb.reason,
  summary: sampleJorb.summary,
  lastActivityAt: sampleJorb.lastActivityAt,
  createdAt: sampleJorb.createdAt,
  pendingApprovals: 1,
  received: 3,
  sent: 2,
};

export const emptyBrief: Brief = {
  since: null,
  looksBack: false,
  now,
  stopped: null,
  approvals: [],
  paused: [],
  failed: [],
  problems: [],
  unmatched: [],
  failures: [],
  lateReplies: [],
  promises: [],
  upcoming: [],
  activity: { received: 0, sent: 0, created: 0, completed: 0, failed: 0, cancelled: 0, refused: 0, asked: 0 },
  jorbs: [],
  highlights: [],
  messages: [],
  completed: [],
  money: { committed: [], reserved: [] },
  models: { costMicros: 0, outage: null },
  open: { planning: 0, running: 0, paused: 0, complete: 0, failed: 0, cancelled: 0 },
  more: {
    ...{ approvals: 0, paused: 0, failed: 0, problems: 0, unmatched: 0 },
    ...{ failures: 0, lateReplies: 0, promises: 0, completed: 0, jorbs: 0 },
  },
};

export const sampleBrief: Brief = {
  ...emptyBrief,
  since: now - dayMs,
  stopped: { at: now - hourMs, reason: 'on holiday' },
  approvals: [sampleApproval],
  paused: [
    { id: 'jorb_47', name: 'GDC Hotel', pauseCause: 'approval', reason: sampleJorb.reason },
    { id: 'jorb_48', name: 'Plumber', pauseCause: 'limit', reason: 'no answer to two messages' },
  ],
  failed: [{ id: 'jorb_45', name: 'Florist', reason: 'the shop is closed for good' }],
  problems: [
    {
      id: 'outbox_7',
      jorbId: 'jorb_48',
      kind: 'unknown',
      to: 'loopback:plumber',
      text: 'Could you come on Tuesday?',
      error: 'the connection broke',
      at: now - hourMs,
    },
  ],
  unmatched: [
    {
      event: {
        id: 'event_13',
        channel: 'loopback',
        address: 'stranger',
        account: 'local',
        externalId: 'x1',
        conversationId: 'conversation_4',
        batchId: 'batch_6',
        jorbId: null,
        text: 'Is the bike still for sale?',
        inReplyTo: null,
        status: 'unmatched',
        receivedAt: now - hourMs,
        grade: 'none',
      },
      contactName: null,
      reason: 'the sender is a counterparty of no open jorb',
      candidates: [],
      suggestion: null,
    },
  ],
  activity: {
    received: 12,
    sent: 8,
    created: 1,
    completed: 1,
    failed: 1,
    cancelled: 0,
    refused: 2,
    asked: 1,
  },
  failures: [
    { at: now - 2 * hourMs, jorbId: 'jorb_48', text: 'a turn failed: no answer', evidence: 'turn_9' },
  ],
  lateReplies: [
    {
      direction: 'in',
      id: 'event_14',
      jorbId: 'jorb_44',
      channel: 'loopback',
      address: 'taxi',
      contactName: 'Taxi Ada',
      text: 'Sorry, only at nine.',
      at: now - hourMs,
      status: 'handled',
    },
  ],
  promises: [
    {
      id: 'promise_2',
      by: 'us',
      with: { channel: 'loopback', address: '+14155550101' },
      text: 'to say no',
      dueAt: now - hourMs,
      sourceEventId: null,
      jorbId: 'jorb_47',
      jorbName: 'GDC Hotel',
      contactName: 'Hotel Zetta',
    },
    {
      id: 'promise_1',
      by: 'them',
      with: { channel: 'loopback', address: 'magic' },
      text: 'to hold the room',
      dueAt: now + 3 * hourMs,
      sourceEventId: 'event_12',
      jorbId: 'jorb_47',
      jorbName: 'GDC Hotel',
      contactName: null,
    },
  ],
  upcoming: [
    { at: now + hourMs, jorbId: 'jorb_49', jorbName: 'Flight', kind: 'wake', reason: 'the fares change' },
    { at: now + 2 * hourMs, jorbId: 'jorb_49', jorbName: 'Flight', kind: 'deadline', reason: null },
  ],
  jorbs: [
    {
      ...{ id: 'jorb_47', name: 'GDC Hotel', status: 'paused', pauseCause: 'approval', received: 3, sent: 2 },
      committed: [{ minor: 80_00, currency: 'EUR' }],
      reserved: [{ minor: 1156_00, currency: 'USD' }],
      changes: ['noted price, nights', 'asked approval_3', 'paused'],
      isCut: false,
    },
    {
      ...{ id: 'jorb_46', name: 'Dinner', status: 'complete', pauseCause: null, received: 0, sent: 0 },
      ...{ committed: [], reserved: [], changes: ['noted table'], isCut: true },
    },
  ],
  highlights: [
    {
      at: now - 5 * minuteMs,
      jorbId: 'jorb_47',
      text: 'asked you about Hotel Nikko',
      evidence: 'approval_3',
    },
    { at: now - hourMs, jorbId: 'jorb_46', text: 'the table is booked', evidence: 'event_11' },
  ],
  messages: [
    {
      direction: 'in',
      id: 'event_12',
      jorbId: 'jorb_47',
      channel: 'loopback',
      address: 'magic',
      contactName: 'Magic concierge',
      text: 'Hotel Nikko has a king for $289/night.\nWant me to book Nikko?',
      at: now - 5 * minuteMs,
      status: 'handled',
    },
  ],
  completed: [
    {
      id: 'jorb_46',
      name: 'Dinner',
      outcome: 'A table for four on Friday at 19:00.',
      evidence: ['event_11'],
    },
    { id: 'jorb_44', name: 'Taxi', outcome: 'Booked a taxi', evidence: [] },
  ],
  money: { committed: [{ minor: 80_00, currency: 'EUR' }], reserved: [{ minor: 1156_00, currency: 'USD' }] },
  open: { planning: 1, running: 3, paused: 2, complete: 4, failed: 1, cancelled: 0 },
};
