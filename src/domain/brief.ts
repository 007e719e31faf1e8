import type { Money } from '../lib/money.ts';
import type { Approval } from './approval.ts';
import type { JorbId } from './ids.ts';
import type { Jorb, JorbStatus, JorbSummary } from './jorb.ts';
import type { InboxItem, TranscriptEntry } from './message.ts';
import type { Outage } from './outage.ts';

/** What happened, as counted by the audit. */
export type ActivityCounts = {
  received: number;
  sent: number;
  created: number;
  completed: number;
  failed: number;
  cancelled: number;
  refused: number;
  asked: number;
};

/** An event worth telling, drawn from a row: `evidence` is the id to ask further with. */
export type Highlight = { at: number; jorbId: JorbId | null; text: string; evidence: string };

/** A message that may or may not have reached the wire, or that did not. */
export type DeliveryProblem = {
  id: string;
  jorbId: JorbId;
  kind: 'unknown' | 'failed';
  to: string;
  text: string;
  error: string | null;
  at: number;
};

/** What happened since the owner last asked. Each list is bounded and says in `more` what it leaves out. */
export type Brief = {
  since: number | null;
  now: number;
  stopped: { at: number; reason: string | null } | null;
  approvals: Approval[];
  paused: Pick<Jorb, 'id' | 'name' | 'pauseCause' | 'reason'>[];
  failed: Pick<Jorb, 'id' | 'name' | 'reason'>[];
  problems: DeliveryProblem[];
  unmatched: InboxItem[];
  activity: ActivityCounts;
  /** Jorbs in which something happened, latest first. */
  jorbs: JorbSummary[];
  highlights: Highlight[];
  messages: (TranscriptEntry & { jorbId: JorbId })[];
  completed: { id: JorbId; name: string; outcome: string | null; evidence: string[] }[];
  money: { committed: Money[]; reserved: Money[] };
  /** What was asked of models since the last brief, and whether they answer now. */
  models: { costMicros: number; outage: Outage | null };
  open: Record<JorbStatus, number>;
  more: {
    approvals: number;
    paused: number;
    failed: number;
    problems: number;
    unmatched: number;
    jorbs: number;
  };
};

export type ModelStatus = {
  name: string;
  outage: Outage | null;
  /** In the last 24 hours, of what is allowed. */
  dayMicros: number;
  dayLimitMicros: number;
};

/** What `status` tells: who runs, what waits, what is wrong. */
export type SystemStatus = {
  now: number;
  version: string;
  dataDir: string;
  stopped: { at: number; reason: string | null } | null;
  runtime: { epoch: number; holder: string; since: number; live: boolean } | null;
  jorbs: Record<JorbStatus, number>;
  pending: {
    approvals: number;
    unmatched: number;
    openBatches: number;
    queued: number;
    sending: number;
    unknown: number;
  };
  nextDueAt: number | null;
  channels: { kind: string; account: string; state: 'connected' | 'degraded' | 'stopped' }[];
  brain: string;
  /** Null: no model is asked. */
  model: ModelStatus | null;
  confirm: string;
};
