import { dayMs } from '../lib/duration.ts';
import { formatShare } from '../lib/share.ts';
import type { ModelCall, Usage } from './brain.ts';
import type { Address } from './contact.ts';
import type { BatchId, EventId, JorbId } from './ids.ts';
import { isLive, type JorbStatus } from './jorb.ts';
import type { Grade } from './message.ts';
import type { Thresholds } from './thresholds.ts';

/** A jorb that a message might belong to, because its sender is a counterparty there. */
export type RouteCandidate = {
  id: JorbId;
  name: string;
  status: JorbStatus;
  finishedAt: number | null;
  lastActivityAt: number;
};

export type RouteInput = {
  now: number;
  /** The jorb whose message this one answers, where the wire says so. */
  repliedTo: RouteCandidate | undefined;
  /** The jorb the owner assigned this conversation to. */
  assigned: RouteCandidate | undefined;
  candidates: RouteCandidate[];
  /** Whether any jorb takes messages at all, whoever its counterparties are. */
  hasOpenJorb: boolean;
  /** Whether the owner has stopped everything. */
  stopped: boolean;
  /** What came within the last hour. Counted when it is read. */
  readonly lately: {
    /** Calls of a model about messages, whoever wrote them. */
    asked: number;
    /** Batches of this sender, wherever they went. */
    ofSender: number;
  };
};

/** What a model is asked when the rules do not decide. Third-party text is in it. */
export type RoutingQuestion = {
  now: number;
  from: Address;
  /** The name the owner gave to this address in some jorb. */
  contactName: string | null;
  messages: { eventId: EventId; grade: Grade; text: string; at: number }[];
  /** The likeliest first, and few. */
  candidates: (RouteCandidate & { summary: string | null; counterparties: string[] })[];
  /** Unguessable: no third party can write the marks around its words. */
  quoteMark: string;
};

export type RouteRule = 'reply' | 'assigned' | 'only_candidate' | 'late_reply' | 'model';

/** The jorb that a model would have chosen, had it been surer. */
export type RouteSuggestion = { jorbId: JorbId; confidence: number };

export type Route =
  | { kind: 'routed'; jorbId: JorbId; rule: RouteRule; reason: string }
  | { kind: 'unmatched'; reason: string; suggestion?: RouteSuggestion };

/** The rules leave it to a model or, where there is none, to the owner. */
export type Undecided = { kind: 'undecided'; reason: string };

/** A model is asked: the batch is nobody else's until then. */
export type Asking = { kind: 'ask'; leasedUntil: number };

/** What a model chose, in its own words. */
export type RoutingChoice = { jorbId: JorbId | null; confidence: number; reason: string };

/** How a batch that was leased for a model is settled. */
export type RoutingSettlement = {
  /** What the model chose; null where it gave no answer that can be used, or was not asked. */
  choice: RoutingChoice | null;
  /** Called in the transaction that writes the result: `chosen` is the jorb of the choice as it is now. */
  conclude: (input: RouteInput, chosen: RouteCandidate | undefined) => Route;
  /** For the decision, unless the rules decide after all. */
  by: string;
  usage: Usage;
  call: ModelCall | null;
};

/** A finished jorb still owns the replies that come within this time. */
const lateReplyMs = 14 * dayMs;

function ownsReplies(jorb: RouteCandidate, now: number): boolean {
  return isLive(jorb.status) || (jorb.finishedAt !== null && now - jorb.finishedAt <= lateReplyMs);
}

/** Decides by rule alone which jorb a batch belongs to. */
export function routeBatch({
  now,
  repliedTo,
  assigned,
  candidates,
  hasOpenJorb,
}: RouteInput): Route | Undecided {
  if (repliedTo && ownsReplies(repliedTo, now)) {
    return routed(repliedTo, 'reply', `it answers a message of ${repliedTo.id}`);
  }
  if (assigned && isLive(assigned.status)) {
    return routed(assigned, 'assigned', `the owner assigned this conversation to ${assigned.id}`);
  }
  const live = candidates.filter(({ status }) => isLive(status));
  const [only] = live;
  if (only && live.length === 1) {
    return routed(only, 'only_candidate', `${only.id} is the only open jorb with this counterparty`);
  }
  if (live.length > 1) {
    return { kind: 'undecided', reason: `${live.length} open jorbs have this counterparty: ${list(live)}` };
  }
  const late = candidates.filter((jorb) => ownsReplies(jorb, now));
  const [finished] = late;
  if (finished && late.length === 1) {
    return routed(finished, 'late_reply', `a late reply to ${finished.id}, which is ${finished.status}`);
  }
  if (late.length > 1) {
    return {
      kind: 'unmatched',
      reason: `${late.length} finished jorbs had this counterparty: ${list(late)}`,
    };
  }
  const reason = 'the sender is a counterparty of no open jorb';
  return { kind: hasOpenJorb ? 'undecided' : 'unmatched', reason };
}

/** What the rules do not decide is left to the owner. */
export function leaveToOwner(verdict: Route | Undecided): Route {
  return verdict.kind === 'undecided' ? { kind: 'unmatched', reason: verdict.reason } : verdict;
}

const mostAsked = 60;
const mostOfSender = 20;

/** Whether more comes in than a model is asked about: each question costs, and strangers write for nothing. */
export function isFlood({ lately: { asked, ofSender } }: RouteInput): boolean {
  return asked >= mostAsked || ofSender >= mostOfSender;
}

/** A route that no model had a part in, for what a model could not be asked about. */
export function concludeWithoutModel(input: RouteInput, why: string): Route {
  const ruled = routeBatch(input);
  return ruled.kind === 'undecided' ? { kind: 'unmatched', reason: `${ruled.reason}; ${why}` } : ruled;
}

/**
 * What becomes of a model's choice, over what holds now: the owner, or the end of a jorb, may have
 * decided meanwhile, and then the rules go first.
 */
export function concludeRouting(
  input: RouteInput,
  {
    choice,
    chosen,
    thresholds,
  }: { choice: RoutingChoice; chosen: RouteCandidate | undefined; thresholds: Thresholds },
): Route {
  const ruled = routeBatch(input);
  if (ruled.kind === 'routed') return ruled;
  const { jorbId, confidence, reason } = choice;
  const unmatched = (why: string): Route => ({ kind: 'unmatched', reason: `${ruled.reason}; ${why}` });
  if (jorbId === null) return unmatched(`the model found none that fits: “${reason}”`);
  // Written so that what is no number is not sure.
  if (!(confidence >= thresholds.requireApproval)) {
    return unmatched(`the model guessed ${jorbId} and was only ${formatShare(confidence)} sure`);
  }
  if (chosen === undefined || !isLive(chosen.status)) {
    return unmatched(`the model chose ${jorbId}, which is ${chosen?.status ?? 'gone'} by now`);
  }
  if (confidence >= thresholds.autoExecute) return routed(chosen, 'model', reason);
  return { kind: 'unmatched', reason, suggestion: { jorbId, confidence } };
}

function routed(jorb: RouteCandidate, rule: RouteRule, reason: string): Route {
  return { kind: 'routed', jorbId: jorb.id, rule, reason };
}

function list(jorbs: RouteCandidate[]): string {
  return jorbs.map((jorb) => jorb.id).join(', ');
}

/** `failures`: how often a model did not answer about it. */
export type RoutedBatch =
  | { batchId: BatchId; route: Route }
  | { batchId: BatchId; question: RoutingQuestion; failures: number };
