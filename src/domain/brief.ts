import type { Money } from '../lib/money.ts';
import type { Approval } from './approval.ts';
import type { JorbId } from './ids.ts';
import type { Jorb, JorbStatus } from './jorb.ts';
import type { Mailer, MailStatus } from './mail.ts';
import type { InboxItem, TranscriptEntry } from './message.ts';
import type { Outage } from './outage.ts';
import type { ProgressState } from './progress.ts';
import type { OpenPromise } from './promise.ts';
import type { ScheduleState } from './schedule.ts';

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

export type BriefMessage = TranscriptEntry & { jorbId: JorbId };

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

/** An open promise that is overdue, or due within a day. */
export type DuePromise = OpenPromise & {
  dueAt: number;
  jorbId: JorbId;
  jorbName: string;
  contactName: string | null;
};

/** What a jorb does by itself within a day. */
export type Upcoming = {
  at: number;
  jorbId: JorbId;
  jorbName: string;
  kind: 'deadline' | 'wake';
  /** Of a wake. */
  reason: string | null;
};

/** What became of one jorb since then, drawn from its audit entries. */
export type JorbNews = Pick<Jorb, 'id' | 'name' | 'status' | 'pauseCause'> & {
  received: number;
  sent: number;
  /** Money that was committed since then, and what was set aside since then and still is. */
  committed: Money[];
  reserved: Money[];
  /** Everything else, the newest last: `noted price, nights`. Names of facts and phases are the agent's words. */
  changes: string[];
  /** Only the newest entries were looked at: there is more. */
  isCut: boolean;
};

/** What happened since the owner last asked. Each list is bounded and says in `more` what it leaves out. */
export type Brief = {
  since: number | null;
  /** It looks back further or less far than the last brief, and the mark stays. */
  looksBack: boolean;
  now: number;
  stopped: { at: number; reason: string | null } | null;
  approvals: Approval[];
  paused: Pick<Jorb, 'id' | 'name' | 'pauseCause' | 'reason'>[];
  failed: Pick<Jorb, 'id' | 'name' | 'reason'>[];
  problems: DeliveryProblem[];
  unmatched: InboxItem[];
  /** What else went wrong: turns, questions nobody answered in time, mails, schedules, handoffs, the model. */
  failures: Highlight[];
  /** Replies to jorbs that were over. Nobody answers them but the owner. */
  lateReplies: BriefMessage[];
  /** The longest overdue first. */
  promises: DuePromise[];
  upcoming: Upcoming[];
  activity: ActivityCounts;
  /** Jorbs in which something happened: those that need the owner, those that ended, the others; latest first. */
  jorbs: JorbNews[];
  highlights: Highlight[];
  messages: BriefMessage[];
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
    failures: number;
    lateReplies: number;
    promises: number;
    completed: number;
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
  schedules: ScheduleState[];
  /** The way to the owner. */
  mail: Pick<Mailer, 'kind' | 'target'> & MailStatus;
  progressLog: { file: string } & ProgressState;
  confirm: string;
};
