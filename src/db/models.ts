import type { ModelStore } from '../domain/model-money.ts';
import { lazy } from '../lib/lazy.ts';
import { type Db, read } from './connection.ts';
import { buildModelCalls, buildReadModelSpend } from './model-calls.ts';
import { buildFindOutage, buildOutages } from './outage.ts';
import type { StoreParts } from './parts.ts';
import { toRow, toRowOrNull } from './rows.ts';

/** What models cost, and whether they answer. Each part prepares its statements when it is first needed. */
export function buildModelStore(db: Db, { audit, fenced }: StoreParts): ModelStore {
  const calls = lazy(() => buildModelCalls(db));
  const outages = lazy(() => buildOutages(db, audit));
  const findOutage = lazy(() => buildFindOutage(db));
  const readSpend = lazy(() => buildReadModelSpend(db));
  return {
    reserveModelCall: (fence, call, now) => fenced(fence, () => calls().reserve(call, now)),
    settleModelCall: (fence, id, end, now) => fenced(fence, () => calls().settle(toRow(id), end, now)),
    readModelSpend: ({ jorbId }, now) => read(db, () => readSpend()(toRowOrNull(jorbId), now)),
    readOutage: () => read(db, () => findOutage()() ?? null),
    noteOutage: (fence, failure, now) => fenced(fence, () => outages().note(failure, now)),
    endOutage: (fence, now) => fenced(fence, () => outages().end(now)),
    noteFallback: (fence, now) => fenced(fence, () => outages().noteFallback(now)),
  };
}
