import type { Money } from '../../lib/money.ts';
import type { Finding, GateRule, Payload } from '../action.ts';
import { type Consequence, consequences } from '../contract.ts';
import type { GateFacts, GateRequest, Reservation } from '../gate.ts';
import type { Thresholds } from '../thresholds.ts';

export type GateInput = {
  request: GateRequest;
  facts: GateFacts;
  /** What the owner may have spent without approval over all jorbs in a day. */
  ownerLimit: Money;
  thresholds: Thresholds;
};

/** What the checks so far have made of a proposal. */
export type Draft = {
  payload: Payload;
  findings: Finding[];
  /** Whether the owner has to be asked, as long as they have not approved. */
  asks: boolean;
  /** Whether its money must fit into what may be spent without a question. */
  withinLimit: boolean;
  reservation: Reservation | null;
  availableAt: number;
};

export type GateRefusal = { refused: { rule: GateRule; text: string; pauses: boolean }; findings: Finding[] };

/** One of the checks: what it adds to the draft, or why the proposal ends here. Pure. */
export type Check = (input: GateInput, draft: Draft) => Draft | GateRefusal;

/** `text` is one sentence that the agent can act on, without private values. */
export function refuse(draft: Draft, rule: GateRule, text: string): GateRefusal {
  return { refused: { rule, text, pauses: false }, findings: draft.findings };
}

/** For a limit that more tries would not mend. */
export function refuseAndPause(draft: Draft, rule: GateRule, text: string): GateRefusal {
  return { refused: { rule, text, pauses: true }, findings: draft.findings };
}

/** The gravest class among the findings; a message is at least one. */
export function findConsequence(payload: Payload, findings: readonly Finding[]): Consequence {
  const least = payload.kind === 'send_message' ? 'message' : 'none';
  return findings
    .map(({ consequence }) => consequence)
    .reduce((a, b) => (consequences.indexOf(b) > consequences.indexOf(a) ? b : a), least);
}

/** Whether it spends or binds, and so must have a price that fits. */
export function isBinding(findings: readonly Finding[]): boolean {
  return findings.some(({ consequence }) => consequence === 'commit' || consequence === 'purchase');
}
