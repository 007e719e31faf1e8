import { createHmac } from 'node:crypto';
import { and, count, desc, eq, max, ne, or, sql } from 'drizzle-orm';
import type { Fact, Phase } from '../domain/jorb.ts';
import { buildPrivacy } from '../domain/privacy.ts';
import type { AgentApproval, NewMessage, PastAction, TurnContext } from '../domain/turn.ts';
import { isOneOf, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import type { GateReader } from './gate-facts.ts';
import type { JorbMoves } from './jorb-moves.ts';
import { toJorb } from './jorb-views.ts';
import { buildListPhases } from './phases.ts';
import { toId, toIdOrNull } from './rows.ts';
import { action, approval, outbox } from './tables/gate.ts';
import { conversation, event } from './tables/inbox.ts';
import { address, fact, guidance } from './tables/jorbs.ts';
import { audit, owner } from './tables/owner.ts';
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
  const transcript = buildTurnTranscript(db);
  const makeQuoteMark = buildQuoteMarks(db);

  return (turn, now) => {
    const { id: turnRow, jorbId: jorbRow } = turn;
    const { contract, counterparties } = gate.readGround(jorbRow);
    const { name, profile } = gate.readOwner();
    const { hideText, hidePayload } = buildPrivacy(profile);
    return {
      turnId: toId('turn', turnRow),
      now,
      ownerName: name,
      triggers: turn.triggers,
      jorb: toJorb(moves.getJorbRow(jorbRow)),
      phases: past.listPhases(jorbRow, turnRow),
      contract,
      counterparties,
      facts: past.listFacts(jorbRow, turnRow),
      newMessages: inputs.listMessages(turnRow),
      transcript: transcript
        .list(jorbRow, turnRow)
        .map((entry) => (entry.direction === 'out' ? { ...entry, text: hideText(entry.text) } : entry)),
      approvals: past.listApprovals(jorbRow, turnRow).map((each) => ({
        ...each,
        payload: hidePayload(each.payload),
        answerText: each.answerText === null ? null : hideText(each.answerText),
      })),
      actions: past
        .listActions(jorbRow, turnRow)
        .map((each) => ({ ...each, payload: hidePayload(each.payload) })),
      guidance: inputs.listGuidance(turnRow),
      promises: [],
      quoteMark: makeQuoteMark(jorbRow),
    };
  };
}

/** Made from a secret of this data folder, so that it is the same in every turn and nobody can guess it. */
function buildQuoteMarks(db: Db) {
  const find = db.select({ secret: owner.quoteSecret }).from(owner).prepare();
  return (jorbRow: number): string => {
    const secret = find.get()?.secret;
    if (!secret) throw new Error('the data folder has no quote secret');
    return createHmac('sha256', secret).update(toId('jorb', jorbRow)).digest('hex').slice(0, 32);
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
  const listPhases = buildListPhases(db);
  const advances = db
    .select({ count: count() })
    .from(audit)
    .where(
      and(
        eq(audit.jorbId, slot('jorbRow')),
        isWord(audit.what, 'phase.advanced'),
        eq(sql`json_extract(${audit.after}, '$.turn')`, slot('turnId')),
      ),
    )
    .prepare();
  // Beside max(), SQLite takes the other columns from the row that holds the maximum.
  const facts = db
    .select({ id: max(fact.id), key: fact.key, value: fact.value, source: fact.sourceEventId, at: fact.at })
    .from(fact)
    .where(and(eq(fact.jorbId, slot('jorbRow')), ne(fact.turnId, slot('turnRow'))))
    .groupBy(fact.key)
    .orderBy(desc(max(fact.id)))
    .limit(mostFacts)
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
    listPhases: (jorbRow: number, turnRow: number): Phase[] =>
      rewindPhases(listPhases(jorbRow), advances.get({ jorbRow, turnId: toId('turn', turnRow) })?.count ?? 0),
    listFacts: (jorbRow: number, turnRow: number): Fact[] =>
      facts
        .all({ jorbRow, turnRow })
        .map(({ id, source, ...rest }) => ({
          ...rest,
          id: toId('fact', id ?? 0),
          sourceEventId: toIdOrNull('event', source),
        }))
        .reverse(),
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

/** The phases as they stood before the turn advanced them. */
function rewindPhases(phases: Phase[], advances: number): Phase[] {
  if (advances === 0) return phases;
  const active = phases.findIndex(({ status }) => status === 'active');
  const before = (active === -1 ? phases.length : active) - advances;
  return phases.map(({ title }, position) => ({
    title,
    status: position < before ? 'done' : position === before ? 'active' : 'pending',
  }));
}
