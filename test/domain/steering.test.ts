import { expect, test } from 'vitest';
import { defaultContract } from '../../src/domain/contract.ts';
import type { Jorb, JorbDetail, JorbStatus } from '../../src/domain/jorb.ts';
import { noModelUse } from '../../src/domain/model-money.ts';
import type { SteerJorbRequest } from '../../src/domain/requests.ts';
import { readSteerJorbRequest } from '../../src/domain/steering.ts';
import { testEpoch } from '../support/clock.ts';
import { buildContract, buildCounterparty, ownerLimit } from '../support/gate.ts';
import { readRefusal } from '../support/refusals.ts';

function buildDetail(status: JorbStatus, contract = buildContract()): JorbDetail {
  const jorb: Jorb = {
    id: 'jorb_7',
    name: 'Hotel',
    plan: 'Find a hotel.',
    status,
    pauseCause: status === 'paused' ? 'owner' : null,
    reason: null,
    summary: null,
    evidence: [],
    contractVersion: 3,
    createdAt: testEpoch,
    updatedAt: testEpoch,
    lastActivityAt: testEpoch,
    finishedAt: null,
    wakeAt: null,
    wakeReason: null,
  };
  const nothing = { minor: 0, currency: 'USD' };
  return {
    jorb,
    contract,
    counterparties: [
      buildCounterparty('magic', { name: 'Magic' }),
      buildCounterparty('zetta', { name: 'Zetta', ask: 'King?' }),
    ],
    phases: [],
    facts: [],
    promises: [],
    pendingApprovals: [],
    questions: [],
    endsAt: null,
    handoffAt: null,
    lateMessages: 0,
    notifyOn: null,
    spent: { committed: nothing, reserved: nothing },
    models: noModelUse,
    received: 0,
    sent: 0,
  };
}

const context = { defaults: defaultContract(ownerLimit), timeZone: 'UTC', now: testEpoch };
const read = (request: SteerJorbRequest, status: JorbStatus = 'running', contract = buildContract()) =>
  readSteerJorbRequest(request, buildDetail(status, contract), context);
const refuse = (request: SteerJorbRequest, status: JorbStatus = 'running') =>
  readRefusal(() => read(request, status));

test('words, plan and phases change nothing of the contract', () => {
  expect(read({ guidance: ' Prefer Nikko. ', plan: 'Find a flat.', phases: ['Ask'] })).toEqual({
    guidance: 'Prefer Nikko.',
    plan: 'Find a flat.',
    phases: ['Ask'],
    counterparties: null,
    contract: null,
    widening: null,
    notifyOn: null,
    contractVersion: 3,
  });
});

test('a narrower limit holds at once, and the others stay', () => {
  const { contract, widening } = read({
    contract: { messages_per_hour: 5, offer_limit: { amount: '350', per: 'night' } },
  });
  expect(contract).toEqual(
    buildContract({
      messages: { perHour: 5, perDay: 50, perRecipientDay: 10 },
      money: {
        currency: 'USD',
        withoutApproval: 10_000,
        budget: null,
        offerLimit: { minor: 35_000, per: 'night' },
      },
    }),
  );
  expect(widening).toBeNull();
});

test('a wider limit alone makes no version before a human said yes', () => {
  const { contract, widening } = read({ contract: { spend_without_approval: '500' } });
  expect(contract).toBeNull();
  expect(widening?.contract.money.withoutApproval).toBe(50_000);
});

test('to lift an agreed limit is asked, to leave it out is not', () => {
  const agreed = buildContract({ money: { ...buildContract().money, budget: 5_000 } });
  expect(read({ contract: { budget: null } }, 'paused', agreed)).toMatchObject({
    contract: null,
    widening: { contract: { money: { budget: null } } },
  });
  expect(read({ contract: { messages_per_day: 1 } }, 'running', agreed).contract?.money.budget).toBe(5_000);
});

