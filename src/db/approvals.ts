import type { ApprovalStore } from '../domain/approval.ts';
import { Refusal } from '../domain/refusal.ts';
import { lazy } from '../lib/lazy.ts';
import { buildAnswerOne } from './approval-answer.ts';
import { buildApprovalViews } from './approval-views.ts';
import { type Db, read, write } from './connection.ts';
import type { StoreParts } from './parts.ts';
import { toRow, toRowOrNull } from './rows.ts';

/** Questions to the owner, and the one place where an answer becomes an effect. */
export function buildApprovalStore(db: Db, parts: StoreParts): ApprovalStore {
  const views = lazy(() => buildApprovalViews(db));
  const answerOne = lazy(() => buildAnswerOne(db, parts, views()));
  return {
    getApproval: (id) =>
      read(db, () => {
        const row = views().findRow(toRow(id));
        return row && views().toApproval(row);
      }),
    listPendingApprovals: ({ jorbId, limit }) =>
      read(db, () => views().listPending({ jorbRow: toRowOrNull(jorbId), limit })),
    async answerApproval(request, now) {
      const answered = await write(db, () => answerOne()(request, now));
      // Outside the transaction: that it lapsed was to be written.
      if (answered instanceof Refusal) throw answered;
      return answered;
    },
  };
}
