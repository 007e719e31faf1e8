import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { ToolCall } from '../domain/brain.ts';
import type { DecisionFilter, DecisionPage, DecisionRecord } from '../domain/decision.ts';
import { slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId, toIdOrNull, toRow, toRowOrNull } from './rows.ts';
import { action } from './tables/gate.ts';
import { conversation, event } from './tables/inbox.ts';
import { address } from './tables/jorbs.ts';
import { decision, outcome, step } from './tables/turns.ts';

type DecisionRow = typeof decision.$inferSelect;

const chunkSize = 100;
/** A filter that few decisions pass must not read all there ever were: of those, the newest are looked at. */
const mostLooked = 2000;
const mostEvents = 5;
const beyondAll = Number.MAX_SAFE_INTEGER;

/** Reads inside the caller's transaction. */
export function buildListDecisions(db: Db): (filter: DecisionFilter) => DecisionPage {
  const readNewest = buildReadNewest(db);
  const complete = buildComplete(db);

  return ({ jorbId, status, since, limit, offset }) => {
    const decisions: DecisionRecord[] = [];
    let left = offset;
    for (const row of readNewest(toRowOrNull(jorbId))) {
      if (row === 'not_looked_at') return { decisions, rest: row };
      // They are appended as time goes on: with the first that is older, so are the others.
      if (since !== null && row.at < since) break;
      const actions = complete.listActions(row);
      if (status !== null && !actions.some((each) => each.status === status)) continue;
      if (left > 0) left -= 1;
      else if (decisions.length === limit) return { decisions, rest: 'more' };
      else decisions.push(complete.toRecord(row, actions));
    }
    return { decisions, rest: 'none' };
  };
}

function buildReadNewest(db: Db) {
  const older = lt(decision.id, slot('before'));
  const select = () => db.select().from(decision).$dynamic();
  const ofAll = select().where(older).orderBy(desc(decision.id)).limit(chunkSize).prepare();
  const ofJorb = select()
    .where(and(eq(decision.jorbId, slot('jorbRow')), older))
    .orderBy(desc(decision.id))
    .limit(chunkSize)
    .prepare();
  return function* (jorbRow: number | null): Generator<DecisionRow | 'not_looked_at'> {
    let before = beyondAll;
    for (let looked = 0; looked < mostLooked; looked += chunkSize) {
      const rows = jorbRow === null ? ofAll.all({ before }) : ofJorb.all({ jorbRow, before });
      yield* rows;
      if (rows.length < chunkSize) return;
      before = rows.at(-1)?.id ?? 0;
    }
    yield 'not_looked_at';
  };
}

function buildComplete(db: Db) {
  // Without the provider's own items, which can be large.
  const findStep = db
    .select({
      position: step.position,
      calls: sql<string | null>`json_extract(${step.answer}, '$.toolCalls')`,
    })
    .from(step)
    .where(and(eq(step.turnId, slot('turnRow')), eq(step.decisionId, slot('id'))))
    .limit(1)
    .prepare();
  const outcomes = db
    .select({ call: outcome.call, body: outcome.body })
    .from(outcome)
    .where(and(eq(outcome.turnId, slot('turnRow')), eq(outcome.position, slot('position'))))
    .prepare();
  const actions = db
    .select({
      id: action.id,
      kind: sql<string>`json_extract(${action.payload}, '$.kind')`,
      consequence: action.consequence,
      status: action.status,
    })
    .from(action)
    .where(and(eq(action.turnId, slot('turnRow')), eq(action.decisionId, slot('id'))))
    .orderBy(action.id)
    .prepare();
  const findSender = db
    .select({ channel: address.channel, address: address.address })
    .from(event)
    .innerJoin(conversation, eq(conversation.id, event.conversationId))
    .innerJoin(address, eq(address.id, conversation.addressId))
    .where(eq(event.id, slot('id')))
    .prepare();

  function listCalls({ turnId: turnRow, id }: DecisionRow): DecisionRecord['calls'] {
    const found = turnRow === null ? undefined : findStep.get({ turnRow, id });
    if (!found) return [];
    const { position } = found;
    const calls: ToolCall[] = JSON.parse(found.calls ?? '[]');
    const bodies = new Map(outcomes.all({ turnRow, position }).map(({ call, body }) => [call, body]));
    return calls.map(({ name }, index) => {
      const body = bodies.get(index);
      return { tool: name, outcome: body?.text ?? null, isError: body?.isError ?? false };
    });
  }

  function listAfter({ basedOn, input }: DecisionRow): DecisionRecord['after'] {
    return [...new Set([...input.events, ...basedOn])].slice(-mostEvents).flatMap((eventId) => {
      const sender = findSender.get({ id: toRow(eventId) });
      return sender ? [{ eventId, ...sender }] : [];
    });
  }

  return {
    listActions: ({ turnId: turnRow, id }: DecisionRow): DecisionRecord['actions'] =>
      turnRow === null
        ? []
        : actions.all({ turnRow, id }).map((row) => ({ ...row, id: toId('action', row.id) })),
    toRecord: (row: DecisionRow, found: DecisionRecord['actions']): DecisionRecord => ({
      ...row,
      id: toId('decision', row.id),
      jorbId: toIdOrNull('jorb', row.jorbId),
      turnId: toIdOrNull('turn', row.turnId),
      after: listAfter(row),
      calls: listCalls(row),
      actions: found,
    }),
  };
}
