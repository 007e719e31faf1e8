import { describe, expect, test } from 'vitest';
import { type Contract, defaultContract } from '../../src/domain/contract.ts';
import { computeWidening } from '../../src/domain/widening.ts';
import { dayMs } from '../../src/lib/duration.ts';
import { testEpoch } from '../support/clock.ts';
import { buildContract, ownerLimit } from '../support/gate.ts';

const defaults = defaultContract(ownerLimit);
const base = buildContract();
const money = (change: Partial<Contract['money']>) => buildContract({ money: { ...base.money, ...change } });
const messages = (change: Partial<Contract['messages']>) =>
  buildContract({ messages: { ...base.messages, ...change } });
const treatment = (change: Partial<Contract['treatment']>) =>
  buildContract({ treatment: { ...base.treatment, ...change } });
const counterparties = (...addresses: string[]) =>
  buildContract({ counterparties: addresses.map((address) => ({ channel: 'loopback', address })) });

/** Requested, in force before (null: a new jorb), and what holds until a human says yes. */
const wider: [string, Contract, Contract | null, Contract][] = [
  ['more without a question', money({ withoutApproval: 10_001 }), null, base],
  [
    'more than a human allowed before',
    money({ withoutApproval: 30_000 }),
    money({ withoutApproval: 20_000 }),
    money({ withoutApproval: 20_000 }),
  ],
  [
    'money in another currency',
    money({ currency: 'EUR', withoutApproval: 1 }),
    null,
    money({ currency: 'EUR', withoutApproval: 0 }),
  ],
  ['more messages an hour', messages({ perHour: 21 }), null, base],
  ['more messages a day', messages({ perDay: 51 }), null, base],
  ['more messages to one contact', messages({ perRecipientDay: 11 }), null, base],
  ['a field to all', buildContract({ share: [...base.share, { field: 'phone', with: 'all' }] }), null, base],
  [
    'a field to one',
    buildContract({ share: [...base.share, { field: 'phone', with: ['loopback:magic'] }] }),
    null,
    base,
  ],
  [
    'a field to one more',
    buildContract({ share: [{ field: 'phone', with: ['loopback:magic', 'loopback:zetta'] }] }),
    buildContract({ share: [{ field: 'phone', with: ['loopback:magic'] }] }),
    buildContract({ share: [{ field: 'phone', with: ['loopback:magic'] }] }),
  ],
  ['commitments within the limit', treatment({ commit: 'within_limit' }), null, base],
  ['purchases allowed', treatment({ purchase: 'allow' }), null, base],
  ['new addresses allowed', treatment({ new_recipient: 'allow' }), null, base],
  ['a new address', counterparties('magic', 'zetta', 'mallory'), base, base],
  ['a swapped address', counterparties('magic', 'mallory'), base, counterparties('magic')],
  ['a higher budget', money({ budget: 60_000 }), money({ budget: 50_000 }), money({ budget: 50_000 })],
  ['no budget', base, money({ budget: 50_000 }), money({ budget: 50_000 })],
  [
    'a higher offer limit',
    money({ offerLimit: { minor: 2, per: 'night' } }),
    money({ offerLimit: { minor: 1, per: 'night' } }),
    money({ offerLimit: { minor: 1, per: 'night' } }),
  ],
  [
    'another unit',
    money({ offerLimit: { minor: 1, per: 'hour' } }),
    money({ offerLimit: { minor: 1, per: 'night' } }),
    money({ offerLimit: { minor: 1, per: 'night' } }),
  ],
  [
    'no offer limit',
    base,
    money({ offerLimit: { minor: 1, per: 'night' } }),
    money({ offerLimit: { minor: 1, per: 'night' } }),
  ],
  [
    'a later deadline',
    buildContract({ deadlineAt: testEpoch + 2 * dayMs }),
    buildContract({ deadlineAt: testEpoch + dayMs }),
    buildContract({ deadlineAt: testEpoch + dayMs }),
  ],
  [
    'no deadline',
    base,
    buildContract({ deadlineAt: testEpoch + dayMs }),
    buildContract({ deadlineAt: testEpoch + dayMs }),
  ],
];

test.each(wider)('%s is asked of a human, and does not hold before', (_, requested, current, inForce) => {
  const result = computeWidening(requested, { defaults, current, isStarted: current !== null });
  expect(result.inForce).toEqual(inForce);
  expect(result.widening?.contract).toEqual(requested);
  expect(result.widening?.findings).toMatchObject([{ rule: 'widening', consequence: 'none' }]);
});

describe('needs no human:', () => {
  const narrow: [string, Contract, Contract | null][] = [
    ['the defaults', base, null],
    ['less money', money({ withoutApproval: 0 }), base],
    ['the default again, after less', base, money({ withoutApproval: 0 })],
    ['what a human allowed before', money({ withoutApproval: 20_000 }), money({ withoutApproval: 20_000 })],
    ['fewer messages', messages({ perHour: 1, perDay: 1, perRecipientDay: 1 }), base],
    ['nothing to share', buildContract({ share: [] }), base],
    ['the name to one alone', buildContract({ share: [{ field: 'name', with: ['loopback:magic'] }] }), base],
    ['stricter treatment', treatment({ commit: 'refuse', message: 'ask' }), base],
    ['fewer addresses', counterparties('magic'), base],
    ['a first budget', money({ budget: 1 }), base],
    ['a lower budget', money({ budget: 1 }), money({ budget: 2 })],
    ['a first deadline', buildContract({ deadlineAt: testEpoch + dayMs }), base],
    [
      'a sooner deadline',
      buildContract({ deadlineAt: testEpoch + dayMs }),
      buildContract({ deadlineAt: testEpoch + 2 * dayMs }),
    ],
    ['quiet hours', buildContract({ quietHours: { from: '22:00', to: '08:00', timeZone: 'UTC' } }), base],
  ];
  test.each(narrow)('%s', (_, requested, current) => {
    const result = computeWidening(requested, { defaults, current, isStarted: current !== null });
    expect(result).toEqual({ inForce: requested, widening: null });
  });
});

test('before the start, addresses, budget and deadline are free', () => {
  const current = buildContract({ deadlineAt: testEpoch + dayMs, money: { ...base.money, budget: 1 } });
  const requested = counterparties('mallory');
  expect(computeWidening(requested, { defaults, current, isStarted: false })).toEqual({
    inForce: requested,
    widening: null,
  });
});

test('what is narrower holds at once beside what has to be asked', () => {
  const requested = buildContract({
    money: { ...base.money, withoutApproval: 90_000, budget: 5 },
    messages: { perHour: 1, perDay: 1, perRecipientDay: 1 },
  });
  const { inForce, widening } = computeWidening(requested, { defaults, current: base, isStarted: true });
  expect(inForce).toEqual({ ...requested, money: { ...requested.money, withoutApproval: 10_000 } });
  expect(widening?.contract).toEqual(requested);
});
