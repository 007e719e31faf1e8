import { and, lte, sql } from 'drizzle-orm';
import { formatOpenDays } from '../domain/extension.ts';
import type { AppendAudit } from './audit.ts';
import { slot, via } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildContracts } from './contracts.ts';
import { buildSetEndsAt, hasEnd } from './ends-at.ts';
import { buildAskExtension } from './extension-asking.ts';
import type { JorbMoves } from './jorb-moves.ts';
import { buildIsStopped } from './stop.ts';
import { jorb } from './tables/jorbs.ts';

/** The most jorbs that one transaction asks about, so that others get their turn. */
const mostAtOnce = 200;

/**
 * Asks the owner about each jorb that has been open for too long, and pauses it if it runs. The time it was
 * to be asked at is cleared with the question, so that it is asked once. Inside the caller's transaction.
 */
export function buildAskExtensions(db: Db, audit: AppendAudit, moves: JorbMoves): (now: number) => number {
  const isStopped = buildIsStopped(db);
  const contracts = buildContracts(db, audit);
  const askExtension = buildAskExtension(db, audit);
  const setEndsAt = buildSetEndsAt(db);
  const over = db
    .select({ id: sql<number>`${jorb.id}` })
    .from(via(jorb, 'jorb_ends'))
    .where(and(hasEnd(), lte(jorb.endsAt, slot('now'))))
    .orderBy(jorb.endsAt)
    .limit(mostAtOnce)
    .prepare();

  return (now) => {
    if (isStopped()) return 0;
    const rows = over.all({ now });
    for (const { id: jorbRow } of rows) {
      const { status, contractVersion } = moves.getJorbRow(jorbRow);
      const contract = contracts.getContract(jorbRow, contractVersion);
      const extension = askExtension({ jorbRow, contractVersion, contract }, now);
      setEndsAt(jorbRow, null);
      if (status === 'running') {
        const reason = `it has been open for ${formatOpenDays(extension, now)}; it goes on when you say so`;
        moves.moveJorbRow(
          jorbRow,
          { command: 'pause', by: 'runtime', cause: 'approval', reason, evidence: [] },
          now,
        );
      }
    }
    return rows.length;
  };
}
