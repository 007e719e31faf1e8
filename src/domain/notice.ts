import { dayMs, hourMs, minuteMs } from '../lib/duration.ts';
import type { Approval } from './approval.ts';
import type { Fence } from './fence.ts';
import type { ActionId, EventId } from './ids.ts';
import { isFinished, type Jorb, type PauseCause } from './jorb.ts';
import type { NewMail } from './mail.ts';

/** What the owner may want to hear of at once. */
export const noticeKinds = [
  'pause',
  'complete',
  'fail',
  'approval',
  'reminder',
  'budget',
  'late_reply',
  'handoff',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** `dropped`: it was not wanted, or not true any more when it would have been mailed. */
export const noticeStatuses = ['open', 'mailed', 'dropped'] as const;

/** What of a jorb the owner is mailed at once. Null: everything. */
export type NotifyOn = NoticeKind[] | null;

/** One fact that was noted, with what is true of it now. Each is drawn from the rows of its own jorb alone. */
export type NoticeFact = {
  seq: number;
  at: number;
  jorb: Pick<Jorb, 'id' | 'name' | 'status' | 'pauseCause' | 'reason' | 'evidence' | 'contractVersion'>;
  notifyOn: NotifyOn;
} & (
  | { kind: 'approval' | 'reminder'; approval: Approval }
  /** As it was when it was noted. */
  | { kind: 'pause'; cause: PauseCause; reason: string | null }
  | { kind: 'complete' | 'fail' }
  | { kind: 'budget'; action: ActionId; contractVersion: number; refusal: string }
  /** `ids` and `text` are of the first that came; `more` came with them. */
  | { kind: 'late_reply'; messages: { ids: EventId[]; more: number; from: string; text: string } }
  /** `handedOver`: a later one could be had. */
  | { kind: 'handoff'; error: string | null; handedOver: boolean }
);

/** What one mail tells, first what needs the owner. */
export type RenderNotice = (facts: readonly NoticeFact[], now: number) => Omit<NewMail, 'kind'>;

export type NoticeStore = {
  /**
   * Queues one mail that tells every open notice, once they are due; what is not wanted or not true any more
   * is dropped. With `render` null there is no way to mail, and all are dropped. Undefined: nothing was due.
   */
  composeNotices(
    fence: Fence,
    options: { render: RenderNotice | null },
    now: number,
  ): Promise<{ mailed: number; dropped: number } | undefined>;
};

/** What happens within so long after the first notice goes into the same mail. */
const gatherMs = minuteMs;
export const mostMailsPerHour = 10;
/** What happened so long ago and needs nobody is left to the digest. */
const longestWaitMs = dayMs;

/**
 * When what is open goes together. `firstAt` is of the oldest notice, `tenthMailAt` of the mail before which
 * there were as many in this hour as may be: nothing is lost by waiting. A clock that was set back leaves
 * notices in the future, which are due now.
 */
export function computeComposeAt(firstAt: number, tenthMailAt: number | null, now: number): number {
  const gatheredAt = firstAt > now ? now : firstAt + gatherMs;
  return tenthMailAt === null ? gatheredAt : Math.max(gatheredAt, tenthMailAt + hourMs);
}

/** What one mail is to tell, and the notices that it answers: of two that tell the same the first stands for both. */
export function selectFacts(
  facts: readonly NoticeFact[],
  now: number,
): { told: NoticeFact[]; answered: Set<number> } {
  const apt = facts.filter((fact) => isWanted(fact) && isStillTrue(fact, now) && !isPast(fact, now));
  const told = new Map<string, NoticeFact>();
  for (const fact of apt) if (!told.has(nameFact(fact))) told.set(nameFact(fact), fact);
  return {
    told: [...told.values()].sort((a, b) => rank[a.kind] - rank[b.kind] || a.seq - b.seq),
    answered: new Set(apt.map(({ seq }) => seq)),
  };
}

/** Those that need the owner come first. */
const rank: Record<NoticeKind, number> = {
  approval: 0,
  reminder: 0,
  pause: 1,
  budget: 2,
  handoff: 3,
  late_reply: 4,
  fail: 5,
  complete: 6,
};

/** Told before all others, so that no flood of those keeps the owner from hearing of them. */
export const needingKinds = ['approval', 'reminder', 'pause', 'budget'] as const satisfies NoticeKind[];

export function needsOwner({ kind }: Pick<NoticeFact, 'kind'>): boolean {
  return needingKinds.some((needing) => needing === kind);
}

/** A question and its reminders are one, and so are two pauses for the same reason. */
function nameFact(fact: NoticeFact): string {
  switch (fact.kind) {
    case 'approval':
    case 'reminder':
      return fact.approval.id;
    case 'pause':
      return `pause of ${fact.jorb.id}`;
    default:
      return `${fact.seq}`;
  }
}

/** A pause at a limit is news of a budget, too. */
function isWanted(fact: NoticeFact): boolean {
  const { notifyOn, kind } = fact;
  if (notifyOn === null || notifyOn.includes(kind)) return true;
  return kind === 'pause' && fact.cause === 'limit' && notifyOn.includes('budget');
}

function isStillTrue(fact: NoticeFact, now: number): boolean {
  const { jorb } = fact;
  switch (fact.kind) {
    case 'approval':
    case 'reminder':
      return fact.approval.status === 'pending' && fact.approval.expiresAt > now;
    case 'pause':
      return jorb.status === 'paused' && jorb.pauseCause === fact.cause && jorb.reason === fact.reason;
    case 'budget':
      return !isFinished(jorb.status) && jorb.contractVersion === fact.contractVersion;
    case 'handoff':
      return !isFinished(jorb.status) && !fact.handedOver;
    case 'complete':
    case 'fail':
    case 'late_reply':
      return true;
  }
}

function isPast(fact: NoticeFact, now: number): boolean {
  return now - fact.at > longestWaitMs && !needsOwner(fact);
}
