import { sql } from 'drizzle-orm';
import {
  check,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import { type BrainAnswer, modelPurposes } from '../../domain/brain.ts';
import { type DecisionInput, decisionKinds } from '../../domain/decision.ts';
import type { EventId } from '../../domain/ids.ts';
import { type EffectOutcome, type TurnTrigger, turnStatuses } from '../../domain/turn.ts';
import { instant, isJson, oneOf, rowId } from './columns.ts';
import { jorb } from './jorbs.ts';

export const turn = sqliteTable(
  'turn',
  {
    id: rowId(),
    jorbId: integer('jorb_id')
      .notNull()
      .references(() => jorb.id),
    status: text('status', { enum: turnStatuses }).notNull(),
    triggers: text('triggers', { mode: 'json' }).$type<TurnTrigger[]>().notNull(),
    /** Who may write it: the runtime of this epoch, until then. */
    epoch: integer('epoch').notNull(),
    leasedUntil: instant('leased_until').notNull(),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
    error: text('error'),
  },
  (t) => [
    oneOf('turn_status', t.status, turnStatuses),
    isJson('turn_triggers', t.triggers),
    check('turn_running_is_unfinished', sql`(${t.status} = 'running') = (${t.finishedAt} is null)`),
    check('turn_failed_has_error', sql`(${t.status} = 'failed') = (${t.error} is not null)`),
    uniqueIndex('turn_one_running').on(t.jorbId).where(sql`${t.status} = 'running'`),
    index('turn_running').on(t.epoch).where(sql`${t.status} = 'running'`),
  ],
);

/** What the brain said, stored before anything is done with it. */
export const step = sqliteTable(
  'step',
  {
    turnId: integer('turn_id')
      .notNull()
      .references(() => turn.id),
    position: integer('position').notNull(),
    decisionId: integer('decision_id').notNull(),
    answer: text('answer', { mode: 'json' }).$type<BrainAnswer>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.turnId, t.position] }), isJson('step_answer', t.answer)],
);

/** What one call of a step came to, written in the transaction of its effect. */
export const outcome = sqliteTable(
  'outcome',
  {
    turnId: integer('turn_id')
      .notNull()
      .references(() => turn.id),
    position: integer('position').notNull(),
    call: integer('call').notNull(),
    body: text('body', { mode: 'json' }).$type<EffectOutcome>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.turnId, t.position, t.call] }), isJson('outcome_body', t.body)],
);

/** Append-only: what was concluded, and why. */
export const decision = sqliteTable(
  'decision',
  {
    id: rowId(),
    kind: text('kind', { enum: decisionKinds }).notNull(),
    jorbId: integer('jorb_id').references(() => jorb.id),
    turnId: integer('turn_id').references(() => turn.id),
    by: text('by').notNull(),
    reasoning: text('reasoning').notNull(),
    confidence: real('confidence').notNull(),
    basedOn: text('based_on', { mode: 'json' }).$type<EventId[]>().notNull(),
    inputTokens: integer('input_tokens').notNull(),
    cachedTokens: integer('cached_tokens').notNull(),
    outputTokens: integer('output_tokens').notNull(),
    at: instant('at').notNull(),
    model: text('model'),
    promptHash: text('prompt_hash'),
    input: text('input', { mode: 'json' })
      .$type<DecisionInput>()
      .notNull()
      .default({ triggers: [], events: [] }),
    writtenTokens: integer('written_tokens').notNull().default(0),
    /** Micro-dollars. */
    costMicros: integer('cost_micros').notNull().default(0),
    durationMs: integer('duration_ms').notNull().default(0),
  },
  (t) => [
    oneOf('decision_kind', t.kind, decisionKinds),
    isJson('decision_based_on', t.basedOn),
    check('decision_confidence', sql`${t.confidence} between 0 and 1`),
    index('decision_by_jorb').on(t.jorbId, t.id),
  ],
);

/** What models were asked and what it cost: set aside at its worst before the call, settled after it. Micro-dollars. */
export const modelCall = sqliteTable(
  'model_call',
  {
    id: rowId(),
    purpose: text('purpose', { enum: modelPurposes }).notNull(),
    jorbId: integer('jorb_id').references(() => jorb.id),
    turnId: integer('turn_id').references(() => turn.id),
    model: text('model').notNull(),
    /** `unknown`: nobody knows what it cost, so the worst counts. A call whose process died stays `reserved`, and counts the same. */
    status: text('status', { enum: ['reserved', 'settled', 'unknown'] }).notNull(),
    reservedMicros: integer('reserved_micros').notNull(),
    /** What counts: the worst until it is known better. */
    costMicros: integer('cost_micros').notNull(),
    inputTokens: integer('input_tokens').notNull().default(0),
    cachedTokens: integer('cached_tokens').notNull().default(0),
    writtenTokens: integer('written_tokens').notNull().default(0),
    outputTokens: integer('output_tokens').notNull().default(0),
    error: text('error'),
    at: instant('at').notNull(),
    closedAt: instant('closed_at'),
  },
  (t) => [
    oneOf('model_call_purpose', t.purpose, modelPurposes),
    oneOf('model_call_status', t.status, ['reserved', 'settled', 'unknown']),
    check('model_call_cost', sql`${t.reservedMicros} >= 0 and ${t.costMicros} >= 0`),
    check('model_call_open_is_reserved', sql`(${t.status} = 'reserved') = (${t.closedAt} is null)`),
    index('model_call_by_time').on(t.at, t.costMicros),
    index('model_call_by_jorb').on(t.jorbId, t.costMicros),
  ],
);

/** Since when the model does not answer, and when it is tried again. No row: it answers. */
export const outage = sqliteTable(
  'outage',
  {
    id: integer('id').primaryKey(),
    since: instant('since').notNull(),
    failures: integer('failures').notNull(),
    error: text('error').notNull(),
    retryAt: instant('retry_at').notNull(),
    /** When the rules took over what they can. */
    fallbackAt: instant('fallback_at'),
  },
  (t) => [check('outage_single', sql`${t.id} = 1`)],
);
