import { sql } from 'drizzle-orm';
import { check, index, integer, real, sqliteTable, text, unique, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { eventStatuses, grades } from '../../domain/message.ts';
import { instant, oneOf, rowId } from './columns.ts';
import { address, jorb } from './jorbs.ts';

/** One address on one of our accounts: the key for debounce and order. */
export const conversation = sqliteTable(
  'conversation',
  {
    id: rowId(),
    addressId: integer('address_id')
      .notNull()
      .references(() => address.id),
    account: text('account').notNull(),
    /** The jorb the owner assigned it to. */
    jorbId: integer('jorb_id').references(() => jorb.id),
  },
  (t) => [unique('conversation_unique').on(t.addressId, t.account)],
);

export const batch = sqliteTable(
  'batch',
  {
    id: rowId(),
    conversationId: integer('conversation_id')
      .notNull()
      .references(() => conversation.id),
    status: text('status', { enum: ['open', 'released'] }).notNull(),
    openedAt: instant('opened_at').notNull(),
    releaseAt: instant('release_at').notNull(),
    releasedAt: instant('released_at'),
    routedAt: instant('routed_at'),
    /** Why it went where it went. */
    routeReason: text('route_reason'),
    /** Not to be routed before: a model is asked, or did not answer. */
    routeAt: instant('route_at'),
    /** The epoch of the runtime that is asking a model; another one need not wait. */
    routeEpoch: integer('route_epoch'),
    routeFailures: integer('route_failures').notNull().default(0),
    /** What the router's model would have chosen, had it been surer. */
    suggestedJorbId: integer('suggested_jorb_id'),
    suggestedConfidence: real('suggested_confidence'),
  },
  (t) => [
    oneOf('batch_status', t.status, ['open', 'released']),
    check('batch_released_has_time', sql`(${t.status} = 'released') = (${t.releasedAt} is not null)`),
    check('batch_routed_after_release', sql`${t.routedAt} is null or ${t.status} = 'released'`),
    check('batch_routed_has_reason', sql`(${t.routedAt} is null) = (${t.routeReason} is null)`),
    uniqueIndex('batch_one_open').on(t.conversationId).where(sql`${t.status} = 'open'`),
    index('batch_due').on(t.releaseAt).where(sql`${t.status} = 'open'`),
    index('batch_unrouted').on(t.id).where(sql`${t.status} = 'released' and ${t.routedAt} is null`),
  ],
);

/** One inbound message. A trigger refuses every change but to its way through the pipeline. */
export const event = sqliteTable(
  'event',
  {
    id: rowId(),
    channel: text('channel').notNull(),
    account: text('account').notNull(),
    externalId: text('external_id').notNull(),
    conversationId: integer('conversation_id')
      .notNull()
      .references(() => conversation.id),
    batchId: integer('batch_id')
      .notNull()
      .references(() => batch.id),
    text: text('text').notNull(),
    inReplyTo: text('in_reply_to'),
    sentAt: instant('sent_at'),
    receivedAt: instant('received_at').notNull(),
    status: text('status', { enum: eventStatuses }).notNull(),
    jorbId: integer('jorb_id').references(() => jorb.id),
    /** The turn that saw it. */
    turnId: integer('turn_id'),
    /** How sure it is who wrote it. */
    grade: text('grade', { enum: grades }).notNull().default('none'),
  },
  (t) => [
    unique('event_unique').on(t.channel, t.account, t.externalId),
    oneOf('event_status', t.status, eventStatuses),
    check('event_routed_has_jorb', sql`${t.status} not in ('routed', 'handled') or ${t.jorbId} is not null`),
    check('event_unmatched_has_none', sql`${t.status} <> 'unmatched' or ${t.jorbId} is null`),
    index('event_by_batch').on(t.batchId),
    // Partial: a message enters none of them when it comes in, which is when speed matters.
    index('event_by_jorb').on(t.jorbId, t.receivedAt).where(sql`${t.jorbId} is not null`),
    index('event_by_turn').on(t.turnId).where(sql`${t.turnId} is not null`),
    index('event_unmatched').on(t.id).where(sql`${t.status} = 'unmatched'`),
    index('event_unseen').on(t.jorbId, t.id).where(sql`${t.status} = 'routed'`),
  ],
);
