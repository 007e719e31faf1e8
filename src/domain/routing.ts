import type { Address } from './contact.ts';
import type { EventId, JorbId } from './ids.ts';
import type { JorbStatus } from './jorb.ts';
import type { Grade } from './message.ts';

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

export type RouteRule = 'reply' | 'assigned' | 'only_candidate' | 'late_reply';

export type Route =
  | { kind: 'routed'; jorbId: JorbId; rule: RouteRule; reason: string }
  | { kind: 'unmatched'; reason: string };

/** A finished jorb still owns the replies that come within this time. */
const lateReplyMs = 14 * 24 * 3_600_000;

function isLive(jorb: RouteCandidate): boolean {
  return jorb.status === 'running' || jorb.status === 'paused';
}

function ownsReplies(jorb: RouteCandidate, now: number): boolean {
  return isLive(jorb) || (jorb.finishedAt !== null && now - jorb.finishedAt <= lateReplyMs);
}

/** Decides by rule alone which jorb a batch belongs to. What the rules cannot decide is left to the owner. */
export function routeBatch({ now, repliedTo, assigned, candidates }: RouteInput): Route {
  if (repliedTo && ownsReplies(repliedTo, now)) {
    return routed(repliedTo, 'reply', `it answers a message of ${repliedTo.id}`);
  }
  if (assigned && isLive(assigned)) {
    return routed(assigned, 'assigned', `the owner assigned this conversation to ${assigned.id}`);
  }
  const live = candidates.filter(isLive);
  const [only] = live;
  if (only && live.length === 1) {
    return routed(only, 'only_candidate', `${only.id} is the only open jorb with this counterparty`);
  }
  if (live.length > 1) {
    return { kind: 'unmatched', reason: `${live.length} open jorbs have this counterparty: ${list(live)}` };
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
  return { kind: 'unmatched', reason: 'the sender is a counterparty of no open jorb' };
}

function routed(jorb: RouteCandidate, rule: RouteRule, reason: string): Route {
  return { kind: 'routed', jorbId: jorb.id, rule, reason };
}

function list(jorbs: RouteCandidate[]): string {
  return jorbs.map((jorb) => jorb.id).join(', ');
}
