import { expect, test } from 'vitest';
import type { GateRule, Payload } from '../../../src/domain/action.ts';
import type { GateFacts } from '../../../src/domain/gate.ts';
import { gateChecks } from '../../../src/domain/policy/evaluate-gate.ts';
import { hourMs, minuteMs } from '../../../src/lib/duration.ts';
import { testEpoch } from '../../support/clock.ts';
import {
  buildContract,
  buildCounterparty,
  buildMessage,
  buildPrice,
  buildSpendingContract,
  judge,
  listRules,
  nameVerdict,
} from '../../support/gate.ts';

type Case = [rule: GateRule, payload: Payload, given: Parameters<typeof judge>[1]];

function sends(count: number, everyMs: number, address = 'magic'): GateFacts['recentSends'] {
  return Array.from({ length: count }, (_, index) => ({
    channel: 'loopback',
    address,
    text: `message ${index}`,
    at: testEpoch - index * everyMs,
  }));
}

const { treatment } = buildContract();
const plain = buildMessage('Do you have a room?');
const toStranger = buildMessage(plain.text, { to: { channel: 'loopback', address: 'stranger' } });
const tea = buildMessage('Please book it for $80.', { price: buildPrice(8_000) });
const spent = { jorbCommitted: 2_001, jorbWithoutApproval: 0, ownerWithoutApproval: 0 };
const sameText = {
  channel: 'loopback',
  address: 'magic',
  text: 'do you have a ROOM',
  at: testEpoch - 23 * hourMs,
};

/** A proposal that ends by one rule alone. */
const ends: Case[] = [
  ['shape', buildMessage('Do you have a ro\u202eom?'), {}],
  ['stop', plain, { stopped: true }],
  ['jorb_status', plain, { jorb: { status: 'paused', pauseCause: 'agent' } }],
  [
    'recipient',
    toStranger,
    { contract: buildContract({ treatment: { ...treatment, new_recipient: 'refuse' } }) },
  ],
  ['opt_out', plain, { counterparties: [buildCounterparty('magic', { optedOut: true })] }],
  ['opt_out', plain, { recipient: { everSent: 1, lastInbound: null, optedOut: true } }],
  [
    'treatment',
    buildMessage('Please book it.'),
    { contract: buildContract({ treatment: { ...treatment, commit: 'refuse' } }) },
  ],
  ['price', { ...tea, text: 'Please book it for $90.' }, {}],
  ['currency', buildMessage('Please book it.', { price: buildPrice(8_000, { currency: 'EUR' }) }), {}],
  ['offer_limit', tea, { contract: buildSpendingContract({ offerLimit: { minor: 7_999, per: 'cup' } }) }],
  ['budget', tea, { contract: buildSpendingContract({ budget: 10_000 }), money: spent }],
  ['hourly_rate', plain, { recentSends: sends(20, 2 * minuteMs, 'zetta') }],
  ['daily_rate', plain, { recentSends: sends(50, 20 * minuteMs, 'zetta') }],
  ['recipient_rate', plain, { recentSends: sends(10, hourMs) }],
  ['bot_loop', plain, { recentSends: sends(6, minuteMs) }],
  ['no_progress', plain, { recentSends: sends(8, hourMs), lastProgressAt: testEpoch - 8 * hourMs }],
  ['repetition', plain, { recentSends: [sameText] }],
  ['pending_approvals', buildMessage('Please book it.'), { pendingApprovals: { jorb: 3, owner: 3 } }],
  ['pending_approvals', buildMessage('Please book it.'), { pendingApprovals: { jorb: 0, owner: 20 } }],
];

test.each(ends)('rule %s: ends a proposal, with a sentence to act on', (rule, payload, given) => {
  const verdict = judge(payload, given);
  expect(nameVerdict(verdict)).toBe(rule);
  const text = verdict.kind === 'refuse' ? verdict.text : '';
  expect(text).toMatch(/^[^\n]{10,300}$/);
  expect(text).not.toMatch(/[.!?](?:\s|$)/);
});

