import { and, count, desc, eq, gt, gte, isNotNull, sql } from 'drizzle-orm';
import type { ClaimedHandoff } from '../domain/handoff.ts';
import { isLive } from '../domain/jorb.ts';
import type { TurnContext } from '../domain/turn.ts';
import { given, isWord, slot, via } from './clauses.ts';
import type { Db } from './connection.ts';
import { mayBeClaimed, mayBeTakenUp } from './handoff-due.ts';
import type { HandoffRow, HandoffRows } from './handoff-rows.ts';
import type { JorbMoves } from './jorb-moves.ts';
import { buildFindOutage } from './outage.ts';
import { toId } from './rows.ts';
import { handoff, reset } from './tables/handoff.ts';
import { jorb } from './tables/jorbs.ts';
import { audit } from './tables/owner.ts';
import { modelCall } from './tables/turns.ts';
import type { ReadContext } from './turn-context.ts';
import type { TurnRow } from './turn-rows.ts';

const mostWords = 20;
/**
 * As often may the model not answer when it is asked for one handoff. More than there are before the end of an
 * outage that lasts as long as the fallback is waited for by default: beyond, it is the errand that it fails at.
 */
const mostUnanswered = 8;

export type ClaimHandoff = (epoch: number, leasedUntil: number, now: number) => ClaimedHandoff | undefined;

type ClaimParts = {
  isStopped: () => boolean;
  readContext: () => ReadContext;
  moves: JorbMoves;
  rows: HandoffRows;
};

/** Inside the caller's transaction. What happened by now is in it; what happens from now on is not. */
export function buildClaimHandoff(db: Db, { isStopped, readContext, moves, rows }: ClaimParts): ClaimHandoff {
  const findOutage = buildFindOutage(db);
  const listWords = buildListWords(db);
  const countUnanswered = buildCountUnanswered(db);
  const findLeft = db
    .select(handoffColumns)
    .from(via(handoff, 'handoff_writing'))
    .innerJoin(jorb, eq(jorb.id, handoff.jorbId))
    .where(mayBeTakenUp(db))
    .limit(1)
    .prepare();
  const findDue = db
    .select(handoffColumns)
    .from(via(handoff, 'handoff_due'))
    .innerJoin(jorb, eq(jorb.id, handoff.jorbId))
    .where(mayBeClaimed(db))
    .orderBy(handoff.availableAt)
    .limit(1)
    .prepare();
  const begin = db
    .update(handoff)
    .set({
      status: 'writing',
      leasedBy: given('epoch'),
      leasedUntil: given('leasedUntil'),
      readAt: given('now'),
      seq: sql`(select coalesce(max(${audit.seq}), 0) from ${audit})`,
    })
    .where(eq(handoff.id, slot('id')))
    .prepare();
  const find = db
    .select()
    .from(handoff)
    .where(eq(handoff.id, slot('id')))
    .prepare();
  const findLastSeq = db
    .select({ seq: handoff.seq })
    .from(handoff)
    .where(and(eq(handoff.jorbId, slot('jorbRow')), isWord(handoff.status, 'accepted')))
    .orderBy(desc(handoff.id))
    .limit(1)
    .prepare();

  function findNext(epoch: number, now: number): HandoffRow | undefined {
    for (;;) {
      const found = findLeft.get({ epoch, now }) ?? findDue.get({ now });
      const row = found && find.get({ id: found.id });
      if (!row) return undefined;
      const { status } = moves.getJorbRow(row.jorbId);
      if (isLive(status)) return row;
      rows.drop(row, `the jorb is ${status}`, now);
    }
  }

  return (epoch, leasedUntil, now) => {
    if (isStopped()) return undefined;
    const down = findOutage();
    const isFallback = down !== undefined && down.fallbackAt !== null;
    if (down && !isFallback && down.retryAt > now) return undefined;
    const row = findNext(epoch, now);
    if (!row) return undefined;
    begin.run({ id: row.id, epoch, leasedUntil, now });
    const { jorbId: jorbRow } = row;
    const afterSeq = findLastSeq.get({ jorbRow })?.seq ?? 0;
    const context = readContext()(buildNoTurn(jorbRow, epoch, now), now);
    return {
      id: toId('handoff', row.id),
      context: { ...context, guidance: listWords(jorbRow, afterSeq) },
      failures: row.attempts,
      isFallback: isFallback || countUnanswered(row) >= mostUnanswered,
    };
  };
}

const handoffColumns = { id: sql<number>`${handoff.id}` };

/** How often the model was asked for this handoff and gave no answer. */
function buildCountUnanswered(db: Db): (row: HandoffRow) => number {
  const select = db
    .select({ times: count() })
    .from(modelCall)
    .innerJoin(reset, eq(reset.id, slot('resetRow')))
    .where(
      and(
        eq(modelCall.jorbId, slot('jorbRow')),
        isWord(modelCall.purpose, 'handoff'),
        isNotNull(modelCall.error),
        gte(modelCall.at, reset.startedAt),
      ),
    )
    .prepare();
  return ({ jorbId: jorbRow, resetId: resetRow }) => select.get({ jorbRow, resetRow })?.times ?? 0;
}

/** No turn has this row, so nothing is new to it and nothing its own. */
function buildNoTurn(jorbId: number, epoch: number, now: number): TurnRow {
  const ended = { finishedAt: null, error: null };
  return {
    id: 0,
    jorbId,
    status: 'running',
    triggers: [],
    epoch,
    leasedUntil: now,
    startedAt: now,
    ...ended,
  };
}

/** What the owner said to the agent since then, the oldest first: turns are shown it once. */
function buildListWords(db: Db): (jorbRow: number, afterSeq: number) => TurnContext['guidance'] {
  const text = sql<string | null>`json_extract(${audit.after}, '$.guidance')`;
  const select = db
    .select({ text, at: audit.at })
    .from(audit)
    .where(
      and(
        eq(audit.jorbId, slot('jorbRow')),
        gt(audit.seq, slot('afterSeq')),
        isWord(audit.what, 'jorb.steered'),
        sql`${text} is not null`,
      ),
    )
    .orderBy(desc(audit.seq))
    .limit(mostWords)
    .prepare();
  return (jorbRow, afterSeq) =>
    select
      .all({ jorbRow, afterSeq })
      .flatMap(({ text: said, at }) => (said === null ? [] : [{ text: said, at }]))
      .reverse();
}
