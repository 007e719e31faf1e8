import type { Activity } from '../../domain/activity.ts';
import type { Decision } from '../../domain/decision.ts';
import { type JorbId, parseId } from '../../domain/ids.ts';
import type { JorbStore } from '../../domain/jorb.ts';
import type { Store } from '../../domain/store.ts';
import { describeActivity, describeDecision, type Moment, type Rows } from './moments.ts';

type TimelineStore = Pick<
  JorbStore,
  'listActivity' | 'getAction' | 'getJorb' | 'readTranscript' | 'listDecisions'
> &
  Pick<Store, 'getApproval'>;

export type Timeline = {
  /** What happened since the last call, in order. What points at rows not yet complete waits for the next. */
  readNext(): Promise<Moment[]>;
  /** Every entry read so far. */
  seen(): readonly Activity[];
};

const pageSize = 200;
/** A message that no jorb has after this time is shown without its text. */
const patienceMs = 5000;

/** Follows one jorb through its rows: the audit gives the order, the rows it names give the words. */
export function openTimeline(store: TimelineStore, jorbId: JorbId, now: () => number): Timeline {
  const seen: Activity[] = [];
  const toldDecisions = new Set<string>();
  return {
    seen: () => seen,
    async readNext() {
      const entries = await store.listActivity(null, seen.at(-1)?.seq ?? 0, pageSize);
      if (entries.length === 0) return [];
      const latest = { jorbId, status: null, since: null, limit: pageSize, offset: 0 };
      const { decisions } = await store.listDecisions(latest);
      const rows = await readRows(store, { jorbId, entries, decisions });
      const waitsFor = entries.findIndex((entry) => !isTold(entry, rows, now() - patienceMs));
      const told = waitsFor === -1 ? entries : entries.slice(0, waitsFor);
      seen.push(...told);
      return told.flatMap((entry) => {
        const before = takeDecisions(decisions, toldDecisions, entry.at);
        const moment = describeActivity(entry, rows);
        return moment ? [...before, moment] : before;
      });
    },
  };
}

/** A received message has its text in the transcript only once it was routed. */
function isTold(entry: Activity, { messages }: Rows, givenUpAt: number): boolean {
  return entry.what !== 'message.received' || messages.has(entry.subject) || entry.at < givenUpAt;
}

/** Decisions are stored before their effects, so those up to the entry's time come before it. */
function takeDecisions(decisions: Decision[], told: Set<string>, until: number): Moment[] {
  const next = decisions
    .filter(({ id, kind, at }) => kind === 'turn' && at <= until && !told.has(id))
    .reverse();
  for (const decision of next) told.add(decision.id);
  return next.map(describeDecision);
}

async function readRows(
  store: TimelineStore,
  { jorbId, entries, decisions }: { jorbId: JorbId; entries: Activity[]; decisions: Decision[] },
): Promise<Rows> {
  const page = { order: 'newest' as const, limit: pageSize, offset: 0 };
  const { entries: messages } = await store.readTranscript(jorbId, page);
  const detail = await store.getJorb(jorbId);
  const subjects = [...new Set(entries.map((entry) => entry.subject))];
  const actions = await Promise.all(
    subjects.flatMap((subject) => {
      const id = parseId('action', subject);
      return id ? [store.getAction(id)] : [];
    }),
  );
  const approvals = await Promise.all(
    subjects.flatMap((subject) => {
      const id = parseId('approval', subject);
      return id ? [store.getApproval(id)] : [];
    }),
  );
  return {
    messages: byId(messages),
    facts: byId(detail?.facts ?? []),
    actions: byId(actions.filter((action) => action !== undefined)),
    approvals: byId(approvals.filter((approval) => approval !== undefined)),
    routings: new Map(
      decisions
        .filter(({ kind }) => kind === 'routing')
        .map((decision) => [decision.basedOn[0] ?? '', decision]),
    ),
  };
}

function byId<Row extends { id: string }>(rows: Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
