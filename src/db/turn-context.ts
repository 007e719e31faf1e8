import { and, countDistinct, desc, eq, max, ne, or, sql } from 'drizzle-orm';
import type { Fact } from '../domain/jorb.ts';
import { buildPrivacy } from '../domain/privacy.ts';
import type { AgentApproval, NewMessage, PastAction, TurnContext } from '../domain/turn.ts';
import { isOneOf, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { newestFactColumns, toFact } from './facts.ts';
import type { GateReader } from './gate-facts.ts';
import { buildHandoffReader } from './handoff-reading.ts';
import type { JorbMoves } from './jorb-moves.ts';
import { toJorb } from './jorb-views.ts';
import { buildListPhases } from './phases.ts';
import { buildListPromisesBefore } from './promises.ts';
import { buildQuoteMarks } from './quote-marks.ts';
import { toId, toRowOrNull } from './rows.ts';
import { action, approval, outbox } from './tables/gate.ts';
import { conversation, event } from './tables/inbox.ts';
import { address, fact, guidance } from './tables/jorbs.ts';
import { buildTurnRewind } from './turn-rewind.ts';
import type { TurnRow } from './turn-rows.ts';
import { buildTurnTranscript } from './turn-transcript.ts';

const mostActions = 30;
const mostApprovals = 20;
const mostFacts = 200;

export type ReadContext = (turn: TurnRow, now: number) => TurnContext;

/**
 * What a turn may know, inside the caller's transaction. What the turn itself has done so far is left out,
 * and so is what came after it began: taken up again after a crash, it is built from the same things.
 */
export function buildReadContext(db: Db, gate: GateReader, moves: JorbMoves): ReadContext {
  const inputs = buildReadInputs(db);
  const past = buildReadPast(db);
  const readTranscript = buildTurnTranscript(db);
  const makeQuoteMark = buildQuoteMarks(db);
  const listPhases = buildListPhases(db);
  const listPromises = buildListPromisesBefore(db);
  const { readBefore } = buildTurnRewind(db);
  const handoffs = buildHandoffReader(db);

  return (turn, now) => {
    const { id: turnRow, jorbId: jorbRow } = turn;
    const { contract, counterparties } = gate.readGround(jorbRow);
    const { name, profile } = gate.readOwner();
    const { hideText, hidePayload } = buildPrivacy(profile);
    const row = moves.getJorbRow(jorbRow);
    const before = readBefore(turn);
    const handoffRow = before.handoff ? toRowOrNull(before.handoff.id) : row.handoffId;
    const handoff = handoffRow === null ? null : handoffs.read(handoffRow);
    const { messages, older } = readTranscript(jorbRow, turnRow, handoff?.at ?? null);
    const facts = past.listFacts(jorbRow, turnRow);
    return {
      turnId: toId('turn', turnRow),
      now,
      ownerName: name,
      triggers: turn.triggers,
      jorb: { ...toJorb(row), ...before.wake },
      phases: before.phases ?? listPhases(jorbRow),
      contract,
      counterparties,
      facts,
      newMessages: inputs.listMessages(turnRow),
      transcript: messages.map((entry) =>
        entry.direction === 'out' ? { ...entry, text: hideText(entry.text) } : entry,
      ),
      older: { messages: older, facts: past.countOlderFacts(jorbRow, turnRow, facts.length) },
      approvals: past.listApprovals(jorbRow, turnRow).map((each) => ({
        ...each,
        payload: hidePayload(each.payload),
        answerText: each.answerText === null ? null : hideText(each.answerText),
      })),
      actions: past
        .listActions(jorbRow, turnRow)
        .map((each) => ({ ...each, payload: hidePayload(each.payload) })),
      guidance: inputs.listGuidance(turnRow),
      promises: listPromises(jorbRow, turnRow),
      handoff,
      progress: handoffRow === null ? [] : handoffs.listLines({ row: jorbRow, name: row.name }, handoffRow),
      quoteMark: makeQuoteMark(toId('jorb', jorbRow)),
    };
  };
}

function buildReadInputs(db: Db) {
  const messages = db
    .select({
      id: event.id,
      batchId: event.batchId,
      channel: address.channel,
      address: address.address,
      grade: event.grade,
      text: event.text,
      at: event.receivedAt,
    })
    .from(event)
    .innerJoin(conversation, eq(conversation.id, event.conversationId))
    .innerJoin(address, eq(address.id, conversation.addressId))
    .where(eq(event.turnId, slot('turnRow')))
    .orderBy(event.id)
    .prepare();
  const words = db
    .select({ text: guidance.text, at: guidance.at })
    .from(guidance)
    .where(eq(guidance.turnId, slot('turnRow')))
    .orderBy(guidance.id)
    .prepare();
  return {
    listMessages: (turnRow: number): NewMessage[] =>
      messages.all({ turnRow }).map(({ id, batchId, ...rest }) => ({
        ...rest,
        eventId: toId('event', id),
        batchId: toId('batch', batchId),
      })),
    listGuidance: (turnRow: number): TurnContext['guidance'] => words.all({ turnRow }),
  };
}

function buildReadPast(db: Db) {
  const facts = db
    .select(newestFactColumns)
    .from(fact)
    .where(and(eq(fact.jorbId, slot('jorbRow')), ne(fact.turnId, slot('turnRow'))))
    .groupBy(fact.key)
    .orderBy(desc(max(fact.id)))
    .limit(mostFacts)
    .prepare();
  const factKeys = db
    .select({ count: countDistinct(fact.key) })
    .from(fact)
    .where(and(eq(fact.jorbId, slot('jorbRow')), ne(fact.turnId, slot('turnRow'))))
    .prepare();
  const actions = db
    .select({
      id: action.id,
      payload: action.payload,
      consequence: action.consequence,
      status: action.status,
      refusal: action.refusal,
      at: action.createdAt,
      writtenAt: outbox.at,
    })
    .from(action)
    .leftJoin(outbox, eq(outbox.actionId, action.id))
    .where(and(eq(action.jorbId, slot('jorbRow')), ne(action.turnId, slot('turnRow'))))
    .orderBy(desc(action.id))
    .limit(mostActions)
    .prepare();
  const approvals = db
    .select({
      id: approval.id,
      actionId: approval.actionId,
      payload: action.payload,
      status: approval.status,
      answerText: approval.answerText,
      turnRow: approval.turnId,
    })
    .from(approval)
    .innerJoin(action, eq(action.id, approval.actionId))
    .where(
      and(
        eq(approval.jorbId, slot('jorbRow')),
        sql`${action.turnId} is not ${slot('turnRow')}`,
        or(isOneOf(approval.status, ['pending']), sql`${approval.turnId} is not null`),
      ),
    )
    .orderBy(desc(approval.id))
    .limit(mostApprovals)
    .prepare();

  return {
    listFacts: (jorbRow: number, turnRow: number): Fact[] =>
      facts.all({ jorbRow, turnRow }).map(toFact).reverse(),
    countOlderFacts: (jorbRow: number, turnRow: number, listed: number): number =>
      listed < mostFacts ? 0 : (factKeys.get({ jorbRow, turnRow })?.count ?? 0) - listed,
    listActions: (jorbRow: number, turnRow: number): PastAction[] =>
      actions
        .all({ jorbRow, turnRow })
        .map((row) => ({ ...row, id: toId('action', row.id) }))
        .reverse(),
    listApprovals: (jorbRow: number, turnRow: number): AgentApproval[] =>
      approvals
        .all({ jorbRow, turnRow })
        .map(({ turnRow: seenBy, id, actionId, ...rest }) => ({
          ...rest,
          id: toId('approval', id),
          actionId: toId('action', actionId),
          isNew: seenBy === turnRow,
        }))
        .reverse(),
  };
}
