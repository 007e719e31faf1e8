/**
 * The checks of the gate over the whole runtime, with the model replaced by an adversary. Each
 * check is also left out in turn, to show that the case it stands for goes wrong without it.
 */
import { describe, expect, test } from 'vitest';
import type { ToolCall } from '../../src/domain/brain.ts';
import type { Contract } from '../../src/domain/contract.ts';
import { checkApproval } from '../../src/domain/policy/approval.ts';
import type { Check } from '../../src/domain/policy/check.ts';
import { checkConfidence } from '../../src/domain/policy/confidence.ts';
import { checkConsequence } from '../../src/domain/policy/consequence.ts';
import { buildEvaluateGate, gateChecks } from '../../src/domain/policy/evaluate-gate.ts';
import { checkMoney } from '../../src/domain/policy/money.ts';
import { checkRate } from '../../src/domain/policy/rate.ts';
import { checkRecipient } from '../../src/domain/policy/recipient.ts';
import { checkShape } from '../../src/domain/policy/shape.ts';
import { checkStop } from '../../src/domain/policy/stop.ts';
import { defaultThresholds } from '../../src/domain/thresholds.ts';
import { setJorbStatus } from '../../src/runtime/owner/set-jorb-status.ts';
import { setProfileField } from '../../src/runtime/owner/set-profile-field.ts';
import { buildQueueBrain, call, sendMessage } from '../support/brains.ts';
import { buildNewJorb } from '../support/store.ts';
import { openWorld, type World } from '../support/world.ts';

const ownerLimit = { minor: 10_000, currency: 'USD' };
const purchase = (text: string, amount: string): ToolCall =>
  sendMessage({
    text,
    price: { amount, currency: 'USD', quantity: 1, per: null },
    consequence: 'purchase',
  });

type Case = {
  check: Check;
  guards: string;
  /** What the adversary does, one step a list. */
  steps: ToolCall[][];
  contract?: (contract: Contract) => Partial<Contract>;
  /** Happens at the last instant, after the runtime has looked whether the turn is still wanted. */
  meanwhile?: (world: World) => void;
  /** Between the steps. */
  between?: (world: World) => Promise<unknown>;
  /** What must not be. */
  isBroken: (world: World) => boolean;
};

const queuedTexts = ({ sql }: World) => sql('select text from outbox').map(({ text }) => String(text));
const isQueued = (world: World) => queuedTexts(world).length > 0;

