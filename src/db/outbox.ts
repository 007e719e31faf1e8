import { and, eq, or } from 'drizzle-orm';
import { hashAction } from '../domain/action.ts';
import type { SendOutcome } from '../domain/channel.ts';
import type { Departure, EvaluateDeparture } from '../domain/gate.ts';
import type { OutboxStore } from '../domain/message.ts';
import { minuteMs } from '../lib/duration.ts';
import { lazy } from '../lib/lazy.ts';
import { type ActionRow, type ActionStatements, buildActions } from './actions.ts';
import type { AppendAudit } from './audit.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildGateReader, type GateReader } from './gate-facts.ts';
import { buildJorbMoves, type JorbMoves } from './jorb-moves.ts';
import { buildLedger, type LedgerStatements } from './ledger.ts';
import { buildOutboxRows, type DeliveryRow, type OutboxRows, toDelivery } from './outbox-rows.ts';
import type { StoreParts } from './parts.ts';
import { toId, toRow } from './rows.ts';
import { approval } from './tables/gate.ts';

/** When a message is looked at again that waits for the owner without a time of its own. */
const recheckMs = minuteMs;

/** The way from the outbox to the wire. Only the one process that runs prepares its statements. */
export function buildOutboxStore(db: Db, parts: StoreParts): OutboxStore {
  const outbox = lazy(() => buildOutbox(db, parts));
  return {
    claimDelivery: (...given) => outbox().claimDelivery(...given),
    settleDelivery: (...given) => outbox().settleDelivery(...given),
    listUncertainDeliveries: (fence) => outbox().listUncertainDeliveries(fence),
  };
}

/** What may leave is decided again when it leaves, not when it was queued. */
function buildOutbox(db: Db, parts: StoreParts): OutboxStore {
  const rows = buildOutboxRows(db);
  const actions = buildActions(db);
  const ledger = buildLedger(db);
  const gate = buildGateReader(db, ledger);
  const judge = buildJudge(db, gate);
  const settle = buildSettle({
    rows,
    actions,
    ledger,
    moves: buildJorbMoves(db, parts.audit),
    audit: parts.audit,
  });

  return {
    claimDelivery: (fence, evaluate, now) =>
      parts.fenced(fence, () => {
        if (gate.isStopped()) return undefined;
        // Each round moves its row out of the way or ends, so the loop is bounded by what is due.
        for (let row = rows.findDue(now); row; row = rows.findDue(now)) {
          const departure = judge({ row, action: actions.getActionRow(row.actionId), evaluate, now });
          if (departure.kind === 'go') return toDelivery(rows.lease(row, fence.epoch));
          if (departure.kind === 'drop') {
            settle.fail(row, `${departure.rule}: ${departure.reason}`, now);
          } else {
            rows.postpone(row.id, Math.max(departure.until ?? now + recheckMs, now + 1));
          }
        }
        return undefined;
      }),
    settleDelivery: (fence, id, outcome, retryAt, now) =>
      parts.fenced(fence, () => {
        const row = rows.findById(toRow(id));
        if (!row) throw new Error(`there is no ${id}`);
        // Settled before: what came of it stands.
        if (row.status !== 'sending') return;
        settle.close(row, outcome, { retryAt, now });
      }),
    listUncertainDeliveries: (fence) => parts.fenced(fence, () => rows.listLeft(fence.epoch).map(toDelivery)),
  };
}

type Judgment = { row: DeliveryRow; action: ActionRow; evaluate: EvaluateDeparture; now: number };

function buildJudge(db: Db, gate: GateReader) {
  const findYes = db
    .select({ id: approval.id })
    .from(approval)
    .where(
      or(
        and(eq(approval.actionId, slot('actionRow')), isWord(approval.status, 'accepted')),
        and(eq(approval.actionId, slot('editOf')), isWord(approval.status, 'edited')),
      ),
    )
    .prepare();

  return ({ row, action, evaluate, now }: Judgment): Departure => {
    if (!isUntouched(row, action)) {
      return { kind: 'drop', rule: 'shape', reason: 'it is no longer what was decided' };
    }
    const { stopped, jorb, contract, counterparties } = gate.readGround(row.jorbId);
    const to = { channel: row.channel, address: row.address, optedOut: row.optedOutAt !== null };
    const approved = findYes.get({ actionRow: action.id, editOf: action.editOf }) !== undefined;
    return evaluate({ now, stopped, jorb, contract, counterparties, to, approved });
  };
}

/** The hash is over jorb, contract version and payload: a row that was changed behind our back does not leave. */
function isUntouched(row: DeliveryRow, { jorbId, contractVersion, payload, hash }: ActionRow): boolean {
  const recomputed = hashAction(toId('jorb', jorbId), contractVersion, payload);
  return (
    recomputed === hash &&
    recomputed === row.hash &&
    jorbId === row.jorbId &&
    payload.kind === 'send_message' &&
    payload.text === row.text &&
    payload.to.channel === row.channel &&
    payload.to.address === row.address
  );
}

type SettleParts = {
  rows: OutboxRows;
  actions: ActionStatements;
  ledger: LedgerStatements;
  moves: JorbMoves;
  audit: AppendAudit;
};

/** Writes what came of a message on all its rows at once: outbox, action, money, audit, jorb. */
function buildSettle({ rows, actions, ledger, moves, audit }: SettleParts) {
  function tell(what: 'message.sent' | 'message.unknown' | 'message.failed', row: DeliveryRow, now: number) {
    return (after: Record<string, string>) =>
      audit({
        at: now,
        actor: 'runtime',
        what,
        jorbRow: row.jorbId,
        subject: toId('outbox', row.id),
        after,
      });
  }

  /** Its money is free again, and the agent gets a turn in which it sees that the action failed. */
  function fail(row: DeliveryRow, reason: string, now: number): void {
    rows.close(row.id, { status: 'failed', error: reason });
    actions.setActionStatus(row.actionId, 'failed');
    ledger.release(row.actionId, now);
    tell('message.failed', row, now)({ reason });
    if (moves.getJorbRow(row.jorbId).status === 'running') moves.makeDue(row.jorbId, 'message', now);
  }

  function close(row: DeliveryRow, outcome: SendOutcome, { retryAt, now }: { retryAt: number; now: number }) {
    switch (outcome.kind) {
      case 'sent':
        rows.close(row.id, { status: 'sent', sentAt: now, receipt: outcome.receipt });
        actions.setActionStatus(row.actionId, 'done');
        ledger.settle(row.actionId, now);
        moves.touchJorb(row.jorbId, { progress: false }, now);
        tell('message.sent', row, now)({ receipt: outcome.receipt });
        return;
      case 'retry':
        rows.close(row.id, { status: 'queued', availableAt: retryAt, error: outcome.error });
        return;
      case 'failed':
        fail(row, outcome.error, now);
        return;
      case 'unknown':
        rows.close(row.id, { status: 'unknown', error: outcome.error });
        actions.setActionStatus(row.actionId, 'unknown');
        tell('message.unknown', row, now)({ error: outcome.error });
        return;
    }
  }

  return { fail, close };
}
