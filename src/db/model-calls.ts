import { and, eq, gt, type SQL, sql } from 'drizzle-orm';
import { noUsage } from '../domain/brain.ts';
import {
  computeRoutingLimit,
  type ModelCallEnd,
  type ModelReservation,
  type ModelSpend,
  type ModelUse,
  type NewModelCall,
  noModelUse,
} from '../domain/model-money.ts';
import { dayMs } from '../lib/duration.ts';
import { given, isWord, slot, via } from './clauses.ts';
import type { Db } from './connection.ts';
import { toId, toRowOrNull } from './rows.ts';
import { modelCall } from './tables/turns.ts';

const isRecent = sql`${modelCall.at} > ${slot('since')} and ${modelCall.at} <= ${slot('until')}`;

function computeDay(now: number): { since: number; until: number } {
  return { since: now - dayMs, until: now + dayMs };
}

/** All of it runs inside the caller's transaction. */
export type ModelCalls = {
  reserve(call: NewModelCall, now: number): ModelReservation;
  settle(row: number, end: ModelCallEnd, now: number): void;
};

type Sums = { day: number; routing: number; jorb: number };

/**
 * A day ahead at most: what lies further was asked by a clock that was wrong by more, and would count until that
 * time comes. Nearer it counts, so that a clock that is set back does not give the day's money again.
 */
const isOfDay = 'at > @since and at <= @until';
const daySum = `(select coalesce(sum(cost_micros), 0) from model_call where ${isOfDay})`;
const routingSum = `(select coalesce(sum(cost_micros), 0) from model_call where ${isOfDay} and purpose = 'routing')`;
const jorbSum = '(select coalesce(sum(cost_micros), 0) from model_call where jorb_id = @jorbRow)';

export function buildModelCalls(db: Db): ModelCalls {
  const insert = db.$client.prepare(`
    insert into model_call (purpose, jorb_id, turn_id, model, status, reserved_micros, cost_micros, at)
    select @purpose, @jorbRow, @turnRow, @model, 'reserved', @worst, @worst, @now
    where ${daySum} + @worst <= @dayLimit
      and (@purpose <> 'routing' or ${routingSum} + @worst <= @routingLimit)
      and (@jorbRow is null or ${jorbSum} + @worst <= @jorbLimit)`);
  const sums = db.$client.prepare<Record<string, unknown>, Sums>(
    `select ${daySum} as day, ${routingSum} as routing, ${jorbSum} as jorb`,
  );
  const settle = db
    .update(modelCall)
    .set({
      status: given('status'),
      costMicros: sql`coalesce(${slot('costMicros')}, ${modelCall.reservedMicros})`,
      inputTokens: given('inputTokens'),
      cachedTokens: given('cachedTokens'),
      writtenTokens: given('writtenTokens'),
      outputTokens: given('outputTokens'),
      error: given('error'),
      closedAt: given('now'),
    })
    .where(and(eq(modelCall.id, slot('row')), isWord(modelCall.status, 'reserved')))
    .prepare();

  return {
    reserve({ purpose, jorbId, turnId, model, worstMicros: worst, limits }, now) {
      const jorbRow = toRowOrNull(jorbId);
      const window = { jorbRow, ...computeDay(now) };
      const routingLimit = computeRoutingLimit(limits);
      const inserted = insert.run({
        ...window,
        purpose,
        model,
        turnRow: toRowOrNull(turnId),
        worst,
        now,
        dayLimit: limits.dayMicros,
        routingLimit,
        jorbLimit: limits.jorbMicros,
      });
      if (inserted.changes === 1)
        return { kind: 'reserved', id: toId('call', Number(inserted.lastInsertRowid)) };
      const spent = sums.get(window);
      if (!spent) throw new Error('sums have no row');
      if (jorbRow !== null && spent.jorb + worst > limits.jorbMicros) {
        return { kind: 'refused', limit: 'jorb', spentMicros: spent.jorb, limitMicros: limits.jorbMicros };
      }
      return purpose === 'routing' && spent.routing + worst > routingLimit
        ? { kind: 'refused', limit: 'routing', spentMicros: spent.routing, limitMicros: routingLimit }
        : { kind: 'refused', limit: 'day', spentMicros: spent.day, limitMicros: limits.dayMicros };
    },
    settle(row, { usage, costMicros, error }, now) {
      const isKnown = usage !== undefined;
      const cost = usage === undefined ? null : usage === null ? 0 : costMicros;
      settle.run({
        ...(usage ?? noUsage),
        row,
        status: isKnown ? 'settled' : 'unknown',
        costMicros: cost,
        error,
        now,
      });
    },
  };
}

