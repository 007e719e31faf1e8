import {
  and,
  count,
  desc,
  eq,
  exists,
  gte,
  inArray,
  isNull,
  notExists,
  or,
  type SQL,
  sql,
} from 'drizzle-orm';
import type { ResetOutcome } from '../domain/handoff.ts';
import { liveStatuses } from '../domain/jorb.ts';
import { countDaysLeft } from '../domain/reset.ts';
import type { AuditWhat } from './audit.ts';
import { given, isOneOf, isWord, slot, via } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildQueueProgress } from './progress.ts';
import { handoff, reset } from './tables/handoff.ts';
import { jorb } from './tables/jorbs.ts';
import { audit } from './tables/owner.ts';

export type Resets = {
  begin(request: { runRow: number; days: number; timeZone: string }, now: number): ResetOutcome;
  /** The reset of the jorb with the longest prompt, if one is that long. */
  beginLong(tokens: number, now: number): number | null;
  /** Ends the reset whose last handoff has ended, and puts it on record. */
  finish(resetRow: number, now: number): void;
};

/** What the owner or the world does in a jorb. What the agent does follows from it. */
const activities: readonly AuditWhat[] = [
  'jorb.created',
  'jorb.steered',
  'message.routed',
  'message.assigned',
  'approval.answered',
];

/** All of it runs inside the caller's transaction. */
export function buildResets(db: Db): Resets {
  const finish = buildFinish(db);
  const findSince = buildFindSince(db);
  const ofRun = db
    .select({ id: reset.id })
    .from(reset)
    .where(eq(reset.runId, slot('runRow')))
    .prepare();
  const countHandoffs = db
    .select({ count: count() })
    .from(handoff)
    .where(eq(handoff.resetId, slot('resetRow')))
    .prepare();
  const listActive = db
    .select({ id: sql<number>`${jorb.id}` })
    .from(via(jorb, 'jorb_by_status'))
    .where(and(isOneOf(jorb.status, liveStatuses), hasNoOpenHandoff(db), hasActivity(db)))
    .prepare();
  const longest = db
    .select({ id: sql<number>`${jorb.id}` })
    .from(via(jorb, 'jorb_long'))
    .where(
      and(
        isWord(jorb.status, 'running'),
        gte(jorb.promptTokens, slot('tokens')),
        sql`${jorb.promptTokens} > 0`,
        hasNoOpenHandoff(db),
      ),
    )
    .orderBy(desc(jorb.promptTokens))
    .limit(1)
    .prepare();
  const insertReset = db
    .insert(reset)
    .values({
      reason: slot('reason'),
      days: slot('days'),
      runId: slot('runRow'),
      seq: sql`(select coalesce(max(${audit.seq}), 0) from ${audit})`,
      startedAt: slot('now'),
    })
    .returning({ id: reset.id })
    .prepare();
  const insertHandoff = db
    .insert(handoff)
    .values({
      resetId: slot('resetRow'),
      jorbId: slot('jorbRow'),
      status: 'due',
      availableAt: slot('now'),
    })
    .prepare();

  return {
    begin({ runRow, days, timeZone }, now) {
      const begun = ofRun.get({ runRow });
      if (begun) return { kind: 'begun', handoffs: countHandoffs.get({ resetRow: begun.id })?.count ?? 0 };
      const since = findSince();
      if (since === undefined) return { kind: 'no_activity' };
      const inDays = countDaysLeft({ since, days, timeZone }, now);
      if (inDays > 0) return { kind: 'not_due', inDays };
      const active = listActive.all();
      if (active.length === 0) return { kind: 'no_activity' };
      const { id: resetRow } = insertReset.get({ reason: 'interval', days, runRow, now });
      for (const { id: jorbRow } of active) insertHandoff.run({ resetRow, jorbRow, now });
      return { kind: 'begun', handoffs: active.length };
    },
    beginLong(tokens, now) {
      const found = longest.get({ tokens });
      if (!found) return null;
      const { id: resetRow } = insertReset.get({ reason: 'long_context', days: null, runRow: null, now });
      insertHandoff.run({ resetRow, jorbRow: found.id, now });
      return resetRow;
    },
    finish,
  };
}

/** When the last interval began to be counted: at its reset, or with the first jorb. */
function buildFindSince(db: Db): () => number | undefined {
  const lastReset = db
    .select({ at: reset.startedAt })
    .from(reset)
    .where(isWord(reset.reason, 'interval'))
    .orderBy(desc(reset.id))
    .limit(1)
    .prepare();
  const firstJorb = db
    .select({ at: jorb.createdAt })
    .from(jorb)
    .where(eq(jorb.id, sql`(select min(${jorb.id}) from ${jorb})`))
    .prepare();
  return () => (lastReset.get() ?? firstJorb.get())?.at;
}

function buildFinish(db: Db): Resets['finish'] {
  const queueProgress = buildQueueProgress(db);
  const open = db
    .select({ id: handoff.id })
    .from(handoff)
    .where(and(eq(handoff.resetId, slot('resetRow')), isOneOf(handoff.status, ['due', 'writing'])))
    .limit(1)
    .prepare();
  const close = db
    .update(reset)
    .set({ finishedAt: given('now') })
    .where(and(eq(reset.id, slot('resetRow')), isNull(reset.finishedAt)))
    .prepare();
  return (resetRow, now) => {
    if (open.get({ resetRow })) return;
    if (close.run({ resetRow, now }).changes === 1) queueProgress(resetRow, now);
  };
}

function hasNoOpenHandoff(db: Db): SQL {
  const isOpen = and(eq(handoff.jorbId, jorb.id), isOneOf(handoff.status, ['due', 'writing']));
  return notExists(db.select({ id: handoff.id }).from(handoff).where(isOpen));
}

/** Since what the writer of its last handoff could know of. */
function hasActivity(db: Db): SQL {
  const known = sql`coalesce((select max(${handoff.seq}) from ${handoff} where ${handoff.jorbId} = ${jorb.id} and ${isWord(handoff.status, 'accepted')}), 0)`;
  const isActivity = or(
    inArray(audit.what, [...activities]),
    and(isWord(audit.what, 'jorb.status'), isWord(audit.actor, 'owner')),
  );
  const later = and(eq(audit.jorbId, jorb.id), sql`${audit.seq} > ${known}`, isActivity);
  return exists(db.select({ seq: audit.seq }).from(audit).where(later));
}
