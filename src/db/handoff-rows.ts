import { and, eq, sql } from 'drizzle-orm';
import type { Handoff } from '../domain/handoff.ts';
import type { AppendAudit } from './audit.ts';
import { given, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import type { Resets } from './resets.ts';
import { toId, toIdOrNull } from './rows.ts';
import { handoff } from './tables/handoff.ts';
import { jorb } from './tables/jorbs.ts';
import { turn } from './tables/turns.ts';

export type HandoffRow = typeof handoff.$inferSelect;

export type HandoffRows = {
  /** The handoff, if the runtime of this epoch is having it written. */
  findWriting(handoffRow: number, epoch: number): HandoffRow | undefined;
  accept(row: HandoffRow, accepted: { body: Handoff; by: string; before: number | null }, now: number): void;
  /** The jorb goes on with the context that it had, and the owner is told. */
  fail(row: HandoffRow, error: string, now: number): void;
  /** It is not needed any more: nobody is told. */
  drop(row: HandoffRow, reason: string, now: number): void;
  /** It is due again. `counts`: as a failed try. */
  putBack(row: HandoffRow, back: { error: string | null; until: number; counts: boolean }): void;
};

/** All of it runs inside the caller's transaction. */
export function buildHandoffRows(
  db: Db,
  { audit, resets }: { audit: AppendAudit; resets: Resets },
): HandoffRows {
  const isRow = eq(handoff.id, slot('id'));
  const find = db
    .select()
    .from(handoff)
    .where(and(isRow, isWord(handoff.status, 'writing'), eq(handoff.leasedBy, slot('epoch'))))
    .prepare();
  const end = db
    .update(handoff)
    .set({
      status: given('status'),
      leasedBy: null,
      leasedUntil: null,
      by: given('by'),
      body: given('body'),
      error: given('error'),
      endedAt: given('now'),
    })
    .where(isRow)
    .prepare();
  const putBack = db
    .update(handoff)
    .set({
      status: 'due',
      leasedBy: null,
      leasedUntil: null,
      availableAt: given('until'),
      attempts: sql`${handoff.attempts} + ${slot('counts')}`,
      error: given('error'),
    })
    .where(isRow)
    .prepare();
  const setHandoff = db
    .update(jorb)
    .set({ handoffId: given('id'), promptTokens: 0 })
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();
  const clearTokens = db
    .update(jorb)
    .set({ promptTokens: 0 })
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();
  const findRunning = db
    .select({ id: turn.id })
    .from(turn)
    .where(and(eq(turn.jorbId, slot('jorbRow')), isWord(turn.status, 'running')))
    .prepare();

  function endWithout({ id, jorbId: jorbRow, resetId }: HandoffRow, error: string, now: number): void {
    end.run({ id, status: 'failed', by: null, body: null, error, now });
    // Else the length of its prompt would begin another at once.
    clearTokens.run({ jorbRow });
    resets.finish(resetId, now);
  }

  return {
    findWriting: (id, epoch) => find.get({ id, epoch }),
    accept({ id, jorbId: jorbRow, resetId }, { body, by, before }, now) {
      end.run({ id, status: 'accepted', by, body: JSON.stringify(body), error: null, now });
      setHandoff.run({ id, jorbRow });
      audit({
        at: now,
        actor: 'runtime',
        what: 'handoff.accepted',
        jorbRow,
        subject: toId('handoff', id),
        before: { id: toIdOrNull('handoff', before) },
        // The context of a turn that runs now stays what it was, however often it is taken up.
        after: { by, turn: toIdOrNull('turn', findRunning.get({ jorbRow })?.id ?? null) },
      });
      resets.finish(resetId, now);
    },
    fail(row, error, now) {
      endWithout(row, error, now);
      const subject = toId('handoff', row.id);
      audit({
        at: now,
        actor: 'runtime',
        what: 'handoff.failed',
        jorbRow: row.jorbId,
        subject,
        after: { error },
      });
    },
    drop: endWithout,
    putBack: ({ id }, { error, until, counts }) => {
      putBack.run({ id, until, error, counts: counts ? 1 : 0 });
    },
  };
}
