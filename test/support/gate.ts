import type { Payload, Price, SendPayload } from '../../src/domain/action.ts';
import type { Counterparty } from '../../src/domain/contact.ts';
import { type Contract, defaultContract } from '../../src/domain/contract.ts';
import type { GateFacts, GateRequest, Verdict } from '../../src/domain/gate.ts';
import type { Check } from '../../src/domain/policy/check.ts';
import { buildEvaluateGate } from '../../src/domain/policy/evaluate-gate.ts';
import { defaultThresholds } from '../../src/domain/thresholds.ts';
import { testEpoch } from './clock.ts';

export const ownerLimit = { minor: 10_000, currency: 'USD' };

/** The default contract with the contacts `magic` and `zetta`. */
export function buildContract(overrides: Partial<Contract> = {}): Contract {
  return {
    ...defaultContract(ownerLimit),
    counterparties: [
      { channel: 'loopback', address: 'magic' },
      { channel: 'loopback', address: 'zetta' },
    ],
    quietHours: null,
    deadlineAt: null,
    ...overrides,
  };
}

/** A contract that may spend $100 without a question. */
export function buildSpendingContract(money: Partial<Contract['money']> = {}): Contract {
  const { treatment, money: defaults, ...rest } = buildContract();
  return {
    ...rest,
    money: { ...defaults, ...money },
    treatment: { ...treatment, commit: 'within_limit', purchase: 'within_limit' },
  };
}

export const profile = [
  { field: 'name', value: 'Ana Lima' },
  { field: 'home_address', value: 'Calle Mayor 5, 28013 Madrid' },
  { field: 'phone', value: '+1 415 555 0101' },
  { field: 'email', value: 'ana@example.com' },
  { field: 'date_of_birth', value: '1987-04-12' },
  { field: 'passport', value: 'XK4471209' },
];

/** A running jorb that wrote to both contacts before, of an owner with a whole profile. */
export function buildFacts(overrides: Partial<GateFacts> = {}): GateFacts {
  return {
    now: testEpoch,
    stopped: false,
    jorb: { status: 'running', pauseCause: null },
    contract: buildContract(),
    ownerName: 'Ana Lima',
    profile,
    counterparties: [buildCounterparty('magic'), buildCounterparty('zetta')],
    recentSends: [],
    lastProgressAt: testEpoch,
    recipient: { everSent: 1, lastInbound: null, optedOut: false },
    money: { jorbCommitted: 0, jorbWithoutApproval: 0, ownerWithoutApproval: 0 },
    pendingApprovals: { jorb: 0, owner: 0 },
    holdsPrivate: false,
    ...overrides,
  };
}

export function buildCounterparty(address: string, overrides: Partial<Counterparty> = {}): Counterparty {
  return {
    id: 'address_1',
    channel: 'loopback',
    address,
    name: address,
    ask: null,
    optedOut: false,
    ...overrides,
  };
}

export function buildPrice(minor: number, overrides: Partial<Price> = {}): Price {
  return { minor, currency: 'USD', quantity: 1, per: null, ...overrides };
}

export function buildMessage(text: string, overrides: Partial<SendPayload> = {}): SendPayload {
  return {
    kind: 'send_message',
    to: { channel: 'loopback', address: 'magic' },
    text,
    price: null,
    ...overrides,
  };
}

/** The verdict of the whole policy, or of what is left of it without one check. */
export function judge(
  payload: Payload,
  given: Partial<GateFacts> & Partial<Omit<GateRequest, 'payload'>> & { checks?: readonly Check[] } = {},
): Verdict {
  const { label = 'message', approved = false, confidence = 1, checks, ...facts } = given;
  const evaluate = buildEvaluateGate({ ownerLimit, thresholds: defaultThresholds }, checks);
  return evaluate({ payload, label, approved, confidence }, buildFacts(facts));
}

export function judgeText(text: string, given: Parameters<typeof judge>[1] = {}): Verdict {
  return judge(buildMessage(text), given);
}

/** The rule by which it was refused, or the kind of the verdict. */
export function nameVerdict(verdict: Verdict): string {
  return verdict.kind === 'refuse' ? verdict.rule : verdict.kind;
}

export function listRules(verdict: Verdict): string[] {
  return verdict.findings.map(({ rule }) => rule);
}
