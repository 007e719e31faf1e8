import type { Money } from '../lib/money.ts';
import type { Action, Price } from './action.ts';
import type { Approval } from './approval.ts';
import type { ActivityCounts, DeliveryProblem, Highlight } from './brief.ts';
import type { Address, NewCounterparty } from './contact.ts';
import type { Consequence, Contract } from './contract.ts';
import type { Decision, DecisionRecord } from './decision.ts';
import type { Excerpt } from './digest-room.ts';
import type { Extension } from './extension.ts';
import type { Fence } from './fence.ts';
import type { ActionId, ApprovalId, EventId, JorbId, MailId } from './ids.ts';
import type { Jorb, JorbStatus } from './jorb.ts';
import type { Mail, NewMail } from './mail.ts';
import type { InboxItem, TranscriptEntry } from './message.ts';
import type { ModelUse } from './model-money.ts';
import type { Outage } from './outage.ts';
import type { OpenPromise } from './promise.ts';

/** What is asked, to the letter. */
export type Asked =
  | { kind: 'send'; to: Address; name: string | null; text: Excerpt; price: Price | null }
  | { kind: 'question'; text: Excerpt }
  | { kind: 'contract'; contract: Contract; names: NewCounterparty[]; extension: Extension | null };

export type DigestApproval = Pick<Approval, 'id' | 'jorb' | 'askedAt' | 'expiresAt'> & {
  asked: Asked;
  /** Why it asks. */
  because: { consequence: Consequence; text: string }[];
  quote: { eventId: EventId; from: string; text: Excerpt } | null;
};

/** A jorb that is open. */
export type DigestJorb = Pick<
  Jorb,
  'id' | 'name' | 'status' | 'pauseCause' | 'reason' | 'summary' | 'lastActivityAt' | 'wakeAt' | 'wakeReason'
> & {
  approvals: ApprovalId[];
  promises: OpenPromise[];
  morePromises: number;
};

/** A jorb that ended. `evidence` is what proves its outcome; without any it is unconfirmed. */
export type DigestEnding = Pick<Jorb, 'id' | 'name' | 'status' | 'summary'> & {
  at: number;
  /** The outcome, or why it did not come to one. */
  reason: string | null;
  evidence: { id: EventId; from: string | null; text: Excerpt | null }[];
  moreEvidence: number;
};

export type DigestMessage = Omit<TranscriptEntry, 'text'> & { text: Excerpt };

export type DigestDecision = Pick<Decision, 'id' | 'by' | 'model' | 'confidence' | 'at'> & {
  reasoning: Excerpt;
  actions: DecisionRecord['actions'];
};

/** What happened in one jorb: its messages in the order of time, and what was decided for what reason. */
export type DigestStory = Pick<Jorb, 'id' | 'name' | 'status'> & {
  messages: DigestMessage[];
  moreMessages: number;
  decisions: DigestDecision[];
  moreDecisions: number;
};

/** Money that went out, or is set aside for an answer. */
export type DigestPurchase = Pick<Action, 'consequence'> & {
  actionId: ActionId;
  money: Money;
  price: Price | null;
  to: Address | null;
  state: 'settled' | 'reserved';
  at: number;
};

/** What one jorb cost since the last digest; `reserved` is what is set aside now. */
export type DigestCost = Pick<Jorb, 'id' | 'name'> & {
  models: ModelUse;
  received: number;
  sent: { channel: string; count: number }[];
  purchases: DigestPurchase[];
  morePurchases: number;
  settled: Money[];
  reserved: Money[];
};

export type DigestCosts = {
  /** The dearest first. */
  models: (ModelUse & { model: string })[];
  modelTotal: ModelUse;
  /** Of what belongs to no jorb: to find out where a message belongs. */
  routing: ModelUse;
  sent: { channel: string; count: number }[];
  /** Only so many of the newest were looked at. */
  sentIsPartial: boolean;
  settled: Money[];
  reserved: Money[];
  jorbs: DigestCost[];
};

export type DigestUnmatched = Pick<InboxItem, 'contactName' | 'reason' | 'suggestion' | 'candidates'> &
  Address & { id: EventId; text: Excerpt; at: number };

/** Everything that a digest tells. Each list is bounded and says in `more` what it leaves out. */
export type Digest = {
  /** The owner's: `2026-11-20`. */
  date: string;
  /** Null: from the beginning. */
  since: number | null;
  until: number;
  stopped: { at: number; reason: string | null } | null;
  outage: Outage | null;
  /** How many things wait for the owner. */
  needs: number;
  activity: ActivityCounts;
  open: Record<JorbStatus, number>;
  /** The oldest first. */
  approvals: DigestApproval[];
  unmatched: DigestUnmatched[];
  problems: (Omit<DeliveryProblem, 'text'> & { text: Excerpt })[];
  lateReplies: (DigestMessage & { jorbId: JorbId; jorbName: string })[];
  /** What else went wrong: turns, schedules, handoffs, mails, the model. */
  failures: Highlight[];
  active: DigestJorb[];
  ended: DigestEnding[];
  highlights: Highlight[];
  /** Jorbs in which something happened, the latest first. */
  stories: DigestStory[];
  costs: DigestCosts;
  more: DigestRest;
};

export type DigestRest = Record<
  | 'approvals'
  | 'unmatched'
  | 'problems'
  | 'lateReplies'
  | 'failures'
  | 'active'
  | 'ended'
  | 'highlights'
  | 'stories'
  | 'costs',
  number
>;

/** What a digest is written as. */
export type DigestMail = Pick<NewMail, 'subject' | 'text' | 'html'>;

/** One that is kept, as it was mailed. */
export type KeptDigest = DigestMail & {
  date: string;
  since: number | null;
  until: number;
  needs: number;
  mail: Pick<Mail, 'status' | 'attempts' | 'queuedAt' | 'sentAt' | 'error'> & {
    id: MailId;
    /** What the mailer gave for it. */
    receipt: string | null;
  };
};

export type DigestStore = {
  /**
   * Tells what happened since the last digest, queues it as a mail and moves the mark, all at once. A date has
   * one digest: asked again, nothing is written. Nor is it when nothing happened and nothing waits for the owner.
   */
  composeDigest(
    fence: Fence,
    request: { date: string; render: (digest: Digest) => DigestMail; sendsEmpty: boolean },
    now: number,
  ): Promise<{ kind: 'queued' | 'known'; needs: number } | { kind: 'empty' }>;
  /** Null for the newest. */
  readDigest(date: string | null): Promise<KeptDigest | undefined>;
  /** The newest first. */
  listDigests(limit: number): Promise<Pick<KeptDigest, 'date' | 'needs'>[]>;
};
