import type Database from 'better-sqlite3';
import type { Payload } from '../../src/domain/action.ts';
import type { Contract } from '../../src/domain/contract.ts';

export type OutboxRow = {
  id: number;
  key: string;
  text: string;
  status: string;
  jorbId: number;
  actionId: number;
  channel: string;
  address: string;
  queuedAt: number;
  availableAt: number;
};
export type ActionRow = {
  id: number;
  jorbId: number;
  payload: Payload;
  hash: string;
  contractVersion: number;
  consequence: string;
  status: string;
  /** The jorb of the decision it came from. */
  decidedFor: number | null;
};
export type ApprovalRow = {
  actionId: number;
  jorbId: number;
  status: string;
  confirmedBy: string | null;
  answerText: string | null;
};
export type EventRow = { id: number; externalId: string; status: string; jorbId: number | null };
export type LedgerRow = {
  actionId: number;
  jorbId: number;
  minor: number;
  currency: string;
  approved: number;
  status: string;
  at: number;
};
export type JorbRow = { id: number; status: string; pauseCause: string | null; dueAt: number | null };
export type BatchRow = { id: number; status: string; releaseAt: number; routedAt: number | null };

export type Rows = {
  outbox: OutboxRow[];
  actions: Map<number, ActionRow>;
  approvals: ApprovalRow[];
  contracts: Map<string, Contract>;
  events: EventRow[];
  ledger: LedgerRow[];
  jorbs: Map<number, JorbRow>;
  batches: BatchRow[];
  runningTurns: { id: number; jorbId: number }[];
  stopped: boolean;
};

/** All that the oracle judges by, as it is in the file. */
export function readRows(client: Database.Database): Rows {
  const all = <T>(query: string) => client.prepare<[], T>(query).all();
  const byId = <T extends { id: number }>(rows: T[]) => new Map(rows.map((row) => [row.id, row]));
  return {
    outbox: all(`select o.id, o.key, o.text, o.status, o.jorb_id jorbId, o.action_id actionId,
      a.channel, a.address, o.queued_at queuedAt, o.available_at availableAt
      from outbox o join address a on a.id = o.address_id order by o.id`),
    actions: byId(
      all<Omit<ActionRow, 'payload'> & { payload: string }>(
        `select id, jorb_id jorbId, payload, hash, contract_version contractVersion, consequence, status,
          (select d.jorb_id from decision d where d.id = action.decision_id) decidedFor from action`,
      ).map((row) => ({ ...row, payload: JSON.parse(row.payload) as Payload })),
    ),
    approvals: all(`select action_id actionId, jorb_id jorbId, status, confirmed_by confirmedBy,
      answer_text answerText from approval`),
    contracts: new Map(
      all<{ jorbId: number; version: number; body: string }>(
        'select jorb_id jorbId, version, body from contract',
      ).map((row) => [`${row.jorbId}/${row.version}`, JSON.parse(row.body) as Contract]),
    ),
    events: all('select id, external_id externalId, status, jorb_id jorbId from event'),
    ledger: all(`select action_id actionId, jorb_id jorbId, minor, currency, approved, status, at
      from ledger order by at, id`),
    jorbs: byId(all('select id, status, pause_cause pauseCause, due_at dueAt from jorb')),
    batches: all('select id, status, release_at releaseAt, routed_at routedAt from batch'),
    runningTurns: all(`select id, jorb_id jorbId from turn where status = 'running'`),
    stopped:
      all<{ stoppedAt: number | null }>('select stopped_at stoppedAt from owner')[0]?.stoppedAt != null,
  };
}
