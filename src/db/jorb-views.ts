import { and, count, desc, eq, max, sql } from 'drizzle-orm';
import type { Jorb, JorbDetail, JorbStatus, JorbSummary, PendingQuestion } from '../domain/jorb.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import type { Contracts } from './contracts.ts';
import { buildListCounterparties } from './counterparties.ts';
import { newestFactColumns, toFact } from './facts.ts';
import type { JorbRow } from './jorb-moves.ts';
import { buildLateReplies } from './late-replies.ts';
import { buildReadModelUse } from './model-calls.ts';
import { buildListPhases } from './phases.ts';
import { buildListPromises } from './promises.ts';
import { toId } from './rows.ts';
import { approval, ledger } from './tables/gate.ts';
import { handoff } from './tables/handoff.ts';
import { fact, jorb } from './tables/jorbs.ts';
import { buildTranscript } from './transcript.ts';

export function toJorb(row: JorbRow): Jorb {
  return {
    id: toId('jorb', row.id),
    name: row.name,
    plan: row.plan,
    status: row.status,
    pauseCause: row.pauseCause,
    reason: row.reason,
    summary: row.summary,
    evidence: row.evidence,
    contractVersion: row.contractVersion,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    lastActivityAt: row.lastActivityAt,
    finishedAt: row.finishedAt,
    wakeAt: row.wakeAt,
    wakeReason: row.wakeReason,
  };
}

export type JorbViews = {
  findRow(jorbRow: number): JorbRow | undefined;
  getDetail(jorbRow: number): JorbDetail | undefined;
  summarize(row: JorbRow): JorbSummary;
  /** Latest activity first. What a page costs does not grow with the number of jorbs. */
  listSummaries(filter: { statuses: readonly JorbStatus[]; limit: number; offset: number }): JorbSummary[];
  countByStatus(): Record<JorbStatus, number>;
};

/** Reads inside the caller's transaction. */
export function buildJorbViews(db: Db, contracts: Contracts): JorbViews {
  const parts = buildDetailParts(db);
  const transcript = buildTranscript(db);
  const select = db
    .select()
    .from(jorb)
    .where(eq(jorb.id, slot('id')))
    .prepare();
  // One status at a time: over several, SQLite would sort all jorbs for each page.
  const ids = db
    .select({ id: jorb.id, at: jorb.lastActivityAt })
    .from(jorb)
    .where(eq(jorb.status, slot('status')))
    .orderBy(desc(jorb.lastActivityAt), desc(jorb.id))
    .limit(slot('limit'))
    .prepare();
  const counts = db.select({ status: jorb.status, count: count() }).from(jorb).groupBy(jorb.status).prepare();

  function summarize(row: JorbRow): JorbSummary {
    const { id, name, status, pauseCause, reason, summary, lastActivityAt, createdAt } = toJorb(row);
    const { received, sent } = transcript.countMessages(row.id);
    const pendingApprovals = parts.listQuestions(row.id).length;
    return {
      id,
      name,
      status,
      pauseCause,
      reason,
      summary,
      lastActivityAt,
      createdAt,
      pendingApprovals,
      received,
      sent,
    };
  }

  return {
    findRow: (jorbRow) => select.get({ id: jorbRow }),
    summarize,
    listSummaries({ statuses, limit, offset }) {
      return statuses
        .flatMap((status) => ids.all({ status, limit: offset + limit }))
        .sort((a, b) => b.at - a.at || b.id - a.id)
        .slice(offset, offset + limit)
        .flatMap(({ id }) => select.all({ id }).map(summarize));
    },
    countByStatus() {
      const all = { planning: 0, running: 0, paused: 0, complete: 0, failed: 0, cancelled: 0 };
      for (const { status, count } of counts.all()) all[status] = count;
      return all;
    },
    getDetail(jorbRow) {
      const row = select.get({ id: jorbRow });
      if (!row) return undefined;
      const contract = contracts.getContract(jorbRow, row.contractVersion);
      const { received, sent } = transcript.countMessages(jorbRow);
      const questions = parts.listQuestions(jorbRow);
      return {
        jorb: toJorb(row),
        contract,
        counterparties: parts.listCounterparties(jorbRow),
        phases: parts.listPhases(jorbRow),
        facts: parts.listFacts(jorbRow),
        promises: parts.listPromises(jorbRow),
        pendingApprovals: questions.map(({ id }) => id),
        questions,
        endsAt: row.endsAt,
        handoffAt: parts.findHandoffAt(row.handoffId),
        lateMessages: parts.countLate(jorbRow),
        notifyOn: row.notifyOn,
        spent: parts.sumSpent(jorbRow, contract.money.currency),
        models: parts.readModelUse(jorbRow),
        received,
        sent,
      };
    },
  };
}

function buildDetailParts(db: Db) {
  const facts = db
    .select(newestFactColumns)
    .from(fact)
    .where(eq(fact.jorbId, slot('jorbRow')))
    .groupBy(fact.key)
    .orderBy(max(fact.id))
    .prepare();
  const pending = db
    .select({ id: approval.id, remindAt: approval.remindAt, expiresAt: approval.expiresAt })
    .from(approval)
    .where(and(eq(approval.jorbId, slot('jorbRow')), isWord(approval.status, 'pending')))
    .orderBy(approval.id)
    .prepare();
  const findHandoff = db
    .select({ at: handoff.endedAt })
    .from(handoff)
    .where(eq(handoff.id, slot('id')))
    .prepare();
  const spent = db
    .select({ status: ledger.status, minor: sql<number>`sum(${ledger.minor})` })
    .from(ledger)
    .where(and(eq(ledger.jorbId, slot('jorbRow')), eq(ledger.currency, slot('currency'))))
    .groupBy(ledger.status)
    .prepare();

  return {
    listCounterparties: buildListCounterparties(db),
    listPhases: buildListPhases(db),
    readModelUse: buildReadModelUse(db),
    listPromises: buildListPromises(db),
    listFacts: (jorbRow: number): JorbDetail['facts'] => facts.all({ jorbRow }).map(toFact),
    listQuestions: (jorbRow: number): PendingQuestion[] =>
      pending.all({ jorbRow }).map(({ id, ...times }) => ({ id: toId('approval', id), ...times })),
    findHandoffAt: (id: number | null) => (id === null ? null : (findHandoff.get({ id })?.at ?? null)),
    countLate: buildLateReplies(db).count,
    sumSpent(jorbRow: number, currency: string): JorbDetail['spent'] {
      const sums = spent.all({ jorbRow, currency });
      const sum = (status: string) => sums.find((each) => each.status === status)?.minor ?? 0;
      return {
        committed: { minor: sum('settled'), currency },
        reserved: { minor: sum('reserved'), currency },
      };
    },
  };
}
