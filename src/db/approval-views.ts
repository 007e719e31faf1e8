import { and, eq } from 'drizzle-orm';
import type { Approval } from '../domain/approval.ts';
import { toAction } from './actions.ts';
import { isWord, slot } from './clauses.ts';
import type { Db } from './connection.ts';
import { buildFindNewestEvent } from './events.ts';
import { toId } from './rows.ts';
import { action, approval } from './tables/gate.ts';
import { conversation, event } from './tables/inbox.ts';
import { address, counterparty, jorb } from './tables/jorbs.ts';

const columns = {
  approval,
  action,
  jorb: { id: jorb.id, name: jorb.name, status: jorb.status },
};

/** An approval with the action it is about and the jorb it belongs to. */
export type ApprovalRow = {
  approval: typeof approval.$inferSelect;
  action: typeof action.$inferSelect;
  jorb: Pick<typeof jorb.$inferSelect, 'id' | 'name' | 'status'>;
};

export type ApprovalViews = {
  findRow(approvalRow: number): ApprovalRow | undefined;
  /** Oldest first: of one jorb, or of all. */
  listPending(filter: { jorbRow: number | null; limit: number }): Approval[];
  toApproval(row: ApprovalRow): Approval;
};

/** All of it reads inside the caller's transaction. */
export function buildApprovalViews(db: Db): ApprovalViews {
  const toApproval = buildToApproval(db);
  const select = () =>
    db
      .select(columns)
      .from(approval)
      .innerJoin(action, eq(action.id, approval.actionId))
      .innerJoin(jorb, eq(jorb.id, approval.jorbId));
  const isPending = isWord(approval.status, 'pending');
  const findRow = select()
    .where(eq(approval.id, slot('id')))
    .prepare();
  const pending = select().where(isPending).orderBy(approval.id).limit(slot('limit')).prepare();
  const pendingOfJorb = select()
    .where(and(isPending, eq(approval.jorbId, slot('jorbRow'))))
    .orderBy(approval.id)
    .limit(slot('limit'))
    .prepare();
  return {
    toApproval,
    findRow: (approvalRow) => findRow.get({ id: approvalRow }),
    listPending({ jorbRow, limit }) {
      const rows = jorbRow === null ? pending.all({ limit }) : pendingOfJorb.all({ jorbRow, limit });
      return rows.map(toApproval);
    },
  };
}

/** The oldest pending approvals of all jorbs, inside the caller's transaction. */
export function buildListPending(db: Db): (limit: number) => Approval[] {
  const { listPending } = buildApprovalViews(db);
  return (limit) => listPending({ jorbRow: null, limit });
}

/** What stands around an approval is as it is now: names and statuses of today, the question of then. */
function buildToApproval(db: Db): (row: ApprovalRow) => Approval {
  const findName = db
    .select({ name: counterparty.name })
    .from(counterparty)
    .innerJoin(address, eq(address.id, counterparty.addressId))
    .where(
      and(
        eq(counterparty.jorbId, slot('jorbRow')),
        eq(address.channel, slot('channel')),
        eq(address.address, slot('address')),
      ),
    )
    .prepare();
  const findNewestEvent = buildFindNewestEvent(db);
  const findQuote = db
    .select({ text: event.text, channel: address.channel, address: address.address })
    .from(event)
    .innerJoin(conversation, eq(conversation.id, event.conversationId))
    .innerJoin(address, eq(address.id, conversation.addressId))
    .where(eq(event.id, slot('eventRow')))
    .prepare();

  /** While a question is open, what the quoted address has said since matters more than what led to it. */
  function readQuote({ jorbId: jorbRow, quoteEventId, status }: ApprovalRow['approval']): Approval['quote'] {
    const led = quoteEventId === null ? undefined : findQuote.get({ eventRow: quoteEventId });
    if (quoteEventId === null || !led) return null;
    const eventRow =
      status === 'pending' ? (findNewestEvent(jorbRow, led)?.id ?? quoteEventId) : quoteEventId;
    const { text, ...from } = findQuote.get({ eventRow }) ?? led;
    const name = findName.get({ jorbRow, ...from })?.name;
    return { eventId: toId('event', eventRow), from: name ?? from.address, text };
  }

  return ({ approval: row, action: about, jorb: of }) => {
    const { payload } = about;
    const name =
      payload.kind === 'send_message' ? findName.get({ jorbRow: of.id, ...payload.to })?.name : null;
    return {
      id: toId('approval', row.id),
      action: toAction(about),
      jorb: { ...of, id: toId('jorb', of.id) },
      hash: row.hash,
      contractVersion: row.contractVersion,
      status: row.status,
      voidReason: row.voidReason,
      askedAt: row.askedAt,
      remindAt: row.remindAt,
      reminders: row.reminders,
      expiresAt: row.expiresAt,
      answeredAt: row.answeredAt,
      answerText: row.answerText,
      confirmedBy: row.confirmedBy,
      recipientName: name ?? null,
      quote: readQuote(row),
    };
  };
}
