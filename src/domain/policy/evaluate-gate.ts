import type { EvaluateGate, Verdict } from '../gate.ts';
import { checkApproval } from './approval.ts';
import { type Check, type Draft, findConsequence, type GateInput } from './check.ts';
import { checkConfidence } from './confidence.ts';
import { checkConsequence } from './consequence.ts';
import { checkMoney } from './money.ts';
import { checkRate } from './rate.ts';
import { checkRecipient } from './recipient.ts';
import { checkShape } from './shape.ts';
import { checkStop } from './stop.ts';

/** The checks between a proposal and the outbox, in their order. */
export const gateChecks: readonly Check[] = [
  checkShape,
  checkStop,
  checkRecipient,
  checkConsequence,
  checkMoney,
  checkRate,
  checkConfidence,
  checkApproval,
];

/**
 * The policy as one pure function. `ownerLimit` is what may be spent without approval over all jorbs in
 * a day; below `thresholds.autoExecute` the owner is asked. `checks` is for the test that leaves one out.
 */
export function buildEvaluateGate(
  { ownerLimit, thresholds }: Pick<GateInput, 'ownerLimit' | 'thresholds'>,
  checks: readonly Check[] = gateChecks,
): EvaluateGate {
  return (request, facts) => judge({ request, facts, ownerLimit, thresholds }, checks);
}

function judge(input: GateInput, checks: readonly Check[]): Verdict {
  const { request, facts } = input;
  let draft: Draft = {
    payload: request.payload,
    findings: [],
    asks: false,
    withinLimit: false,
    reservation: null,
    availableAt: facts.now,
  };
  for (const check of checks) {
    const checked = check(input, draft);
    if ('refused' in checked) {
      const { refused, findings } = checked;
      return { kind: 'refuse', ...refused, findings, consequence: findConsequence(draft.payload, findings) };
    }
    draft = checked;
  }
  const { payload, findings, asks, reservation, availableAt } = draft;
  const consequence = findConsequence(payload, findings);
  if (asks) return { kind: 'ask', payload, consequence, findings };
  return { kind: 'allow', payload, consequence, findings, reservation, availableAt };
}