test('what was given already is no change of the contract', () => {
  expect(read({ contract: { messages_per_hour: 20 } })).toMatchObject({ contract: null, widening: null });
});

test('a new contact of a running jorb waits for a human, with its name', () => {
  const steering = read({
    add_contacts: [{ name: 'Proper', address: 'Proper' }],
    remove_contacts: ['zetta'],
  });
  expect(steering.contract?.counterparties).toEqual([{ channel: 'loopback', address: 'magic' }]);
  expect(steering.widening?.contract.counterparties.map(({ address }) => address)).toEqual([
    'magic',
    'proper',
  ]);
  expect(steering.counterparties).toEqual([
    { name: 'Magic', channel: 'loopback', address: 'magic', ask: null },
    { name: 'Proper', channel: 'loopback', address: 'proper', ask: null },
  ]);
});

test('a new contact of a jorb in planning holds at once', () => {
  const { contract, widening } = read({ add_contacts: [{ name: 'Proper', address: 'proper' }] }, 'planning');
  expect(contract?.counterparties).toHaveLength(3);
  expect(widening).toBeNull();
});

test('a contact that waits or was declined is not asked for again by another change', () => {
  const detail = buildDetail('running');
  detail.counterparties.push(buildCounterparty('mallory'));
  expect(readSteerJorbRequest({ contract: { messages_per_day: 1 } }, detail, context).widening).toBeNull();
});

test('what was told to a contact alone ends with the contact', () => {
  const agreed = buildContract({ share: [{ field: 'name', with: ['loopback:zetta'] }] });
  expect(read({ remove_contacts: ['Zetta'] }, 'running', agreed).contract?.share).toEqual([]);
});

test.each<[string, SteerJorbRequest]>([
  ['', {}],
  ['', { contract: {}, add_contacts: [], remove_contacts: [] }],
  ['guidance', { guidance: '  ' }],
  ['guidance', { guidance: 'x'.repeat(4_001) }],
  ['plan', { plan: 'x'.repeat(200_000) }],
  ['phases[0]', { phases: ['\u202e'] }],
  ['contract.budget', { contract: { budget: '-1' } }],
  ['contract.currency', { contract: { currency: 'EUR' } }],
  ['contract.deadline', { contract: { deadline: '2020-01-01' } }],
  ['add_contacts[0].address', { add_contacts: [{ name: 'A', address: '' }] }],
  ['add_contacts[0].address', { add_contacts: [{ name: 'A', address: '@MAGIC' }] }],
  [
    'add_contacts[1].address',
    {
      add_contacts: [
        { name: 'A', address: 'a' },
        { name: 'B', address: 'A' },
      ],
    },
  ],
  [
    'add_contacts',
    { add_contacts: Array.from({ length: 19 }, (_, index) => ({ name: 'A', address: `a${index}` })) },
  ],
  ['remove_contacts[0]', { remove_contacts: ['Mallory'] }],
  ['remove_contacts', { remove_contacts: ['Magic', 'Zetta'] }],
])('is refused by the name of the field: %s', (field, request) => {
  expect(refuse(request).field).toBe(field);
});

test('limits in the old currency have to be given anew with another, before the start', () => {
  const agreed = buildContract({ money: { ...buildContract().money, budget: 5_000 } });
  expect(readRefusal(() => read({ contract: { currency: 'EUR' } }, 'planning', agreed)).field).toBe(
    'contract.budget',
  );
  const { contract } = read({ contract: { currency: 'EUR', budget: '60' } }, 'planning', agreed);
  expect(contract?.money).toEqual({ currency: 'EUR', withoutApproval: 0, budget: 6_000, offerLimit: null });
});

test.each(['complete', 'failed', 'cancelled'] as const)('a jorb that is %s is not steered', (status) => {
  expect(refuse({ guidance: 'Go on.' }, status).message).toContain(`jorb_7 is ${status}`);
});
