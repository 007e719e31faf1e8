import { dayMs, hourMs } from '../lib/duration.ts';
import type { Action, Payload } from './action.ts';
import type { EvaluateGate } from './gate.ts';
import type { ApprovalId, EventId, JorbId } from './ids.ts';
import type { Jorb } from './jorb.ts';

export const approvalStatuses = ['pending', 'accepted', 'edited', 'declined', 'answered', 'expired'] as const;
export type ApprovalStatus = (typeof approvalStatuses)[number];

/** How the owner's answer reached us. */
export const confirmations = ['elicitation', 'terminal', 'host'] as const;
export type Confirmation = (typeof confirmations)[number];

/** One question to the owner about the exact bytes of one action, and the answer. */
export type Approval = {
  id: ApprovalId;
  action: Action;
  jorb: Pick<Jorb, 'id' | 'name' | 'status'>;
  hash: string;
  contractVersion: number;
  status: ApprovalStatus;
  /** Why it is expired although its time is not up: what changed under it. */
  voidReason: string | null;
  askedAt: number;
  remindAt: number | null;
  reminders: number;
  expiresAt: number;
  answeredAt: number | null;
  answerText: string | null;
  confirmedBy: Confirmation | null;
  /** The counterparty the action is for, by the name the owner gave. */
  recipientName: string | null;
  /** The counterparty's last words, shown to the owner as a quotation. */
  quote: { eventId: EventId; from: string; text: string } | null;
};

/** The owner's answer. `edit` replaces the text of a message and accepts the result. */
export type ApprovalAnswer =
  | { kind: 'accept' }
  | { kind: 'edit'; text: string }
  | { kind: 'decline'; text: string | null }
  | { kind: 'answer'; text: string };

/** What an approval of each kind of payload can be answered with. */
export const answersFor: Record<Payload['kind'], readonly ApprovalAnswer['kind'][]> = {
  send_message: ['accept', 'edit', 'decline'],
  ask_owner: ['answer', 'decline'],
  change_contract: ['accept', 'decline'],
};

export const approvalLifetimeMs = 7 * dayMs;

const remindAfterMs = [4 * hourMs, dayMs, 3 * dayMs];

/** When the owner is next reminded, or null when they have been reminded often enough. */
export function computeRemindAt(askedAt: number, reminders: number): number | null {
  const after = remindAfterMs[reminders];
  return after === undefined ? null : askedAt + after;
}

export type ApprovalStore = {
  getApproval(id: ApprovalId): Promise<Approval | undefined>;
  /** Oldest first: the first asked is the first shown. */
  listPendingApprovals(filter: { jorbId: JorbId | null; limit: number }): Promise<Approval[]>;
  /**
   * Consumes a pending approval once, and queues its action in the same transaction. `hash` is of the
   * bytes the owner saw. Refused, with the approval still pending, when the gate refuses now (stopped,
   * a rate); refused for good when it was answered, expired, or its payload or contract changed.
   */
  answerApproval(
    request: {
      id: ApprovalId;
      hash: string;
      answer: ApprovalAnswer;
      confirmedBy: Confirmation | null;
      evaluate: EvaluateGate;
    },
    now: number,
  ): Promise<Approval>;
};
