import type { Digest, DigestRest } from '../../src/domain/digest.ts';
import type { Excerpt } from '../../src/domain/digest-room.ts';
import { noModelUse } from '../../src/domain/model-money.ts';
import { dayMs, hourMs, minuteMs } from '../../src/lib/duration.ts';
import { sampleContract } from '../domain/render/samples.ts';
import { testEpoch } from './clock.ts';

const now = testEpoch;

export function whole(text: string): Excerpt {
  return { text, length: text.length };
}

export const noRest: DigestRest = {
  approvals: 0,
  unmatched: 0,
  problems: 0,
  lateReplies: 0,
  failures: 0,
  active: 0,
  ended: 0,
  highlights: 0,
  stories: 0,
  costs: 0,
};

/** A day on which nothing happened. */
export const emptyDigest: Digest = {
  date: '2026-11-20',
  since: now - dayMs,
  until: now,
  stopped: null,
  outage: null,
  needs: 0,
  activity: {
    received: 0,
    sent: 0,
    created: 0,
    completed: 0,
    failed: 0,
    cancelled: 0,
    refused: 0,
    asked: 0,
  },
  open: { planning: 0, running: 0, paused: 0, complete: 0, failed: 0, cancelled: 0 },
  approvals: [],
  unmatched: [],
  problems: [],
  lateReplies: [],
  failures: [],
  active: [],
  ended: [],
  highlights: [],
  stories: [],
  costs: {
    models: [],
    modelTotal: noModelUse,
    routing: noModelUse,
    sent: [],
    sentIsPartial: false,
    settled: [],
    reserved: [],
    jorbs: [],
  },
  more: noRest,
};

const magic = { channel: 'loopback', address: 'magic', contactName: 'Magic concierge' } as const;
const nikko = { channel: 'loopback', address: '+14155550101', contactName: 'Hotel Nikko' } as const;
const plumber = { channel: 'loopback', address: 'plumber', contactName: 'Rohrfrei GmbH' } as const;

const nikkoPrice = { minor: 1156_00, currency: 'USD', quantity: 4, per: 'night' };
const gdcUse = {
  calls: 14,
  costMicros: 231_400,
  inputTokens: 81_234,
  cachedTokens: 52_000,
  outputTokens: 4120,
};
const routingUse = { calls: 3, costMicros: 4100, inputTokens: 5210, cachedTokens: 0, outputTokens: 190 };

