import type { SessionCounts } from '../domain/progress.ts';
import type { AuditWhat } from './audit.ts';
import type { Db } from './connection.ts';

/** What lies between two resets: of one jorb, or of all. */
export type SessionRange = {
  jorbRow: number | null;
  afterSeq: number;
  untilSeq: number;
  since: number | null;
  until: number;
};

type Count = { name: string; count: number };
type Commitment = {
  consequence: 'purchase' | 'commit';
  currency: string | null;
  minor: number;
  count: number;
};

/** Entries are told apart by their order and not by their time: clocks may be set. */
const within = 'audit.seq > @afterSeq and audit.seq <= @untilSeq';
const news = "audit.what <> 'message.received'";
const sentRows = `audit
  join outbox on outbox.id = cast(substr(audit.subject, length('outbox_') + 1) as integer)`;

const ofAll = {
  kinds: `select audit.what as name, count(*) as count from audit
    where ${within} and ${news} group by audit.what`,
  received: `select event.channel as name, count(*) as count from audit
    join event on event.id = cast(substr(audit.subject, length('event_') + 1) as integer)
    where ${within} and audit.what = 'message.received' group by event.channel`,
  isSent: `audit.what = 'message.sent' and ${news} and ${within}`,
  cost: `select coalesce(sum(cost_micros), 0) from model_call indexed by model_call_by_time
    where at > @since and at <= @until`,
};

const ofJorb = {
  kinds: `select audit.what as name, count(*) as count from audit indexed by audit_by_jorb
    where audit.jorb_id = @jorbRow and ${within} group by audit.what`,
  // What the jorb received is what was given to it.
  received: `select event.channel as name, count(distinct event.id) as count
    from audit indexed by audit_by_jorb join json_each(audit.after, '$.events') as given
    join event on event.id = cast(substr(given.value, length('event_') + 1) as integer)
    where audit.jorb_id = @jorbRow and ${within} and audit.what in ('message.routed', 'message.assigned')
    group by event.channel`,
  isSent: `audit.jorb_id = @jorbRow and audit.what = 'message.sent' and ${within}`,
  cost: `select coalesce(sum(cost_micros), 0) from model_call indexed by model_call_by_jorb
    where jorb_id = @jorbRow and at > @since and at <= @until`,
};

/** Counts what happened in a session, inside the caller's transaction. What it costs grows with the session alone. */
export function buildCountSession(db: Db): (range: SessionRange) => SessionCounts {
  const all = buildCount(db, ofAll);
  const one = buildCount(db, ofJorb);
  return (range) => (range.jorbRow === null ? all : one)(range);
}

function buildCount(db: Db, queries: typeof ofAll): (range: SessionRange) => SessionCounts {
  const count = (query: string) => db.$client.prepare<Record<string, unknown>, Count>(query);
  const kinds = count(queries.kinds);
  const received = count(queries.received);
  const sent = count(`select address.channel as name, count(*) as count from ${sentRows}
    join address on address.id = outbox.address_id where ${queries.isSent} group by address.channel`);
  const commitments = db.$client.prepare<Record<string, unknown>, Commitment>(`
    select action.consequence, ledger.currency, coalesce(sum(ledger.minor), 0) as minor, count(*) as count
    from ${sentRows} join action on action.id = outbox.action_id
    left join ledger on ledger.action_id = action.id
    where ${queries.isSent} and action.consequence in ('purchase', 'commit')
    group by action.consequence, ledger.currency`);
  const cost = db.$client.prepare<Record<string, unknown>, number>(queries.cost).pluck();

  return ({ jorbRow, afterSeq, untilSeq, since, until }) => {
    const range = { ...(jorbRow === null ? {} : { jorbRow }), afterSeq, untilSeq };
    const counts = toCounts(kinds.all(range));
    const of = (what: AuditWhat) => counts[what] ?? 0;
    const bound = commitments.all(range);
    return {
      received: toCounts(received.all(range)),
      sent: toCounts(sent.all(range)),
      created: of('jorb.created'),
      completed: of('jorb.completed'),
      failed: of('jorb.failed'),
      cancelled: of('jorb.cancelled'),
      asked: of('approval.asked'),
      answered: of('approval.answered'),
      purchases: addUp(bound.filter(({ consequence }) => consequence === 'purchase')),
      commitments: addUp(bound.filter(({ consequence }) => consequence === 'commit')),
      committed: addMoney(bound),
      modelMicros: cost.get({ ...(jorbRow === null ? {} : { jorbRow }), since: since ?? 0, until }) ?? 0,
    };
  };
}

function toCounts(rows: Count[]): Record<string, number> {
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

function addUp(rows: Commitment[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0);
}

/** By currency. */
function addMoney(rows: Commitment[]): SessionCounts['committed'] {
  const sums = new Map<string, number>();
  for (const { currency, minor } of rows) {
    if (currency !== null && minor > 0) sums.set(currency, (sums.get(currency) ?? 0) + minor);
  }
  return [...sums].map(([currency, minor]) => ({ minor, currency }));
}
