import { and, eq } from 'drizzle-orm';
import type { Reservation } from '../domain/gate.ts';
import { dayMs } from '../lib/duration.ts';
import { given, isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { ledger } from './tables/gate.ts';

/** How long spending without approval counts against the owner's limit, over all jorbs. */
const ownerWindowMs = dayMs;

export type LedgerStatements = {
  /**
   * Sets money aside for one action, unless a window would pass its limit: the same statement sums and
   * inserts, so no other process can come in between. Which limit was in the way, or undefined when the
   * money is reserved.
   */
  reserve(entry: {
    actionRow: number;
    jorbRow: number;
    reservation: Reservation;
    now: number;
  }): 'budget' | 'spend_limit' | undefined;
  settle(actionRow: number, now: number): void;
  release(actionRow: number, now: number): void;
  /** In minor units of one currency; what was released does not count. */
  readSpent(jorbRow: number, currency: string, now: number): Spent;
};

export type Spent = { jorbCommitted: number; jorbWithoutApproval: number; ownerWithoutApproval: number };

const jorbSum = `(select coalesce(sum(minor), 0) from ledger
  where jorb_id = @jorbRow and currency = @currency and status <> 'released')`;
const jorbUnapprovedSum = `(select coalesce(sum(minor), 0) from ledger
  where jorb_id = @jorbRow and currency = @currency and approved = 0 and status <> 'released')`;
const ownerUnapprovedSum = `(select coalesce(sum(minor), 0) from ledger
  where currency = @currency and approved = 0 and status <> 'released' and at > @since)`;

export function buildLedger(db: Db): LedgerStatements {
  const insert = db.$client.prepare(`
    insert into ledger (action_id, jorb_id, minor, currency, approved, status, at)
    select @actionRow, @jorbRow, @minor, @currency, @approved, 'reserved', @now
    where (@jorbLimit is null or ${jorbSum} + @minor <= @jorbLimit)
      and (@approved = 1 or ${jorbUnapprovedSum} + @minor <= @jorbWithoutApproval)
      and (@approved = 1 or ${ownerUnapprovedSum} + @minor <= @ownerWithoutApproval)`);
  const sums = db.$client.prepare<Record<string, unknown>, Spent>(`
    select ${jorbSum} as jorbCommitted, ${jorbUnapprovedSum} as jorbWithoutApproval,
      ${ownerUnapprovedSum} as ownerWithoutApproval`);
  const close = (status: 'settled' | 'released') =>
    db
      .update(ledger)
      .set({ status, closedAt: given('now') })
      .where(and(eq(ledger.actionId, slot('actionRow')), isWord(ledger.status, 'reserved')))
      .prepare();
  const settle = close('settled');
  const release = close('released');

  function readSpent(jorbRow: number, currency: string, now: number): Spent {
    const spent = sums.get({ jorbRow, currency, since: now - ownerWindowMs });
    if (!spent) throw new Error('sums have no row');
    return spent;
  }

  return {
    readSpent,
    reserve({ actionRow, jorbRow, reservation, now }) {
      const { minor, currency, approved, limits } = reservation;
      const inserted = insert.run({
        actionRow,
        jorbRow,
        minor,
        currency,
        approved: approved ? 1 : 0,
        now,
        since: now - ownerWindowMs,
        jorbLimit: limits.jorb,
        jorbWithoutApproval: limits.jorbWithoutApproval,
        ownerWithoutApproval: limits.ownerWithoutApproval,
      });
      if (inserted.changes === 1) return undefined;
      const { jorbCommitted } = readSpent(jorbRow, currency, now);
      return limits.jorb !== null && jorbCommitted + minor > limits.jorb ? 'budget' : 'spend_limit';
    },
    settle: (actionRow, now) => void settle.run({ actionRow, now }),
    release: (actionRow, now) => void release.run({ actionRow, now }),
  };
}
