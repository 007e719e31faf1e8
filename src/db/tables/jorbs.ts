import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import { channelKinds } from '../../domain/contact.ts';
import type { Contract } from '../../domain/contract.ts';
import type { EventId } from '../../domain/ids.ts';
import { actors, jorbStatuses, pauseCauses } from '../../domain/jorb.ts';
import type { NoticeKind } from '../../domain/notice.ts';
import { promiseStatuses, promisors } from '../../domain/promise.ts';
import { turnTriggers } from '../../domain/turn.ts';
import { instant, isJson, oneOf, rowId } from './columns.ts';

export const jorb = sqliteTable(
  'jorb',
  {
    id: rowId(),
    name: text('name').notNull(),
    plan: text('plan').notNull(),
    status: text('status', { enum: jorbStatuses }).notNull(),
    pauseCause: text('pause_cause', { enum: pauseCauses }),
    reason: text('reason'),
    summary: text('summary'),
    evidence: text('evidence', { mode: 'json' }).$type<EventId[]>().notNull().default([]),
    contractVersion: integer('contract_version').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    lastActivityAt: instant('last_activity_at').notNull(),
    /** When it last got somewhere; the gate's no-progress rule counts from here. */
    progressAt: instant('progress_at').notNull(),
    finishedAt: instant('finished_at'),
    /** A turn is due from here on. Null: nothing to do until something happens. */
    dueAt: instant('due_at'),
    dueTrigger: text('due_trigger', { enum: turnTriggers }),
    wakeAt: instant('wake_at'),
    wakeReason: text('wake_reason'),
    /** Of the contract in force; cleared once its turn was made due. */
    deadlineAt: instant('deadline_at'),
    /** Turns that failed since one finished. */
    turnFailures: integer('turn_failures').notNull().default(0),
    idempotencyKey: text('idempotency_key').unique(),
    requestHash: text('request_hash').notNull(),
    /** The newest audit entry about it; a trigger keeps it. A brief finds by it what moved. */
    newsSeq: integer('news_seq').notNull().default(0),
    /** When the owner is asked whether it may go on, having been open for so long; cleared once they were. */
    endsAt: instant('ends_at'),
    /** Of what the owner wants to hear at once. Null: of everything. */
    notifyOn: text('notify_on', { mode: 'json' }).$type<NoticeKind[]>(),
    /** How long the prompt of its last turn was, in tokens; 0 until there is enough for another handoff. */
    promptTokens: integer('prompt_tokens').notNull().default(0),
    /** The handoff that its context begins with. */
    handoffId: integer('handoff_id'),
  },
  (t) => [
    oneOf('jorb_status', t.status, jorbStatuses),
    oneOf('jorb_pause_cause', t.pauseCause, pauseCauses),
    oneOf('jorb_due_trigger', t.dueTrigger, turnTriggers),
    isJson('jorb_evidence', t.evidence),
    check('jorb_name', sql`length(${t.name}) between 1 and 200`),
    check('jorb_paused_has_cause', sql`(${t.status} = 'paused') = (${t.pauseCause} is not null)`),
    check(
      'jorb_finished_has_time',
      sql`(${t.status} in ('complete', 'failed', 'cancelled')) = (${t.finishedAt} is not null)`,
    ),
    check('jorb_wake_has_reason', sql`(${t.wakeAt} is null) = (${t.wakeReason} is null)`),
    check('jorb_due_has_trigger', sql`(${t.dueAt} is null) = (${t.dueTrigger} is null)`),
    index('jorb_by_status').on(t.status, t.lastActivityAt),
    index('jorb_by_activity').on(t.lastActivityAt),
    index('jorb_due').on(t.dueAt).where(sql`${t.dueAt} is not null and ${t.status} = 'running'`),
    index('jorb_wake').on(t.wakeAt).where(sql`${t.wakeAt} is not null and ${t.status} = 'running'`),
    index('jorb_deadline')
      .on(t.deadlineAt)
      .where(sql`${t.deadlineAt} is not null and ${t.status} = 'running'`),
    index('jorb_stale')
      .on(t.lastActivityAt)
      .where(sql`${t.status} = 'running' and ${t.dueAt} is null and ${t.wakeAt} is null`),
    index('jorb_ends')
      .on(t.endsAt)
      .where(sql`${t.endsAt} is not null and ${t.status} in ('running', 'paused')`),
    index('jorb_long').on(t.promptTokens).where(sql`${t.promptTokens} > 0 and ${t.status} = 'running'`),
    index('jorb_by_news').on(t.newsSeq),
    index('jorb_paused').on(t.pauseCause, t.lastActivityAt).where(sql`${t.status} = 'paused'`),
  ],
);