/** What models took for one jorb, inside the caller's transaction. */
export function buildReadModelUse(db: Db): (jorbRow: number) => ModelUse {
  const list = buildListUses(db).ofJorb;
  return (jorbRow) => addUp(list(jorbRow));
}

/** What models took since a call, and the last call now. Inside the caller's transaction. */
export function buildReadModelNews(db: Db): (afterRow: number) => { costMicros: number; lastRow: number } {
  const sum = db
    .select({
      costMicros: sql<number>`coalesce(sum(${modelCall.costMicros}), 0)`,
      lastRow: sql<number | null>`max(${modelCall.id})`,
    })
    .from(modelCall)
    .where(gt(modelCall.id, slot('afterRow')))
    .prepare();
  return (afterRow) => {
    const { costMicros = 0, lastRow = null } = sum.get({ afterRow }) ?? {};
    return { costMicros, lastRow: lastRow ?? afterRow };
  };
}

/** Reads inside the caller's transaction. */
export function buildReadModelSpend(db: Db): (jorbRow: number | null, now: number) => ModelSpend {
  const { ofDay, ofJorb } = buildListUses(db);
  const day = db
    .select({ micros: sql<number>`coalesce(sum(${modelCall.costMicros}), 0)` })
    .from(via(modelCall, 'model_call_by_time'))
    .where(isRecent)
    .prepare();
  return (jorbRow, now) => {
    const models = jorbRow === null ? ofDay(now) : ofJorb(jorbRow);
    models.sort((a, b) => b.costMicros - a.costMicros);
    return { ...addUp(models), dayMicros: day.get(computeDay(now))?.micros ?? 0, models };
  };
}

/** By model. */
function buildListUses(db: Db) {
  const ofDay = buildGroup(db, via(modelCall, 'model_call_by_time'), isRecent);
  const isOfJorb = eq(modelCall.jorbId, slot('jorbRow'));
  const ofJorb = buildGroup(db, via(modelCall, 'model_call_by_jorb'), isOfJorb);
  return {
    ofDay: (now: number) => ofDay.all(computeDay(now)),
    ofJorb: (jorbRow: number) => ofJorb.all({ jorbRow }),
  };
}

function buildGroup(db: Db, from: SQL, where: SQL) {
  return db
    .select({
      model: sql<string>`${modelCall.model}`,
      calls: sql<number>`count(*)`,
      costMicros: sql<number>`sum(${modelCall.costMicros})`,
      inputTokens: sql<number>`sum(${modelCall.inputTokens})`,
      cachedTokens: sql<number>`sum(${modelCall.cachedTokens})`,
      outputTokens: sql<number>`sum(${modelCall.outputTokens})`,
    })
    .from(from)
    .where(where)
    .groupBy(modelCall.model)
    .prepare();
}

function addUp(uses: readonly ModelUse[]): ModelUse {
  return uses.reduce(
    (sum, use) => ({
      calls: sum.calls + use.calls,
      costMicros: sum.costMicros + use.costMicros,
      inputTokens: sum.inputTokens + use.inputTokens,
      cachedTokens: sum.cachedTokens + use.cachedTokens,
      outputTokens: sum.outputTokens + use.outputTokens,
    }),
    noModelUse,
  );
}
