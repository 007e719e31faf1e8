import { and, desc, eq } from 'drizzle-orm';
import { isFinished, type Phase } from '../domain/jorb.ts';
import type { Effect, EffectOutcome } from '../domain/turn.ts';
import { dayMs, minuteMs } from '../lib/duration.ts';
import type { AppendAudit } from './audit.ts';
import { given, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { done, type EffectScene, notDone } from './effect-scene.ts';
import type { OwnsEvent } from './events.ts';
import type { GateReader } from './gate-facts.ts';
import type { JorbMoves } from './jorb-moves.ts';
import { toId, toRow, toRowOrNull } from './rows.ts';
import { fact, jorb, phase } from './tables/jorbs.ts';

export type MemoryEffect = Extract<Effect, { kind: 'advance_phase' | 'store_data' | 'schedule_wake' }>;
type StoreData = Extract<Effect, { kind: 'store_data' }>;
type ScheduleWake = Extract<Effect, { kind: 'schedule_wake' }>;

const longestKey = 120;
const longestValue = 4000;
const longestReason = 500;
/** An errand that wants to sleep for longer than a year is over. */
const longestWaitMs = 366 * dayMs;
/** No heartbeat: an agent may look again this soon, or as soon as the contract lets it follow up. */
const shortestWaitMs = minuteMs;

type MemoryParts = { audit: AppendAudit; moves: JorbMoves; gate: GateReader; ownsEvent: OwnsEvent };

/** What the agent keeps for its own later turns. Nobody outside sees any of it. */
export function buildMemoryEffect(db: Db, { audit, moves, gate, ownsEvent }: MemoryParts) {
  const storeData = buildStoreData(db, audit, moves);
  const advancePhase = buildAdvancePhase(db, audit, moves);
  const setWake = db
    .update(jorb)
    .set({ wakeAt: given('at'), wakeReason: given('reason') })
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();

  function store(effect: StoreData, scene: EffectScene): EffectOutcome {
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
  }

  function schedule({ at, reason }: ScheduleWake, { jorbRow, now }: EffectScene): EffectOutcome {
    if (!Number.isFinite(at) || at > now + longestWaitMs) return notDone('a wake is at most a year ahead');
    const { followUpMs } = gate.readGround(jorbRow).contract;
    const wakeAt = Math.max(Math.round(at), now + Math.min(shortestWaitMs, followUpMs));
    setWake.run({ jorbRow, at: wakeAt, reason: reason.slice(0, longestReason) });
    return done(`you look again at ${new Date(wakeAt).toISOString()} if nothing happens before`);
  }

  return (effect: MemoryEffect, scene: EffectScene): EffectOutcome => {
    const { status } = moves.getJorbRow(scene.jorbRow);
    if (isFinished(status)) return notDone(`not done: the errand is ${status}`);
    switch (effect.kind) {
      case 'store_data':
        return store(effect, scene);
      case 'advance_phase':
        return advancePhase(scene);
      case 'schedule_wake':
        return schedule(effect, scene);
    }
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

function buildAdvancePhase(db: Db, audit: AppendAudit, moves: JorbMoves) {
  const findPhases = db
    .select({ position: phase.position, title: phase.title, status: phase.status })
    .from(phase)
    .where(eq(phase.jorbId, slot('jorbRow')))
    .orderBy(phase.position)
    .prepare();
  const setPhase = db
    .update(phase)
    .set({ status: given('status') })
    .where(and(eq(phase.jorbId, slot('jorbRow')), eq(phase.position, slot('position'))))
    .prepare();
  return ({ jorbRow, turnRow, now }: EffectScene): EffectOutcome => {
    const phases = findPhases.all({ jorbRow });
    const active = phases.find(({ status }) => status === 'active');
    if (!active) return notDone(phases.length === 0 ? 'the plan has no phases' : 'every phase is done');
    const next = phases.find(({ position }) => position > active.position);
    setPhase.run({ jorbRow, position: active.position, status: 'done' satisfies Phase['status'] });
    if (next) setPhase.run({ jorbRow, position: next.position, status: 'active' satisfies Phase['status'] });
    moves.touchJorb(jorbRow, { progress: true }, now);
    audit({
      at: now,
      actor: 'agent',
      what: 'phase.advanced',
      jorbRow,
      subject: toId('jorb', jorbRow),
      before: { phase: active.title },
      after: { phase: next?.title ?? null, turn: toId('turn', turnRow) },
    });
    return done(next ? `"${next.title}" is the active phase now` : 'every phase is done');
  };
}
