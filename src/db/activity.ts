import { and, eq, gt, sql } from 'drizzle-orm';
import type { JorbStore } from '../domain/jorb.ts';
import type { Json } from '../lib/canonical.ts';
import { toAction } from './actions.ts';
import { type Db, read } from './connection.ts';
import { toIdOrNull, toRow } from './rows.ts';
import { action } from './tables/gate.ts';
import { audit } from './tables/owner.ts';

/** The audit as a stream that a reader follows from the last entry it saw, and the actions it names. */
export function buildActivityStore(db: Db): Pick<JorbStore, 'listActivity' | 'getAction'> {
  const after = gt(audit.seq, sql.placeholder('afterSeq'));
  const limit = sql.placeholder('limit');
  const ofAll = db.select().from(audit).where(after).orderBy(audit.seq).limit(limit).prepare();
  const ofOne = db
    .select()
    .from(audit)
    .where(and(eq(audit.jorbId, sql.placeholder('jorbRow')), after))
    .orderBy(audit.seq)
    .limit(limit)
    .prepare();
  const find = db
    .select()
    .from(action)
    .where(eq(action.id, sql.placeholder('id')))
    .prepare();
  return {
    getAction: (id) =>
      read(db, () => {
        const row = find.get({ id: toRow(id) });
        return row && toAction(row);
      }),
    listActivity: (jorbId, afterSeq, most) =>
      read(db, () => {
        const rows =
          jorbId === null
            ? ofAll.all({ afterSeq, limit: most })
            : ofOne.all({ jorbRow: toRow(jorbId), afterSeq, limit: most });
        return rows.map(({ seq, at, actor, what, jorbId: row, subject, after: body }) => ({
          seq,
          at,
          actor,
          what,
          jorbId: toIdOrNull('jorb', row),
          subject,
          after: body as Json,
        }));
      }),
  };
}