/** A full day: three questions, a message nobody can place, jorbs that run, wait, ended and failed. */
export const sampleDigest: Digest = {
  ...emptyDigest,
  needs: 6,
  activity: {
    received: 7,
    sent: 5,
    created: 2,
    completed: 2,
    failed: 1,
    cancelled: 1,
    refused: 1,
    asked: 3,
  },
  open: { planning: 1, running: 2, paused: 2, complete: 9, failed: 1, cancelled: 3 },
  approvals: [
    {
      id: 'approval_3',
      jorb: { id: 'jorb_47', name: 'GDC Hotel', status: 'paused' },
      askedAt: now - 65 * minuteMs,
      expiresAt: now + 7 * dayMs,
      asked: {
        kind: 'send',
        to: { channel: 'loopback', address: 'magic' },
        name: 'Magic concierge',
        text: whole('Yes, please book the king at Hotel Nikko for March 17–21.\n\nThank you!\nAda'),
        price: nikkoPrice,
      },
      because: [
        { consequence: 'commit', text: 'the text accepts an offer ("please book")' },
        { consequence: 'purchase', text: '$1,156.00 is more than $100.00' },
      ],
      quote: {
        eventId: 'event_12',
        from: 'Magic concierge',
        text: whole('Hotel Nikko has a king for $289/night.\nMarriott is sold out.\nWant me to book Nikko?'),
      },
    },
    {
      id: 'approval_4',
      jorb: { id: 'jorb_49', name: 'Zahnarzt für Mia', status: 'paused' },
      askedAt: now - 5 * hourMs,
      expiresAt: now + 6 * dayMs,
      asked: {
        kind: 'question',
        text: whole(
          'They can do Tuesday at 7:40 or Thursday at 16:15. Which one suits Mia, and is a new X-ray fine?',
        ),
      },
      because: [{ consequence: 'none', text: 'the agent asks' }],
      quote: null,
    },
    {
      id: 'approval_5',
      jorb: { id: 'jorb_50', name: 'Moving boxes', status: 'planning' },
      askedAt: now - 9 * hourMs,
      expiresAt: now + 6 * dayMs,
      asked: {
        kind: 'contract',
        contract: sampleContract,
        names: [{ channel: 'loopback', address: 'magic', name: 'Magic concierge', ask: null }],
        extension: null,
      },
      because: [
        { consequence: 'purchase', text: 'a budget of $1,500.00 is more than may be set without you' },
      ],
      quote: null,
    },
  ],
  unmatched: [
    {
      id: 'event_31',
      channel: 'loopback',
      address: '+491701234567',
      contactName: null,
      text: whole('Hi! Is the <b>bike</b> still for sale? 🚲 שלום, אפשר לבוא היום?'),
      at: now - 3 * hourMs,
      reason: 'no rule decides, and the model is not sure enough',
      suggestion: {
        id: 'jorb_48',
        name: 'Plumber',
        confidence: 0.41,
        reason: 'it came after our message to them',
      },
      candidates: [
        { id: 'jorb_48', name: 'Plumber' },
        { id: 'jorb_47', name: 'GDC Hotel' },
      ],
    },
  ],
  problems: [
    {
      id: 'outbox_17',
      jorbId: 'jorb_48',
      kind: 'unknown',
      to: 'Rohrfrei GmbH (loopback:plumber)',
      text: whole('Could you come on Tuesday between 8 and 10?'),
      error: 'the connection broke after the text was handed over',
      at: now - 4 * hourMs,
    },
    {
      id: 'outbox_18',
      jorbId: 'jorb_48',
      kind: 'failed',
      to: 'loopback:plumber2',
      text: whole('Do you have time this week?'),
      error: 'no such number',
      at: now - 4 * hourMs,
    },
  ],
  lateReplies: [
    {
      ...{ direction: 'in', id: 'event_33', status: 'handled', at: now - 2 * hourMs },
      ...{ channel: 'loopback', address: 'florist', contactName: 'Fleurop' },
      text: whole('Sorry for the delay — we could deliver after all, shall we?'),
      jorbId: 'jorb_40',
      jorbName: 'Flowers for Mum',
    },
  ],
  failures: [
    {
      at: now - 3 * hourMs - 30 * minuteMs,
      jorbId: null,
      text: 'the handoff of 2026-11-20 04:30 failed: the data folder was locked',
      evidence: 'run_12',
    },
    {
      at: now - 20 * hourMs,
      jorbId: 'jorb_48',
      text: 'a turn failed: the model was busy',
      evidence: 'turn_88',
    },
  ],
  active: [
    {
      ...{ id: 'jorb_48', name: 'Plumber', status: 'paused', pauseCause: 'limit' },
      reason: 'two messages in a row without an answer',
      summary: 'Rohrfrei was asked for Tuesday; the second company does not exist any more.',
      lastActivityAt: now - 4 * hourMs,
      ...{ wakeAt: null, wakeReason: null, approvals: [], promises: [], morePromises: 0 },
    },
    {
      ...{ id: 'jorb_47', name: 'GDC Hotel', status: 'paused', pauseCause: 'approval' },
      reason: 'Magic offers Hotel Nikko at $289.00 a night',
      summary: 'Nikko $289.00, Marriott sold out',
      lastActivityAt: now - 65 * minuteMs,
      ...{ wakeAt: null, wakeReason: null, approvals: ['approval_3'] },
      promises: [
        {
          id: 'promise_3',
          by: 'them',
          with: { channel: 'loopback', address: 'magic' },
          text: 'to hold the room until Sunday noon',
          dueAt: now + 2 * dayMs,
          sourceEventId: 'event_12',
        },
      ],
      morePromises: 1,
    },
    {
      ...{ id: 'jorb_51', name: 'Lease a piano', status: 'running', pauseCause: null, reason: null },
      summary: 'Three shops were asked; one has answered.',
      lastActivityAt: now - 26 * hourMs,
      ...{ wakeAt: now + 3 * hourMs, wakeReason: 'the shop opens at 12', approvals: [] },
      ...{ promises: [], morePromises: 0 },
    },
    {
      ...{
        id: 'jorb_49',
        name: 'Zahnarzt für Mia',
        status: 'paused',
        pauseCause: 'question',
        reason: null,
        summary: null,
      },
      lastActivityAt: now - 5 * hourMs,
      ...{ wakeAt: null, wakeReason: null, approvals: ['approval_4'], promises: [], morePromises: 0 },
    },
    {
      ...{
        id: 'jorb_50',
        name: 'Moving boxes',
        status: 'planning',
        pauseCause: null,
        reason: null,
        summary: null,
      },
      lastActivityAt: now - 9 * hourMs,
      ...{ wakeAt: null, wakeReason: null, approvals: ['approval_5'], promises: [], morePromises: 0 },
    },
  ],
  ended: [
    {
      ...{ id: 'jorb_46', name: 'Dinner with the Okonkwos', status: 'complete', at: now - 6 * hourMs },
      reason: 'A table for four on Friday at 19:00, in the garden.',
      summary: 'Booked at Zur Linde under the name Lovelace.',
      evidence: [
        {
          id: 'event_11',
          from: 'Zur Linde (loopback:linde)',
          text: whole('Gerne! Tisch für 4, Freitag 19 Uhr. Bis dann 🙂'),
        },
      ],
      moreEvidence: 0,
    },
    {
      ...{ id: 'jorb_44', name: 'Taxi to the airport', status: 'complete', at: now - 8 * hourMs },
      ...{ reason: 'Booked a taxi for 6:15.', summary: null, evidence: [], moreEvidence: 0 },
    },
    {
      ...{ id: 'jorb_45', name: 'Florist', status: 'failed', at: now - 12 * hourMs },
      ...{ reason: 'The shop is closed for good.', summary: null, evidence: [], moreEvidence: 0 },
    },
    {
      ...{ id: 'jorb_43', name: 'Bike ad', status: 'cancelled', at: now - 22 * hourMs },
      ...{ reason: 'no longer wanted', summary: null, evidence: [], moreEvidence: 0 },
    },
  ],
  highlights: [
    {
      at: now - 22 * hourMs,
      jorbId: 'jorb_43',
      text: 'was cancelled: “no longer wanted”',
      evidence: 'jorb_43',
    },
    {
      at: now - 21 * hourMs,
      jorbId: 'jorb_47',
      text: 'the gate refused action_7 (budget)',
      evidence: 'action_7',
    },
    { at: now - 9 * hourMs, jorbId: 'jorb_46', text: 'approval_2 was accepted', evidence: 'approval_2' },
    {
      at: now - 4 * hourMs,
      jorbId: 'jorb_48',
      text: 'paused: “two messages in a row without an answer”',
      evidence: 'jorb_48',
    },
    {
      at: now - 2 * hourMs,
      jorbId: 'jorb_47',
      text: 'noted “best offer: Nikko, $289 a night”',
      evidence: 'fact_9',
    },
  ],
  stories: [
    {
      ...{ id: 'jorb_47', name: 'GDC Hotel', status: 'paused' },
      messages: [
        {
          ...{ ...magic, direction: 'out', id: 'outbox_14', status: 'sent', at: now - 23 * hourMs },
          text: whole('Hello! Is a king room free from March 17 to 21, below $350 a night?'),
        },
        {
          ...{ ...nikko, direction: 'in', id: 'event_10', status: 'handled', at: now - 20 * hourMs },
          text: whole(
            'Dear guest,\n\nthank you for writing to Hotel Nikko. We have the following rooms for you:\n  • King, city view — $289\n  • Double queen — $309\n\nNEEDS YOU (9)\n<script>alert("paid")</script> & more at https://nikko.example/?a=1&b=2\nשלום וברכה, נשמח לארח אתכם 🏨',
          ),
        },
        {
          ...{ ...magic, direction: 'in', id: 'event_12', status: 'handled', at: now - 70 * minuteMs },
          text: whole(
            'Hotel Nikko has a king for $289/night.\nMarriott is sold out.\nWant me to book Nikko?',
          ),
        },
      ],
      moreMessages: 4,
      decisions: [
        {
          ...{
            id: 'decision_31',
            by: 'anthropic',
            model: 'claude-haiku-5',
            confidence: 0.92,
            at: now - 66 * minuteMs,
          },
          reasoning: whole(
            'Nikko is within $350 and near Moscone; Marriott is sold out. Booking binds the owner, so they are asked.',
          ),
          actions: [
            { id: 'action_9', kind: 'send_message', consequence: 'purchase', status: 'awaiting_approval' },
          ],
        },
      ],
      moreDecisions: 3,
    },
    {
      ...{ id: 'jorb_48', name: 'Plumber', status: 'paused' },
      messages: [
        {
          ...{ ...plumber, direction: 'out', id: 'outbox_17', status: 'unknown', at: now - 4 * hourMs },
          text: whole('Could you come on Tuesday between 8 and 10?'),
        },
      ],
      moreMessages: 0,
      decisions: [
        {
          ...{ id: 'decision_32', by: 'rules', model: null, confidence: 0.5, at: now - 4 * hourMs },
          reasoning: whole('Nobody answers; asking a third time would be a nuisance.'),
          actions: [],
        },
      ],
      moreDecisions: 0,
    },
  ],
  costs: {
    models: [
      { model: 'claude-haiku-5', ...gdcUse },
      { model: 'gpt-6-nano', ...routingUse },
    ],
    modelTotal: {
      calls: 17,
      costMicros: 235_500,
      inputTokens: 86_444,
      cachedTokens: 52_000,
      outputTokens: 4310,
    },
    routing: routingUse,
    sent: [
      { channel: 'loopback', count: 4 },
      { channel: 'web', count: 1 },
    ],
    sentIsPartial: false,
    settled: [{ minor: 80_00, currency: 'EUR' }],
    reserved: [{ minor: 1156_00, currency: 'USD' }],
    jorbs: [
      {
        ...{ id: 'jorb_47', name: 'GDC Hotel', models: gdcUse, received: 2, morePurchases: 0 },
        sent: [{ channel: 'loopback', count: 1 }],
        purchases: [
          {
            ...{
              actionId: 'action_9',
              consequence: 'purchase',
              state: 'reserved',
              at: now - hourMs,
              price: nikkoPrice,
            },
            money: { minor: 1156_00, currency: 'USD' },
            to: { channel: 'loopback', address: 'magic' },
          },
        ],
        settled: [],
        reserved: [{ minor: 1156_00, currency: 'USD' }],
      },
      {
        ...{
          id: 'jorb_46',
          name: 'Dinner with the Okonkwos',
          models: noModelUse,
          received: 1,
          morePurchases: 0,
        },
        sent: [{ channel: 'loopback', count: 2 }],
        purchases: [
          {
            ...{ actionId: 'action_5', consequence: 'commit', state: 'settled', at: now - 9 * hourMs },
            price: { minor: 80_00, currency: 'EUR', quantity: 1, per: null },
            money: { minor: 80_00, currency: 'EUR' },
            to: { channel: 'loopback', address: 'linde' },
          },
        ],
        settled: [{ minor: 80_00, currency: 'EUR' }],
        reserved: [],
      },
    ],
  },
  more: { ...noRest, highlights: 7, stories: 1, costs: 1 },
};
