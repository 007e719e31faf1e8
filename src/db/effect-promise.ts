import { and, count, eq, sql } from 'drizzle-orm';
import { addressKey, type Counterparty } from '../domain/contact.ts';
import { resolveRecipient } from '../domain/recipient.ts';
import type { Effect, EffectOutcome, PromiseRecord } from '../domain/turn.ts';
import { minuteMs } from '../lib/duration.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { AppendAudit } from './audit.ts';
import { given, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { done, type EffectScene, notDone } from './effect-scene.ts';
import { longestWaitMs } from './effect-wake.ts';
import type { OwnsEvent } from './events.ts';
import type { GateReader } from './gate-facts.ts';
import type { JorbMoves } from './jorb-moves.ts';
import { mostPromises } from './promises.ts';
import { toId, toRow, toRowOrNull } from './rows.ts';
import { promise } from './tables/jorbs.ts';

export type PromiseEffect = Extract<Effect, { kind: 'record_promise' }>;
type Made = Extract<PromiseRecord, { kind: 'made' }>;
type Closed = Extract<PromiseRecord, { kind: 'closed' }>;

const longestText = 500;

type PromiseParts = { audit: AppendAudit; moves: JorbMoves; gate: GateReader; ownsEvent: OwnsEvent };

/** Who promised what by when, and what became of it. A promise that is due wakes the jorb once. */
export function buildPromiseEffect(db: Db, { audit, moves, gate, ownsEvent }: PromiseParts) {
  const rows = buildPromiseRows(db);

  /** Whom it is between, or why it is not recorded. */
  function checkMade(
    { with: whom, text, dueAt, sourceEventId }: Made,
    scene: EffectScene,
  ): Result<Counterparty, string> {
    const { contract, counterparties } = gate.readGround(scene.jorbRow);
    const to = resolveRecipient(whom, counterparties);
    const known = counterparties.find((each) => addressKey(each) === addressKey(to));
    if (!known) {
      const others = counterparties.map(addressKey).join(', ');
      return err(`with: "${whom.slice(0, 100)}" is no contact of this errand; there are ${others}`);
    }
    if (text.length === 0 || text.length > longestText) {
      return err(`a promise has 1 to ${longestText} characters`);
    }
    // No heartbeat, as for a wake.
    if (dueAt !== null && !(dueAt >= scene.now + Math.min(minuteMs, contract.followUpMs))) {
      return err('due: that is over or almost; give a later time, or null for none');
    }
    // It would keep an errand that waits for nothing else from ever going stale.
    if (dueAt !== null && dueAt > scene.now + longestWaitMs) {
      return err('due: that is more than a year ahead; give null');
    }
    if (sourceEventId !== null && !ownsEvent(scene.jorbRow, toRow(sourceEventId))) {
      return err(`${sourceEventId} is no message of this errand; name the one it was said in, or none`);
    }
    return ok(known);
  }

  function make(made: Made, scene: EffectScene): EffectOutcome {
    const { jorbRow, turnRow, now } = scene;
    const trimmed = { ...made, text: made.text.trim() };
    const contact = checkMade(trimmed, scene);
    if (!contact.ok) return notDone(contact.error);
    const { by, text, sourceEventId } = trimmed;
    // On whole minutes, so that many promises wake their jorb no more often than one wake after the other would.
    const dueAt = made.dueAt === null ? null : Math.ceil(made.dueAt / minuteMs) * minuteMs;
    const values = { jorbRow, by, addressRow: toRow(contact.value.id), text, dueAt };
    const same = rows.findSame(values);
    if (same !== undefined) return done(`that promise is open already as ${toId('promise', same)}`);
    if (rows.countOpen(jorbRow) >= mostPromises) {
      return notDone(`${mostPromises} promises are open, which is the most; close those that are settled`);
    }
    const source = toRowOrNull(sourceEventId);
    const subject = toId('promise', rows.insert({ ...values, source, turnRow, now }));
    moves.touchJorb(jorbRow, { progress: false }, now);
    const after = { by, with: addressKey(contact.value), due: dueAt };
    audit({ at: now, actor: 'agent', what: 'promise.recorded', jorbRow, subject, after });
    const when =
      dueAt === null ? '' : `; you look again at ${new Date(dueAt).toISOString()} if it is still open`;
    return done(`recorded as ${subject}${when}`);
  }

  function close({ id, status }: Closed, { jorbRow, turnRow, now }: EffectScene): EffectOutcome {
    const isClosed = rows.close({ id: toRow(id), jorbRow, status, turnRow, now });
    if (!isClosed) return notDone(`${id} is no open promise of this errand`);
    moves.touchJorb(jorbRow, { progress: false }, now);
    audit({ at: now, actor: 'agent', what: 'promise.closed', jorbRow, subject: id, after: { status } });
    return done(`${id} is ${status}`);
  }

  return ({ promise: record }: PromiseEffect, scene: EffectScene): EffectOutcome =>
    record.kind === 'made' ? make(record, scene) : close(record, scene);
}

type PromiseValues = { jorbRow: number; by: string; addressRow: number; text: string; dueAt: number | null };

function buildPromiseRows(db: Db) {
  const ofJorb = and(eq(promise.jorbId, slot('jorbRow')), isWord(promise.status, 'open'));
  const findSame = db
    .select({ id: promise.id })
    .from(promise)
    .where(
      and(
        ofJorb,
        eq(promise.by, slot('by')),
        eq(promise.addressId, slot('addressRow')),
        eq(promise.text, slot('text')),
        sql`${promise.dueAt} is ${slot('dueAt')}`,
      ),
    )
    .limit(1)
    .prepare();
  const countOpen = db.select({ open: count() }).from(promise).where(ofJorb).prepare();
  const insert = db
    .insert(promise)
    .values({
      jorbId: slot('jorbRow'),
      by: slot('by'),
      addressId: slot('addressRow'),
      text: slot('text'),
      dueAt: slot('dueAt'),
      status: 'open',
      sourceEventId: slot('source'),
      turnId: slot('turnRow'),
      at: slot('now'),
    })
    .prepare();
  const close = db
    .update(promise)
    .set({ status: given('status'), closedTurnId: given('turnRow'), closedAt: given('now') })
    .where(and(eq(promise.id, slot('id')), ofJorb))
    .prepare();
  return {
    findSame: (values: PromiseValues): number | undefined => findSame.get(values)?.id,
    countOpen: (jorbRow: number): number => countOpen.get({ jorbRow })?.open ?? 0,
    insert: (values: PromiseValues & { source: number | null; turnRow: number; now: number }): number =>
      Number(insert.run(values).lastInsertRowid),
    close: (values: { id: number; jorbRow: number; status: string; turnRow: number; now: number }): boolean =>
      close.run(values).changes > 0,
  };
}
