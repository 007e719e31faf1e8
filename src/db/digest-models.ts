import { gt, sql } from 'drizzle-orm';
import type { ModelUse } from '../domain/model-money.ts';
import { slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { modelCall } from './tables/turns.ts';

const use = {
  calls: sql<number>`count(*)`,
  costMicros: sql<number>`sum(${modelCall.costMicros})`,
  inputTokens: sql<number>`sum(${modelCall.inputTokens})`,
  cachedTokens: sql<number>`sum(${modelCall.cachedTokens})`,
  outputTokens: sql<number>`sum(${modelCall.outputTokens})`,
};

/** Calls since one of them, by model and by jorb; under null those that belong to none. */
export function buildReadModels(db: Db) {
  const grouped = db
    .select({
      model: modelCall.model,
      jorbRow: modelCall.jorbId,
      lastRow: sql<number>`max(${modelCall.id})`,
      ...use,
    })
    .from(modelCall)
    .where(gt(modelCall.id, slot('after')))
    .groupBy(modelCall.model, modelCall.jorbId)
    .prepare();
  return (after: number) => {
    const rows = grouped.all({ after });
    const models = Map.groupBy(rows, ({ model }) => model);
    const jorbs = Map.groupBy(rows, ({ jorbRow }) => jorbRow);
    return {
      models: Array.from(models, ([model, uses]) => ({ model, ...addUp(uses) })).sort(
        (a, b) => b.costMicros - a.costMicros || a.model.localeCompare(b.model),
      ),
      ofJorb: new Map(Array.from(jorbs, ([jorbRow, uses]) => [jorbRow, addUp(uses)])),
      total: addUp(rows),
      lastRow: rows.reduce((last, { lastRow }) => Math.max(last, lastRow), after),
    };
  };
}

function addUp(uses: readonly ModelUse[]): ModelUse {
  const sum = (name: keyof ModelUse) => uses.reduce((total, each) => total + each[name], 0);
  return {
    calls: sum('calls'),
    costMicros: sum('costMicros'),
    inputTokens: sum('inputTokens'),
    cachedTokens: sum('cachedTokens'),
    outputTokens: sum('outputTokens'),
  };
}
