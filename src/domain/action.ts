import { canonicalJson, type Json, sha256 } from '../lib/canonical.ts';
import type { Money } from '../lib/money.ts';
import type { ChannelKind, NewCounterparty } from './contact.ts';
import type { Consequence, Contract } from './contract.ts';
import type { Extension } from './extension.ts';
import type { ActionId, DecisionId, EventId, JorbId, TurnId } from './ids.ts';

export const actionStatuses = [
  'proposed',
  'awaiting_approval',
  'approved',
  'rejected',
  'expired',
  'queued',
  'done',
  'failed',
  'unknown',
] as const;
export type ActionStatus = (typeof actionStatuses)[number];

/** What a purchase or commitment costs in all, and how that comes about. */
export type Price = Money & {
  /** How many units the total is for: 4 nights. */
  quantity: number;
  /** The unit, such as `night`; null when the total is one thing. */
  per: string | null;
};

/** The exact bytes an action stands for. Its canonical JSON is hashed, shown to the owner and sent. */
export type Payload =
  | {
      kind: 'send_message';
      to: { channel: ChannelKind; address: string };
      text: string;
      /** What sending it costs or commits the owner to; null when nothing. */
      price: Price | null;
    }
  | { kind: 'ask_owner'; question: string }
  | {
      kind: 'change_contract';
      contract: Contract;
      /** The names of its addresses. Absent: those the jorb knows. */
      counterparties?: NewCounterparty[];
      startAfter: boolean;
      /** The runtime asks whether the jorb may go on, under the contract as it is. */
      extension?: Extension;
    };

export type SendPayload = Extract<Payload, { kind: 'send_message' }>;

/** Why the gate put an action in its class, or refused it. */
export type Finding = { rule: GateRule; consequence: Consequence; because: string };

export const gateRules = [
  'shape',
  'stop',
  'jorb_status',
  'recipient',
  'opt_out',
  'label',
  'acceptance',
  'price_in_text',
  'cancellation',
  'private_field',
  'secret_pattern',
  'private_data_held',
  'web_post',
  'treatment',
  'price',
  'currency',
  'recurring_price',
  'offer_limit',
  'budget',
  'spend_limit',
  'hourly_rate',
  'daily_rate',
  'recipient_rate',
  'bot_loop',
  'repetition',
  'no_progress',
  'confidence',
  'pending_approvals',
  'widening',
  'question',
] as const;
export type GateRule = (typeof gateRules)[number];

export type Action = {
  id: ActionId;
  jorbId: JorbId;
  turnId: TurnId | null;
  decisionId: DecisionId | null;
  payload: Payload;
  hash: string;
  contractVersion: number;
  consequence: Consequence;
  findings: Finding[];
  status: ActionStatus;
  /** The text the agent was given when it was refused. */
  refusal: string | null;
  /** The event whose words led to it, where there is one. */
  causedBy: EventId | null;
  createdAt: number;
};

/** SHA-256 over the payload together with what it was decided for: another jorb or contract gives another hash. */
export function hashAction(jorbId: JorbId, contractVersion: number, payload: Payload): string {
  return sha256(canonicalJson({ jorbId, contractVersion, payload } as unknown as Json));
}
