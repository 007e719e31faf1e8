import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { Contract } from '../domain/contract.ts';
import { computeExtendedTo, type Extension, formatOpenDays } from '../domain/extension.ts';
import { buildAsk } from './asking.ts';
import type { AppendAudit } from './audit.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { action, approval } from './tables/gate.ts';
import { jorb } from './tables/jorbs.ts';
import { audit as auditTable } from './tables/owner.ts';

/** What an action asks the owner for: a SQL value that is null unless it is an extension. */
export const extensionOf = sql<string | null>`json_extract(${action.payload}, '$.extension')`;

/** The jorb's pending question whether it may go on, inside the caller's transaction. */
export function buildFindExtension(db: Db): (jorbRow: number) => number | undefined {
  const find = db
    .select({ id: approval.id })
    .from(approval)
    .innerJoin(action, eq(action.id, approval.actionId))
    .where(
      and(eq(approval.jorbId, slot('jorbRow')), isWord(approval.status, 'pending'), isNotNull(extensionOf)),
    )
    .limit(1)
    .prepare();
  return (jorbRow) => find.get({ jorbRow })?.id;
}

export type AskExtension = (
  about: { jorbRow: number; contractVersion: number; contract: Contract },
  now: number,
) => Extension;

/**
 * Asks the owner whether a jorb may go on under its contract as it is, inside the caller's transaction.
 * There is no other way to the question: it takes no words of a model and no request of a chat program.
 */
export function buildAskExtension(db: Db, audit: AppendAudit): AskExtension {
  const ask = buildAsk(db, audit);
  const findStart = db
    .select({ at: auditTable.at })
    .from(auditTable)
    .where(
      and(
        eq(auditTable.jorbId, slot('jorbRow')),
        isWord(auditTable.what, 'jorb.status'),
        sql`json_extract(${auditTable.before}, '$.status') = 'planning'`,
      ),
    )
    .orderBy(auditTable.seq)
    .limit(1)
    .prepare();
  const findCreation = db
    .select({ at: jorb.createdAt })
    .from(jorb)
    .where(eq(jorb.id, slot('jorbRow')))
    .prepare();

  return ({ jorbRow, contractVersion, contract }, now) => {
    const since = (findStart.get({ jorbRow }) ?? findCreation.get({ jorbRow }))?.at ?? now;
    const extension = { since, until: computeExtendedTo(now, contract.deadlineAt) };
    const because = `it has been open for ${formatOpenDays(extension, now)}, and only you can let it go on`;
    ask(
      {
        jorbRow,
        contractVersion,
        payload: { kind: 'change_contract', contract, startAfter: false, extension },
        consequence: 'none',
        findings: [{ rule: 'widening', consequence: 'none', because }],
        turnRow: null,
        decisionRow: null,
        causedBy: null,
        by: 'runtime',
      },
      now,
    );
    return extension;
  };
}
