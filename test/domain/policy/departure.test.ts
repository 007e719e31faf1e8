import { expect, test } from 'vitest';
import type { DepartureFacts } from '../../../src/domain/gate.ts';
import { jorbStatuses, type PauseCause, pauseCauses } from '../../../src/domain/jorb.ts';
import { evaluateDeparture } from '../../../src/domain/policy/evaluate-departure.ts';
import { hourMs } from '../../../src/lib/duration.ts';
import { testEpoch } from '../../support/clock.ts';
import { buildContract, buildCounterparty } from '../../support/gate.ts';

function leave(overrides: Partial<DepartureFacts> = {}) {
  return evaluateDeparture({
    now: testEpoch,
    stopped: false,
    jorb: { status: 'running', pauseCause: null },
    contract: buildContract(),
    counterparties: [buildCounterparty('magic')],
    to: { channel: 'loopback', address: 'magic', optedOut: false },
    approved: false,
    ...overrides,
  });
}

const stranger = { channel: 'loopback', address: 'stranger', optedOut: false };
const { treatment } = buildContract();

test('a stop holds every message until the owner resumes', () => {
  expect(leave({ stopped: true })).toMatchObject({ kind: 'hold', until: null });
});

test.each(jorbStatuses)('a message of a jorb that is %s', (status) => {
  const kinds = {
    planning: 'hold',
    running: 'go',
    paused: 'go',
    complete: 'go',
    failed: 'drop',
    cancelled: 'drop',
  };
  expect(leave({ jorb: { status, pauseCause: status === 'paused' ? 'approval' : null } }).kind).toBe(
    kinds[status],
  );
});

test.each<PauseCause>([...pauseCauses])('a message of a jorb paused by cause %s', (pauseCause) => {
  expect(leave({ jorb: { status: 'paused', pauseCause } }).kind).toBe(pauseCause === 'owner' ? 'hold' : 'go');
});

test('an address that opted out since is dropped, approved or not', () => {
  const counterparties = [buildCounterparty('magic', { optedOut: true })];
  expect(leave({ counterparties, approved: true })).toMatchObject({ kind: 'drop', rule: 'opt_out' });
  expect(leave({ to: { ...stranger, optedOut: true }, approved: true })).toMatchObject({ rule: 'opt_out' });
});

test.each([
  ['allow', false, 'go'],
  ['ask', false, 'drop'],
  ['ask', true, 'go'],
  ['within_limit', false, 'drop'],
  ['refuse', true, 'drop'],
] as const)(
  'an address outside the contract, treated as %s, approved %s: %s',
  (new_recipient, approved, kind) => {
    const contract = buildContract({ treatment: { ...treatment, new_recipient } });
    expect(leave({ to: stranger, contract, approved }).kind).toBe(kind);
  },
);

test('quiet hours hold a message until their end', () => {
  const contract = buildContract({ quietHours: { from: '08:00', to: '10:00', timeZone: 'UTC' } });
  expect(leave({ contract })).toMatchObject({ kind: 'hold', until: testEpoch + hourMs });
});

test('what has lost its ground is dropped even while all is stopped', () => {
  expect(leave({ to: stranger, stopped: true }).kind).toBe('drop');
});