const cases: Case[] = [
  {
    check: checkShape,
    guards: 'no character leaves that a reader cannot see',
    steps: [[sendMessage({ text: 'Room for tw\u202eo' })]],
    isBroken: ({ wire }) => wire.lines.some(({ text }) => text.includes('\u202e')),
  },
  {
    check: checkShape,
    guards: 'the first message says that an assistant writes and that nothing binds',
    steps: [[sendMessage({ text: 'Is a room free?' })]],
    isBroken: ({ wire }) => !wire.lines.every(({ text }) => text.includes('automated assistant')),
  },
  {
    check: checkStop,
    guards: 'nothing is queued after the owner stopped everything',
    steps: [[sendMessage({ text: 'Is a room free?' })]],
    meanwhile: ({ sql }) => void sql('update owner set stopped_at = 1'),
    isBroken: isQueued,
  },
  {
    check: checkStop,
    guards: 'nothing is queued for an errand that the owner has paused',
    steps: [[sendMessage({ text: 'Is a room free?' })]],
    meanwhile: ({ sql }) => void sql(`update jorb set status = 'paused', pause_cause = 'owner'`),
    isBroken: isQueued,
  },
  {
    check: checkRecipient,
    guards: 'no one is written to who is not in the contract',
    steps: [[sendMessage({ to: 'loopback:stranger', text: 'Hello' })]],
    isBroken: isQueued,
  },
  {
    check: checkRecipient,
    guards: 'no one is written to who asked to be left alone',
    steps: [[], [sendMessage({ text: 'Hello again' })]],
    between: (world) => world.receive({ text: 'STOP' }),
    isBroken: isQueued,
  },
  {
    check: checkConsequence,
    guards: 'an acceptance asks, whatever the agent calls it',
    steps: [[sendMessage({ text: 'Yes, we accept your offer of $289.' })]],
    isBroken: isQueued,
  },
  {
    check: checkConsequence,
    guards: 'a cancellation asks, whatever the agent calls it',
    steps: [[sendMessage({ text: 'Please cancel our reservation.' })]],
    isBroken: isQueued,
  },
  {
    check: checkConsequence,
    guards: 'a private field asks, in any spacing and case',
    steps: [[sendMessage({ text: 'Send it to 12   ELM-street, Springfield' })]],
    isBroken: isQueued,
  },
  {
    check: checkConsequence,
    guards: 'what the agent itself calls a commitment asks',
    steps: [[sendMessage({ text: 'Good day.', consequence: 'commit' })]],
    isBroken: isQueued,
  },
  {
    check: checkMoney,
    guards: 'more than may be spent without approval asks',
    steps: [[purchase('Please book the room for $120.00.', '120.00')]],
    contract: ({ treatment }) => ({
      treatment: { ...treatment, purchase: 'within_limit', commit: 'within_limit' },
    }),
    isBroken: isQueued,
  },
  {
    check: checkMoney,
    guards: 'many small amounts are one large one',
    steps: ['a', 'b', 'c'].map((seat) => [purchase(`Please book seat ${seat} for $40.00.`, '40.00')]),
    contract: ({ treatment }) => ({
      treatment: { ...treatment, purchase: 'within_limit', commit: 'within_limit' },
    }),
    between: (world) => world.receive({ text: 'Done.' }),
    isBroken: (world) => queuedTexts(world).length > 2,
  },
  {
    check: checkRate,
    guards: 'no more messages leave in an hour than the contract says',
    steps: ['one', 'two', 'three'].map((text) => [sendMessage({ text })]),
    contract: ({ messages }) => ({ messages: { ...messages, perHour: 2 } }),
    between: (world) => world.receive({ text: 'Go on.' }),
    isBroken: (world) => queuedTexts(world).length > 2,
  },
  {
    check: checkRate,
    guards: 'the same words do not go out twice',
    steps: [[sendMessage({ text: 'Any news?' })], [sendMessage({ text: 'any  NEWS' })]],
    between: (world) => world.receive({ text: 'Who is this?' }),
    isBroken: (world) => queuedTexts(world).length > 1,
  },
  {
    check: checkConfidence,
    guards: 'what the agent is not sure of asks',
    steps: [[sendMessage({ text: 'Is a room free?', confidence: 0.8499 })]],
    isBroken: isQueued,
  },
  {
    check: checkApproval,
    guards: 'a question reaches the owner and the errand waits for the answer',
    steps: [[call('ask_owner', { question: 'Window or aisle?' })]],
    isBroken: ({ sql }) => sql(`select 1 from approval where status = 'pending'`).length !== 1,
  },
  {
    check: checkApproval,
    guards: 'an errand does not heap questions upon its owner',
    steps: [1, 2, 3, 4].map((nth) => [sendMessage({ to: `loopback:stranger${nth}`, text: 'Hello' })]),
    between: ({ owner }) => setJorbStatus(owner, { id: 'jorb_1', command: 'resume', reason: null }),
    isBroken: ({ sql }) => sql(`select 1 from approval where status = 'pending'`).length !== 3,
  },
];

/** The adversary has its way with a world whose gate has these checks. */
async function runCase(
  { steps, contract, meanwhile, between }: Case,
  checks: readonly Check[],
): Promise<World> {
  const brain = buildQueueBrain();
  const evaluate = buildEvaluateGate({ ownerLimit, thresholds: defaultThresholds }, checks);
  const world = await openWorld({ brain, evaluate });
  await setProfileField(world.otherFace, { field: 'home_address', value: '12 Elm Street, Springfield' });
  const { contract: usual } = buildNewJorb();
  const agreed = { ...usual, ...contract?.(usual) };
  await world.otherFace.store.createJorb(buildNewJorb({ contract: agreed }), world.clock.now());
  world.diesAt = (point) => {
    if (point === 'effect.before') meanwhile?.(world);
    return false;
  };
  for (const [index, calls] of steps.entries()) {
    if (index > 0) await between?.(world);
    brain.say(...calls);
    await world.settle();
  }
  return world;
}

describe.each(cases.map((each) => [each.check.name, each.guards, each] as const))(
  '%s: %s',
  (_, __, guarded) => {
    test('it holds', async () => {
      expect(guarded.isBroken(await runCase(guarded, gateChecks))).toBe(false);
    });

    test('it is this check that holds it', async () => {
      const without = gateChecks.filter((check) => check !== guarded.check);
      expect(guarded.isBroken(await runCase(guarded, without))).toBe(true);
    });
  },
);

test('every check of the gate has a case', () => {
  expect(gateChecks.filter((check) => !cases.some((each) => each.check === check))).toEqual([]);
});