/** Every version of every contract, whole. Triggers refuse changes. */
export const contract = sqliteTable(
  'contract',
  {
    jorbId: integer('jorb_id')
      .notNull()
      .references(() => jorb.id),
    version: integer('version').notNull(),
    body: text('body', { mode: 'json' }).$type<Contract>().notNull(),
    by: text('by', { enum: actors }).notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.jorbId, t.version] }),
    oneOf('contract_by', t.by, ['owner']),
    isJson('contract_body', t.body),
    check('contract_version', sql`${t.version} >= 1`),
  ],
);

/** An address on a channel, whoever wrote from it or is written to. */
export const address = sqliteTable(
  'address',
  {
    id: rowId(),
    channel: text('channel', { enum: channelKinds }).notNull(),
    /** Normalized. */
    address: text('address').notNull(),
    optedOutAt: instant('opted_out_at'),
  },
  (t) => [
    unique('address_unique').on(t.channel, t.address),
    // The kinds grow with the program; a table's check cannot.
    check('address_channel', sql`length(${t.channel}) between 1 and 20`),
  ],
);

/** The addresses a jorb's current contract names, for routing; the gate reads the contract itself. */
export const counterparty = sqliteTable(
  'counterparty',
  {
    jorbId: integer('jorb_id')
      .notNull()
      .references(() => jorb.id),
    addressId: integer('address_id')
      .notNull()
      .references(() => address.id),
    name: text('name').notNull(),
    ask: text('ask'),
    position: integer('position').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.jorbId, t.addressId] }),
    unique('counterparty_position').on(t.jorbId, t.position),
    index('counterparty_by_address').on(t.addressId),
  ],
);

export const phase = sqliteTable(
  'phase',
  {
    jorbId: integer('jorb_id')
      .notNull()
      .references(() => jorb.id),
    position: integer('position').notNull(),
    title: text('title').notNull(),
    status: text('status', { enum: ['pending', 'active', 'done'] }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.jorbId, t.position] }),
    oneOf('phase_status', t.status, ['pending', 'active', 'done']),
  ],
);

/** What the agent stored. A key may be stored again; the newest holds. */
export const fact = sqliteTable(
  'fact',
  {
    id: rowId(),
    jorbId: integer('jorb_id')
      .notNull()
      .references(() => jorb.id),
    key: text('key').notNull(),
    value: text('value').notNull(),
    sourceEventId: integer('source_event_id'),
    turnId: integer('turn_id').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [index('fact_by_jorb').on(t.jorbId, t.id)],
);

/** The owner's words to the agent. */
export const guidance = sqliteTable(
  'guidance',
  {
    id: rowId(),
    jorbId: integer('jorb_id')
      .notNull()
      .references(() => jorb.id),
    text: text('text').notNull(),
    /** The turn that saw it. */
    turnId: integer('turn_id'),
    at: instant('at').notNull(),
  },
  (t) => [
    index('guidance_unseen').on(t.jorbId, t.id).where(sql`${t.turnId} is null`),
    index('guidance_by_turn').on(t.turnId),
  ],
);

/** Who promised what by when. */
export const promise = sqliteTable(
  'promise',
  {
    id: rowId(),
    jorbId: integer('jorb_id')
      .notNull()
      .references(() => jorb.id),
    by: text('by', { enum: promisors }).notNull(),
    addressId: integer('address_id')
      .notNull()
      .references(() => address.id),
    text: text('text').notNull(),
    dueAt: instant('due_at'),
    status: text('status', { enum: promiseStatuses }).notNull(),
    sourceEventId: integer('source_event_id'),
    /** The turn that recorded it, and the one that closed it. */
    turnId: integer('turn_id').notNull(),
    closedTurnId: integer('closed_turn_id'),
    /** When its jorb was made due for it. */
    wokenAt: instant('woken_at'),
    at: instant('at').notNull(),
    closedAt: instant('closed_at'),
  },
  (t) => [
    oneOf('promise_by', t.by, promisors),
    oneOf('promise_status', t.status, promiseStatuses),
    check('promise_open_is_unclosed', sql`(${t.status} = 'open') = (${t.closedAt} is null)`),
    index('promise_by_jorb').on(t.jorbId, t.status),
    index('promise_woken').on(t.dueAt).where(sql`${t.status} = 'open' and ${t.wokenAt} is not null`),
    index('promise_due')
      .on(t.dueAt)
      .where(sql`${t.status} = 'open' and ${t.dueAt} is not null and ${t.wokenAt} is null`),
  ],
);
