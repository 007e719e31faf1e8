import type { Money } from '../lib/money.ts';
import type { Finding, GateRule, Payload } from './action.ts';
import type { Counterparty } from './contact.ts';
import type { Consequence, Contract } from './contract.ts';
import type { JorbStatus, PauseCause } from './jorb.ts';

/** A private fact about the owner that the gate looks for in every text. */
export type ProfileField = { field: string; value: string };

/**
 * What the gate knows besides the proposal, read in the transaction that writes the verdict. No word
 * of a model is in it but the texts it sent before.
 */
export type GateFacts = {
  now: number;
  stopped: boolean;
  jorb: { status: JorbStatus; pauseCause: PauseCause | null };
  contract: Contract;
  ownerName: string;
  profile: ProfileField[];
  counterparties: Counterparty[];
  /** Messages queued or sent for this jorb, newest first, for the last 24 hours. */
  recentSends: { channel: string; address: string; text: string; at: number }[];
  /** When the jorb last got somewhere: a fact, a phase, an answer or words of the owner. */
  lastProgressAt: number;
  /**
   * How many messages this jorb ever sent to the recipient, the last words that came back, and whether
   * the address opted out, counterparty or not.
   */
  recipient: { everSent: number; lastInbound: string | null; optedOut: boolean };
  /**
   * In minor units of the contract's currency; reserved counts as spent, refunds never reopen room.
   * The owner's window is the last 24 hours over all jorbs.
   */
  money: { jorbCommitted: number; jorbWithoutApproval: number; ownerWithoutApproval: number };
  pendingApprovals: { jorb: number; owner: number };
  /**
   * Whether the jorb was given private data, so that any request to a web host could carry it. Read only
   * for what goes to one.
   */
  holdsPrivate: boolean;
};

/**
 * `approved` is the owner's confirmed yes to exactly this payload: it answers the questions of
 * consequence and of spending without approval, and nothing else.
 */
export type GateRequest = {
  payload: Payload;
  label: Consequence;
  approved: boolean;
  /** How sure whoever proposes it is, 0 to 1. What the owner wrote themselves is 1. */
  confidence: number;
};

/**
 * Money to set aside in the transaction that queues the action, all in minor units of one currency.
 * The store inserts it only if no window would pass its limit; null is no limit.
 */
export type Reservation = Money & {
  approved: boolean;
  limits: { jorb: number | null; jorbWithoutApproval: number; ownerWithoutApproval: number };
};

export type Verdict =
  | {
      kind: 'allow';
      payload: Payload;
      consequence: Consequence;
      findings: Finding[];
      reservation: Reservation | null;
      /** Later than now when the recipient's quiet hours hold it. */
      availableAt: number;
    }
  | { kind: 'ask'; payload: Payload; consequence: Consequence; findings: Finding[] }
  | {
      kind: 'refuse';
      rule: GateRule;
      /** What the agent, or the owner who approved, can do about it. */
      text: string;
      consequence: Consequence;
      findings: Finding[];
      /** True for a limit that more tries would not mend: the jorb pauses and the owner is told. */
      pauses: boolean;
    };

export type EvaluateGate = (request: GateRequest, facts: GateFacts) => Verdict;

/** What is read again in the transaction that takes a message off the outbox. */
export type DepartureFacts = Pick<GateFacts, 'now' | 'stopped' | 'jorb' | 'contract' | 'counterparties'> & {
  /** `optedOut` is of the address, counterparty or not. */
  to: { channel: string; address: string; optedOut: boolean };
  /** Whether the owner accepted or edited exactly this action: it may go to an address beyond the contract. */
  approved: boolean;
};

/** A message may leave, waits (`until` null: for the owner), or has lost its ground and fails. */
export type Departure =
  | { kind: 'go' }
  | { kind: 'hold'; until: number | null; reason: string }
  | { kind: 'drop'; rule: GateRule; reason: string };

export type EvaluateDeparture = (facts: DepartureFacts) => Departure;
