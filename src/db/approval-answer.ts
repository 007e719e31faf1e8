import { and, eq } from 'drizzle-orm';
import type { Payload } from '../domain/action.ts';
import type { Approval, ApprovalStatus } from '../domain/approval.ts';
import type { EvaluateGate } from '../domain/gate.ts';
import type { ApprovalId } from '../domain/ids.ts';
import { waitsForAnswer } from '../domain/jorb.ts';
import type { Refusal } from '../domain/refusal.ts';
import { buildActions } from './actions.ts';
import { type AnswerRequest, checkAnswer } from './approval-check.ts';
import { buildQueueApproved } from './approval-queue.ts';
import type { ApprovalRow, ApprovalViews } from './approval-views.ts';
import { given, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildContracts } from './contracts.ts';
import { buildSetEndsAt } from './ends-at.ts';
import { buildGateReader } from './gate-facts.ts';
import { buildJorbMoves } from './jorb-moves.ts';
import { buildFailUnextended, buildIsWaiting, buildLapse } from './lapse.ts';
import { buildLedger } from './ledger.ts';
import type { StoreParts } from './parts.ts';
import { found, toId, toRow } from './rows.ts';
import { approval } from './tables/gate.ts';

export type OwnerAnswer = AnswerRequest & { id: ApprovalId; evaluate: EvaluateGate };

/**
 * Consumes one approval, inside the caller's transaction. Throws a `Refusal` that leaves the approval
 * pending; returns one when it has just lapsed, which the caller commits.
 */
export type AnswerOne = (request: OwnerAnswer, now: number) => Approval | Refusal;

type ContractChange = Extract<Payload, { kind: 'change_contract' }>;

export function buildAnswerOne(db: Db, { audit }: StoreParts, views: ApprovalViews): AnswerOne {
  const ledger = buildLedger(db);
  const gate = buildGateReader(db, ledger);
  const actions = buildActions(db);
  const moves = buildJorbMoves(db, audit);
  const contracts = buildContracts(db, audit);
  const lapse = buildLapse(db, audit, moves);
  const queueApproved = buildQueueApproved(db, { audit, actions, ledger, gate });
  const isWaiting = buildIsWaiting(db);
  const close = buildClose(db, audit);
  const setEndsAt = buildSetEndsAt(db);
  const failUnextended = buildFailUnextended(moves);

  /** The jorb goes on once nothing that it waits for is open. */
  function goOn(id: number, now: number): void {
    const { status, pauseCause } = moves.getJorbRow(id);
    const goesOn = waitsForAnswer(pauseCause) && !isWaiting(id);
    if (goesOn) {
      moves.moveJorbRow(id, { command: 'resume', by: 'owner', cause: null, reason: null, evidence: [] }, now);
    }
    if (goesOn || status === 'running') moves.makeDue(id, 'approval', now);
    moves.touchJorb(id, { progress: true }, now);
  }

  function changeContract({ action: about, jorb }: ApprovalRow, change: ContractChange, now: number): void {
    const { contract, counterparties = null, startAfter, extension } = change;
    contracts.putContract(jorb.id, { contract, counterparties }, now);
    actions.setActionStatus(about.id, 'done');
    if (extension) setEndsAt(jorb.id, extension.until);
    if (!startAfter || jorb.status !== 'planning') return;
    moves.moveJorbRow(
      jorb.id,
      { command: 'start', by: 'owner', cause: null, reason: null, evidence: [] },
      now,
    );
    moves.makeDue(jorb.id, 'started', now);
  }

  function carryOut(row: ApprovalRow, { answer, confirmedBy, evaluate }: OwnerAnswer, now: number): void {
    const { payload, id: actionRow } = row.action;
    const closeAs = (status: ApprovalStatus, text: string | null) =>
      close(row, { status, text, confirmedBy }, now);
    switch (answer.kind) {
      case 'accept':
        // Closed before the contract changes: the change ends every question that is still open.
        closeAs('accepted', null);
        if (payload.kind === 'change_contract') changeContract(row, payload, now);
        if (payload.kind === 'send_message') queueApproved.asAsked(row, payload, evaluate, now);
        return;
      case 'edit':
        closeAs('edited', answer.text);
        actions.setActionStatus(actionRow, 'rejected', 'the owner wrote another text');
        if (payload.kind === 'send_message') {
          queueApproved.edited(row, { ...payload, text: answer.text }, evaluate, now);
        }
        return;
      case 'decline':
        closeAs('declined', answer.text);
        actions.setActionStatus(actionRow, 'rejected', 'the owner declined');
        if (payload.kind === 'change_contract' && payload.extension) {
          const { extension } = payload;
          failUnextended(row.jorb.id, { extension, askedAt: row.approval.askedAt }, now);
        }
        return;
      case 'answer':
        closeAs('answered', answer.text);
        actions.setActionStatus(actionRow, 'done');
        return;
    }
  }

  return (request, now) => {
    const row = found(views.findRow(toRow(request.id)), request.id, 'approval');
    const { contractVersion } = moves.getJorbRow(row.jorb.id);
    const ended = checkAnswer(row, request, { now, stopped: gate.isStopped(), contractVersion });
    if (ended) {
      lapse({ id: row.approval.id, actionId: row.action.id, jorbId: row.jorb.id }, ended.reason, now);
      return ended.refusal;
    }
    carryOut(row, request, now);
    // A contract that stays as it is, is no news to the agent.
    const isUnchanged = row.action.payload.kind === 'change_contract' && request.answer.kind === 'decline';
    if (!isUnchanged) goOn(row.jorb.id, now);
    return views.toApproval(found(views.findRow(toRow(request.id)), request.id, 'approval'));
  };
}

type Close = { status: ApprovalStatus; text: string | null; confirmedBy: OwnerAnswer['confirmedBy'] };

function buildClose(db: Db, audit: StoreParts['audit']) {
  const set = db
    .update(approval)
    .set({
      status: given('status'),
      answerText: given('text'),
      confirmedBy: given('confirmedBy'),
      answeredAt: given('now'),
      remindAt: null,
    })
    .where(and(eq(approval.id, slot('id')), isWord(approval.status, 'pending')))
    .prepare();
  return (
    { approval: { id, hash, jorbId } }: ApprovalRow,
    { status, text, confirmedBy }: Close,
    now: number,
  ) => {
    const subject = toId('approval', id);
    set.run({ id, status, text, confirmedBy, now });
    const after = { status, confirmedBy, hash };
    audit({ at: now, actor: 'owner', what: 'approval.answered', jorbRow: jorbId, subject, after });
  };
}
