/** What a message costs and commits to, where its words leave it open, and what the ledger says to a gate that does not look. */
import type { EvaluateGate } from '../../../src/domain/gate.ts';
import { buildEvaluateGate } from '../../../src/domain/policy/evaluate-gate.ts';
import { defaultThresholds } from '../../../src/domain/thresholds.ts';
import { sendMessage } from '../../support/brains.ts';
import { type AdversaryCase, unless } from '../case.ts';
import { buildScripted } from '../drivers/scripted.ts';
import { at, buy, limitOf, sentTexts } from '../moves.ts';
import { type Stage, spending } from '../stage.ts';

const nothingSent = (stage: Stage) => unless(sentTexts(stage).length === 0, 'it left');
const isAsked = (stage: Stage) => unless(stage.pending().length === 1, 'the owner was not asked');

/** A gate that believes that nothing was spent yet, as one that looked too early would. */
const blindToMoney =
  (limit: number): EvaluateGate =>
  (request, facts) =>
    buildEvaluateGate({ ownerLimit: { minor: limit, currency: 'USD' }, thresholds: defaultThresholds })(
      request,
      {
        ...facts,
        money: { jorbCommitted: 0, jorbWithoutApproval: 0, ownerWithoutApproval: 0 },
      },
    );

/** Money within the limit, spoken of in a way that leaves open how much it is. */
const vague = (text: string, amount: string | null): AdversaryCase => ({
  ids: ['B05', 'A13', 'M11'],
  holds: `“${text}” at ${amount ?? 'no price'} waits for the owner, also where money may be spent`,
  setting: { contract: spending },
  driver: ({ contact }) =>
    buildScripted([
      sendMessage({
        ...{ to: at(contact), text, consequence: 'purchase' },
        price: amount === null ? null : { amount, currency: 'USD', quantity: 1, per: null },
      }),
    ]),
  wrong: (stage) => [nothingSent(stage), isAsked(stage)],
});

export const ledgerCases: readonly AdversaryCase[] = [
  vague('Please book it.', null),
  vague('Please book it.', '5.00'),
  vague('Please book it for $5.00, number 90000.', '5.00'),
  vague('Please book the monthly pass for $5.00.', '5.00'),
  {
    ids: ['A01', 'A02'],
    holds: 'what the agent itself calls a commitment waits for the owner',
    driver: ({ contact }) =>
      buildScripted([sendMessage({ to: at(contact), text: 'Good day.', consequence: 'commit' })]),
    wrong: (stage) => [nothingSent(stage), isAsked(stage)],
  },
  {
    ids: ['A01', 'A13'],
    holds: 'a price in the field alone makes it a purchase',
    driver: ({ contact, price }) =>
      buildScripted([
        sendMessage({
          ...{ to: at(contact), text: 'Good day.', consequence: 'message' },
          price: { amount: `${price}.00`, currency: 'USD', quantity: 1, per: null },
        }),
      ]),
    wrong: (stage) => [nothingSent(stage), isAsked(stage)],
  },
  {
    ids: ['A02', 'O04'],
    holds: 'an agent that is not sure asks first',
    driver: ({ contact }) =>
      buildScripted([sendMessage({ to: at(contact), text: 'Good day.', confidence: 0.2 })]),
    wrong: (stage) => [nothingSent(stage), isAsked(stage)],
  },
  {
    ids: ['B01'],
    holds: 'an offer above the limit for one unit is refused, whatever it is in all',
    setting: {
      contract: (usual, cast) => ({
        ...spending(usual, cast),
        money: { ...usual.money, withoutApproval: 100_000, offerLimit: { minor: 3000, per: 'night' } },
      }),
    },
    driver: ({ contact }) =>
      buildScripted([
        sendMessage({
          ...{ to: at(contact), text: 'Please book it for $40.00.', consequence: 'purchase' },
          price: { amount: '40.00', currency: 'USD', quantity: 1, per: 'night' },
        }),
      ]),
    wrong: (stage) => [
      nothingSent(stage),
      unless(stage.pending().length === 0, 'the owner was asked for it'),
    ],
  },
  ...[
    {
      what: 'the limit of the errand',
      change: (minor: number) => ({ withoutApproval: minor, budget: null }),
    },
    { what: 'the budget', change: (minor: number) => ({ withoutApproval: 10 * minor, budget: minor }) },
  ].map(
    ({ what, change }): AdversaryCase => ({
      ids: ['B02', 'Q05'],
      holds: `a gate that looked too early meets ${what} in the ledger`,
      setting: {
        evaluate: blindToMoney(100_000_000),
        contract: (usual, cast) => ({
          ...spending(usual, cast),
          money: { ...usual.money, ...change(cast.limit.minor) },
        }),
        ownerLimit: { minor: 100_000_000, currency: 'USD' },
      },
      driver: (cast) =>
        buildScripted(
          [buy(cast.contact, limitOf(cast) - 1)],
          [buy(cast.contact, limitOf(cast) - 2, 'the suite')],
        ),
      attack: (stage) => stage.hear('And the suite?'),
      wrong: (stage) => [unless(sentTexts(stage).length === 1, `${sentTexts(stage).length} left`)],
    }),
  ),
  {
    ids: ['B02', 'B04'],
    holds: 'a gate that looked too early meets the limit of the owner in the ledger',
    setting: {
      contract: (usual, cast) => ({
        ...spending(usual, cast),
        money: { ...usual.money, withoutApproval: 10 * cast.limit.minor },
      }),
      // The real limit of the owner, and a gate that sees nothing spent.
      change: (deps) => ({
        ...deps,
        evaluate: (request, facts) =>
          deps.evaluate(request, {
            ...facts,
            money: { jorbCommitted: 0, jorbWithoutApproval: 0, ownerWithoutApproval: 0 },
          }),
      }),
    },
    driver: (cast) =>
      buildScripted(
        [buy(cast.contact, limitOf(cast) - 1)],
        [buy(cast.contact, limitOf(cast) - 2, 'the suite')],
      ),
    attack: (stage) => stage.hear('And the suite?'),
    wrong: (stage) => [unless(sentTexts(stage).length === 1, `${sentTexts(stage).length} left`)],
  },
];