/** A proposal that one rule alone takes to the owner. */
const asks: Case[] = [
  ['label', plain, { label: 'commit' }],
  ['recipient', toStranger, {}],
  ['acceptance', buildMessage('Please book the king room.'), {}],
  ['price_in_text', buildMessage('Our limit is $350.'), {}],
  ['cancellation', buildMessage('Please cancel the room.'), {}],
  ['private_field', buildMessage('We live at Calle Mayor 5.'), {}],
  ['secret_pattern', buildMessage('The card is 4111 1111 1111 1111.'), {}],
  ['treatment', plain, { contract: buildContract({ treatment: { ...treatment, message: 'ask' } }) }],
  ['price', buildMessage('Thank you for the tea.', { price: buildPrice(300) }), {}],
  ['price', buildMessage('Please book it.'), { contract: buildSpendingContract() }],
  [
    'recurring_price',
    buildMessage('Please book it for $9 monthly, $9 in all.', { price: buildPrice(900) }),
    { contract: buildSpendingContract() },
  ],
  [
    'spend_limit',
    buildMessage('Please book it for $101.', { price: buildPrice(10_100) }),
    { contract: buildSpendingContract() },
  ],
  ['confidence', plain, { confidence: 0.8499 }],
  ['widening', { kind: 'change_contract', contract: buildContract(), startAfter: false }, {}],
  ['question', { kind: 'ask_owner', question: 'King or twin?' }, {}],
];

test.each(asks)('rule %s: takes a proposal to the owner', (rule, payload, given) => {
  const verdict = judge(payload, given);
  expect(verdict.kind).toBe('ask');
  expect(listRules(verdict)).toContain(rule);
  expect(judge(payload, { ...given, approved: true }).kind).toBe('allow');
});

test('what the owner approved is still held to every rule that ends a proposal', () => {
  const passed = ends
    .filter(([, payload, given]) => judge(payload, { ...given, approved: true }).kind === 'allow')
    .map(([rule]) => rule);
  // Asking pauses the jorb, and an approval that is answered is pending no more.
  expect(passed).toEqual(['jorb_status', 'pending_approvals', 'pending_approvals']);
});

test('limits that more tries would not mend pause the jorb', () => {
  const pausing = ends.filter(([, payload, given]) => {
    const verdict = judge(payload, given);
    return verdict.kind === 'refuse' && verdict.pauses;
  });
  expect([...new Set(pausing.map(([rule]) => rule))]).toEqual([
    'hourly_rate',
    'daily_rate',
    'recipient_rate',
    'bot_loop',
    'no_progress',
    'pending_approvals',
  ]);
});

const guarded: Record<string, GateRule[]> = {
  checkShape: ['shape'],
  checkStop: ['stop', 'jorb_status'],
  checkRecipient: ['recipient', 'opt_out'],
  checkConsequence: ['treatment', 'label', 'acceptance', 'price_in_text', 'cancellation', 'private_field'],
  checkMoney: ['price', 'currency', 'offer_limit', 'budget', 'recurring_price', 'spend_limit'],
  checkRate: ['hourly_rate', 'daily_rate', 'recipient_rate', 'bot_loop', 'no_progress', 'repetition'],
  checkConfidence: ['confidence'],
  checkApproval: ['pending_approvals', 'widening', 'question'],
};

test.each(gateChecks.map((check) => [check.name, check] as const))(
  'without %s, what it guards against gets another verdict',
  (name, left) => {
    const checks = gateChecks.filter((check) => check !== left);
    const missed = [...ends, ...asks]
      .filter(
        ([, payload, given]) => judge(payload, given).kind !== judge(payload, { ...given, checks }).kind,
      )
      .map(([rule]) => rule);
    expect(guarded[name]?.length).toBeGreaterThan(0);
    expect(missed).toEqual(expect.arrayContaining(guarded[name] ?? []));
  },
);
