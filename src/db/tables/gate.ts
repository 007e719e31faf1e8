import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { actionStatuses, type Finding, type Payload } from '../../domain/action.ts';
import { approvalStatuses, confirmations } from '../../domain/approval.ts';
import { consequences } from '../../domain/contract.ts';
import { outboxStatuses } from '../../domain/message.ts';
import { instant, isJson, oneOf, rowId } from './columns.ts';
import { address, jorb } from './jorbs.ts';
import { decision, turn } from './turns.ts';

/** Every effect the agent proposed, with the gate's finding. A trigger refuses changes to payload and hash. */
export const action = sqliteTable(
  'action',
  {
    id: rowId(),
    jorbId: integer('jorb_id')
      .notNull()
      .references(() => jorb.id),
    turnId: integer('turn_id').references(() => turn.id),
    decisionId: integer('decision_id').references(() => decision.id),
    payload: text('payload', { mode: 'json' }).$type<Payload>().notNull(),
    hash: text('hash').notNull(),
    contractVersion: integer('contract_version').notNull(),
    consequence: text('consequence', { enum: consequences }).notNull(),
    findings: text('findings', { mode: 'json' }).$type<Finding[]>().notNull(),
    status: text('status', { enum: actionStatuses }).notNull(),
    refusal: text('refusal'),
    causedBy: integer('caused_by'),
    /** The action that the owner edited into this one. */
    editOf: integer('edit_of'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    oneOf('action_status', t.status, actionStatuses),
    oneOf('action_consequence', t.consequence, consequences),
    isJson('action_payload', t.payload),
    isJson('action_findings', t.findings),
    index('action_by_jorb').on(t.jorbId, t.id),
    index('action_by_turn').on(t.turnId),
  ],
);

/** One question to the owner about the exact bytes of one action. */
export const approval = sqliteTable(
  'approval',
  {
    id: rowId(),
    actionId: integer('action_id')
      .notNull()
      .unique()
      .references(() => action.id),
    jorbId: integer('jorb_id')
      .notNull()
      .references(() => jorb.id),
    hash: text('hash').notNull(),
    contractVersion: integer('contract_version').notNull(),
    status: text('status', { enum: approvalStatuses }).notNull(),
    voidReason: text('void_reason'),
    askedAt: instant('asked_at').notNull(),
    remindAt: instant('remind_at'),
    reminders: integer('reminders').notNull().default(0),
    expiresAt: instant('expires_at').notNull(),
    answeredAt: instant('answered_at'),
    answerText: text('answer_text'),
    confirmedBy: text('confirmed_by', { enum: confirmations }),
    quoteEventId: integer('quote_event_id'),
    /** The turn that saw the answer. */
    turnId: integer('turn_id'),
  },
  (t) => [
    oneOf('approval_status', t.status, approvalStatuses),
    oneOf('approval_confirmed_by', t.confirmedBy, confirmations),
    check('approval_pending_is_unanswered', sql`(${t.status} = 'pending') = (${t.answeredAt} is null)`),
    check(
      'approval_yes_is_confirmed',
      sql`${t.status} not in ('accepted', 'edited', 'answered') or ${t.confirmedBy} is not null`,
    ),
    index('approval_pending').on(t.jorbId, t.id).where(sql`${t.status} = 'pending'`),
    index('approval_waiting').on(t.id).where(sql`${t.status} = 'pending'`),
    index('approval_expiry').on(t.expiresAt).where(sql`${t.status} = 'pending'`),
    index('approval_reminder')
      .on(t.remindAt)
      .where(sql`${t.status} = 'pending' and ${t.remindAt} is not null`),
    index('approval_by_jorb').on(t.jorbId, t.id),
  ],
);

/** Messages on their way to the wire: one row for an action, one key for the wire. */
export const outbox = sqliteTable(
  'outbox',
  {
    id: rowId(),
    actionId: integer('action_id')
      .notNull()
      .unique()
      .references(() => action.id),
    jorbId: integer('jorb_id')
      .notNull()
      .references(() => jorb.id),
    addressId: integer('address_id')
      .notNull()
      .references(() => address.id),
    key: text('key').notNull().unique(),
    text: text('text').notNull(),
    hash: text('hash').notNull(),
    status: text('status', { enum: outboxStatuses }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    queuedAt: instant('queued_at').notNull(),
    availableAt: instant('available_at').notNull(),
    /** The epoch of the runtime that is sending it. */
    leasedBy: integer('leased_by'),
    sentAt: instant('sent_at'),
    /** Its place in the transcript. */
    at: instant('at').generatedAlwaysAs(sql`coalesce(sent_at, queued_at)`, { mode: 'virtual' }),
    receipt: text('receipt'),
    error: text('error'),
  },
  (t) => [
    oneOf('outbox_status', t.status, outboxStatuses),
    check('outbox_sending_is_leased', sql`(${t.status} = 'sending') = (${t.leasedBy} is not null)`),
    check(
      'outbox_sent_has_receipt',
      sql`(${t.status} = 'sent') = (${t.receipt} is not null and ${t.sentAt} is not null)`,
    ),
    index('outbox_due').on(t.availableAt).where(sql`${t.status} = 'queued'`),
    index('outbox_sending').on(t.leasedBy).where(sql`${t.status} = 'sending'`),
    index('outbox_problem').on(t.id).where(sql`${t.status} in ('unknown', 'failed')`),
    index('outbox_by_jorb').on(t.jorbId, t.queuedAt),
    index('outbox_by_time').on(t.jorbId, t.at),
    index('outbox_by_address').on(t.addressId, t.id),
    index('outbox_by_receipt').on(t.receipt).where(sql`${t.receipt} is not null`),
  ],
);

/** Money set aside before an effect and settled after it. One row for an action; room is the sum of what was not released. */
export const ledger = sqliteTable(
  'ledger',
  {
    id: rowId(),
    actionId: integer('action_id')
      .notNull()
      .unique()
      .references(() => action.id),
    jorbId: integer('jorb_id')
      .notNull()
      .references(() => jorb.id),
    minor: integer('minor').notNull(),
    currency: text('currency').notNull(),
    approved: integer('approved', { mode: 'boolean' }).notNull(),
    status: text('status', { enum: ['reserved', 'settled', 'released'] }).notNull(),
    at: instant('at').notNull(),
    closedAt: instant('closed_at'),
  },
  (t) => [
    oneOf('ledger_status', t.status, ['reserved', 'settled', 'released']),
    check('ledger_minor', sql`${t.minor} >= 0`),
    check('ledger_open_is_reserved', sql`(${t.status} = 'reserved') = (${t.closedAt} is null)`),
    index('ledger_by_status').on(t.status, t.currency, t.minor),
    index('ledger_by_jorb').on(t.jorbId, t.status),
    index('ledger_unapproved').on(t.at).where(sql`${t.approved} = 0 and ${t.status} <> 'released'`),
  ],
);
