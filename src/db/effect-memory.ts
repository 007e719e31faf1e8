import { and, desc, eq } from 'drizzle-orm';
import { isFinished } from '../domain/jorb.ts';
import type { Effect, EffectOutcome } from '../domain/turn.ts';
import type { AppendAudit } from './audit.ts';
import { slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildPlanEffect, type PlanEffect } from './effect-plan.ts';
import { buildPromiseEffect, type PromiseEffect } from './effect-promise.ts';
import { buildRetrievalEffect, type RetrievalEffect } from './effect-retrieval.ts';
import { done, type EffectScene, notDone } from './effect-scene.ts';
import { buildWakeEffect, type WakeEffect } from './effect-wake.ts';
import type { OwnsEvent } from './events.ts';
import type { GateReader } from './gate-facts.ts';
import type { JorbMoves } from './jorb-moves.ts';
import { toId, toRow, toRowOrNull } from './rows.ts';
import { fact } from './tables/jorbs.ts';

type StoreData = Extract<Effect, { kind: 'store_data' }>;
export type MemoryEffect = StoreData | PlanEffect | PromiseEffect | RetrievalEffect | WakeEffect;

const longestKey = 120;
const longestValue = 4000;

type MemoryParts = { audit: AppendAudit; moves: JorbMoves; gate: GateReader; ownsEvent: OwnsEvent };

/** What the agent keeps for its own later turns. Nobody outside sees any of it. */
export function buildMemoryEffect(db: Db, parts: MemoryParts) {
  const { audit, moves } = parts;
  const store = buildStoreEffect(db, parts);
  const plan = buildPlanEffect(db, audit, moves);
  const schedule = buildWakeEffect(db, parts);
  const promise = buildPromiseEffect(db, parts);
  const retrieve = buildRetrievalEffect(db, parts.gate);

  return (effect: MemoryEffect, scene: EffectScene): EffectOutcome => {
    const { status } = moves.getJorbRow(scene.jorbRow);
    if (isFinished(status)) return notDone(`not done: the errand is ${status}`);
    switch (effect.kind) {
      case 'store_data':
        return store(effect, scene);
      case 'retrieve_data':
        return retrieve(effect, scene);
      case 'advance_phase':
      case 'update_plan':
        return plan(effect, scene);
      case 'schedule_wake':
        return schedule(effect, scene);
      case 'record_promise':
        return promise(effect, scene);
    }
  };
}

function buildStoreEffect(db: Db, { audit, moves, ownsEvent }: MemoryParts) {
  const storeData = buildStoreData(db, audit, moves);
  return (effect: StoreData, scene: EffectScene): EffectOutcome => {
    const key = effect.key.trim();
    const { value, sourceEventId } = effect;
    if (key.length === 0 || key.length > longestKey)
      return notDone(`a key has 1 to ${longestKey} characters`);
    if (value.length === 0 || value.length > longestValue) {
      return notDone(`a value has 1 to ${longestValue} characters`);
    }
    if (sourceEventId !== null && !ownsEvent(scene.jorbRow, toRow(sourceEventId))) {
      return notDone(`${sourceEventId} is no message of this errand; name the one it was read from, or none`);
    }
    return storeData({ ...effect, key }, scene);
  };
}

function buildStoreData(db: Db, audit: AppendAudit, moves: JorbMoves) {
  const findNewest = db
    .select({ value: fact.value })
    .from(fact)
    .where(and(eq(fact.jorbId, slot('jorbRow')), eq(fact.key, slot('key'))))
    .orderBy(desc(fact.id))
    .limit(1)
    .prepare();
  const insert = db
    .insert(fact)
    .values({
      jorbId: slot('jorbRow'),
      key: slot('key'),
      value: slot('value'),
      sourceEventId: slot('source'),
      turnId: slot('turnRow'),
      at: slot('now'),
    })
    .prepare();
  return (
    { key, value, sourceEventId }: StoreData,
    { jorbRow, turnRow, now }: EffectScene,
  ): EffectOutcome => {
    // Learning the same again is no progress: else a loop could keep itself alive by it.
    const isNew = findNewest.get({ jorbRow, key })?.value !== value;
    const { lastInsertRowid } = insert.run({
      jorbRow,
      key,
      value,
      source: toRowOrNull(sourceEventId),
      turnRow,
      now,
    });
    moves.touchJorb(jorbRow, { progress: isNew }, now);
    const subject = toId('fact', Number(lastInsertRowid));
    audit({ at: now, actor: 'agent', what: 'fact.stored', jorbRow, subject, after: { key } });
    return done(`stored ${key}`);
  };
}
