import { and, eq } from 'drizzle-orm';
import { computeNextTry, type NewOutage, type Outage } from '../domain/outage.ts';
import type { AppendAudit } from './audit.ts';
import { given, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { jorb } from './tables/jorbs.ts';
import { outage } from './tables/turns.ts';

/**
 * All of it runs inside the caller's transaction. A jorb that waits for the model is due exactly at
 * `retryAt`, so that it can be told from one to which something happened since, and moves with it.
 */
export type Outages = {
  find(): Outage | undefined;
  note(failure: NewOutage, now: number): Outage;
  end(now: number): void;
  noteFallback(now: number): void;
  /** One asks first: whoever else waits goes on waiting, until then at most. */
  beginProbe(retryAt: number): void;
  /** The jorb waits for the model with the others. */
  wait(jorbRow: number, retryAt: number): void;
};

const subject = 'model';

export function buildOutages(db: Db, audit: AppendAudit): Outages {
  const find = buildFindOutage(db);
  const put = db
    .insert(outage)
    .values({
      id: 1,
      since: slot('since'),
      failures: slot('failures'),
      error: slot('error'),
      retryAt: slot('retryAt'),
    })
    .onConflictDoUpdate({
      target: outage.id,
      set: { failures: given('failures'), error: given('error'), retryAt: given('retryAt') },
    })
    .prepare();
  const setRetryAt = db
    .update(outage)
    .set({ retryAt: given('retryAt') })
    .where(eq(outage.id, 1))
    .prepare();
  const setFallbackAt = db
    .update(outage)
    .set({ fallbackAt: given('now') })
    .where(eq(outage.id, 1))
    .prepare();
  const remove = db.delete(outage).where(eq(outage.id, 1)).prepare();
  const moveWaiting = db
    .update(jorb)
    .set({ dueAt: given('to') })
    .where(and(isWord(jorb.status, 'running'), eq(jorb.dueAt, slot('from'))))
    .prepare();
  const setDueAt = db
    .update(jorb)
    .set({ dueAt: given('retryAt') })
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();

  return {
    find,
    note(failure, now) {
      const { error } = failure;
      const before = find();
      const since = before?.since ?? now;
      const isNew = before === undefined || failure.isProbe || before.retryAt <= now;
      const failures = (before?.failures ?? 0) + (isNew ? 1 : 0);
      const next = computeNextTry(failures - 1, failure, now);
      const retryAt =
        before === undefined || isNew
          ? next
          : failure.retryAfterMs === null
            ? before.retryAt
            : Math.max(before.retryAt, next);
      put.run({ since, failures, error, retryAt });
      if (before) moveWaiting.run({ from: before.retryAt, to: retryAt });
      else audit({ at: now, actor: 'runtime', what: 'brain.down', jorbRow: null, subject, after: { error } });
      return { since, failures, error, retryAt, fallbackAt: before?.fallbackAt ?? null };
    },
    end(now) {
      const before = find();
      if (!before) return;
      remove.run();
      moveWaiting.run({ from: before.retryAt, to: now });
      const after = { since: before.since, failures: before.failures };
      audit({ at: now, actor: 'runtime', what: 'brain.back', jorbRow: null, subject, after });
    },
    noteFallback(now) {
      const before = find();
      if (!before || before.fallbackAt !== null) return;
      setFallbackAt.run({ now });
      moveWaiting.run({ from: before.retryAt, to: now });
      const after = { since: before.since };
      audit({ at: now, actor: 'runtime', what: 'brain.fallback', jorbRow: null, subject, after });
    },
    beginProbe(retryAt) {
      const before = find();
      if (!before) return;
      setRetryAt.run({ retryAt });
      moveWaiting.run({ from: before.retryAt, to: retryAt });
    },
    wait: (jorbRow, retryAt) => {
      setDueAt.run({ jorbRow, retryAt });
    },
  };
}

/** Reads inside the caller's transaction. */
export function buildFindOutage(db: Db): () => Outage | undefined {
  const select = db
    .select({
      since: outage.since,
      failures: outage.failures,
      error: outage.error,
      retryAt: outage.retryAt,
      fallbackAt: outage.fallbackAt,
    })
    .from(outage)
    .where(eq(outage.id, 1))
    .prepare();
  return () => select.get();
}
