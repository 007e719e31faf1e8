import { z } from 'zod';
import { addressKey, type Counterparty } from '../../domain/contact.ts';
import {
  type Fact,
  isLive,
  type Jorb,
  type JorbDetail,
  type JorbSummary,
  jorbStatuses,
  pauseCauses,
} from '../../domain/jorb.ts';
import { type OpenPromise, promisors } from '../../domain/promise.ts';
import { formatMicros } from '../../lib/micros.ts';
import { escapeInvisible, shorten } from '../../lib/text.ts';
import type { Room } from '../fit-answer.ts';
import { listTersely } from '../list-schema.ts';
import { contractShape, presentContract } from './contract.ts';
import { known, moneyShape, presentMoney, presentTime } from './fields.ts';

const count = z.int().min(0).max(1e9);

/** What every answer about a jorb says of it. */
export const jorbShape = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(jorbStatuses),
  pause_cause: z.enum(pauseCauses).optional(),
  reason: z.string().optional(),
  summary: z.string().optional(),
  created_at: z.string(),
  last_activity_at: z.string(),
  received: count,
  sent: count,
});

export const jorbLineShape = jorbShape.extend({ pending_approvals: count });

const contactShape = z.object({
  name: z.string(),
  channel: z.string(),
  address: z.string(),
  ask: z.string().optional(),
  opted_out: z.boolean().optional(),
});

const factShape = z.object({
  key: z.string(),
  value: z.string(),
  from_event: z.string().optional(),
  at: z.string(),
});

const promiseShape = z.object({
  id: z.string(),
  by: z.enum(promisors),
  with: z.string(),
  text: z.string(),
  due_at: z.string().optional(),
});

const modelsShape = z.object({ cost: z.string(), limit: z.string().optional(), tokens: z.int().min(0) });

export const jorbDetailShape = jorbShape.extend({
  pending_approvals: z.array(z.string()),
  plan: z.string(),
  phases: z.array(listTersely(z.object({ title: z.string(), status: z.string() }))),
  contacts: z.array(listTersely(contactShape)),
  contract_version: count,
  notify_on: listTersely(z.array(z.string())).optional(),
  contract: contractShape,
  facts: z.array(listTersely(factShape)),
  promises: z.array(listTersely(promiseShape)),
  committed: moneyShape,
  reserved: moneyShape,
  models: modelsShape.optional(),
  evidence: z.array(z.string()),
  confirmed: z.boolean().optional().describe('Of a complete jorb: whether a message proves it'),
  looks_again_at: z.string().optional(),
  looks_again_for: z.string().optional(),
  asks_to_go_on_at: z.string().optional(),
  handoff_at: z.string().optional(),
  late_messages: count.optional(),
});

/** One jorb of a list. */
export function presentJorbLine(jorb: JorbSummary): z.infer<typeof jorbLineShape> {
  return { ...presentJorb(jorb, jorb), pending_approvals: jorb.pendingApprovals };
}

/** Everything about one jorb but its transcript. */
export function presentJorbDetail(detail: JorbDetail): z.infer<typeof jorbDetailShape> {
  const { jorb, contract, counterparties, phases, facts, promises, pendingApprovals, spent } = detail;
  return {
    ...presentJorb(jorb, detail),
    pending_approvals: pendingApprovals,
    plan: jorb.plan,
    phases: phases.map(({ title, status }) => ({ title: escapeInvisible(title), status })),
    contacts: counterparties.map(presentContact),
    contract_version: jorb.contractVersion,
    ...known({ notify_on: detail.notifyOn }),
    contract: presentContract(contract),
    facts: facts.map(presentFact),
    promises: promises.map(presentPromise),
    committed: presentMoney(spent.committed),
    reserved: presentMoney(spent.reserved),
    ...presentModels(detail),
    evidence: jorb.evidence,
    ...(jorb.status === 'complete' && { confirmed: jorb.evidence.length > 0 }),
    ...presentTimes(detail),
  };
}

/** What it does by itself. */
function presentTimes({ jorb, endsAt, handoffAt, lateMessages }: JorbDetail) {
  const at = (instant: number | null) => (instant === null ? null : presentTime(instant));
  return known({
    looks_again_at: at(jorb.wakeAt),
    looks_again_for: jorb.wakeReason && escapeInvisible(jorb.wakeReason),
    asks_to_go_on_at: isLive(jorb.status) ? at(endsAt) : null,
    handoff_at: at(handoffAt),
    late_messages: lateMessages || null,
  });
}

function presentModels({
  models,
  modelLimitMicros: limit,
}: JorbDetail): Pick<z.infer<typeof jorbDetailShape>, 'models'> {
  if (models.calls === 0 && limit === undefined) return {};
  return {
    models: {
      cost: formatMicros(models.costMicros),
      ...(limit !== undefined && { limit: formatMicros(limit) }),
      tokens: models.inputTokens + models.outputTokens,
    },
  };
}

/** As much of each text as the text half of an answer shows, so that both halves tell the same. */
const longest = { plan: 2000, line: 300, summary: 600 };

/** The same jorb with less of it, for text and data alike. Of facts the newest stay. */
export function shortenDetail(detail: JorbDetail, room: Room): JorbDetail {
  const cut = (text: string, most: number) => shorten(text, Math.min(most, room.characters));
  const cutOrNull = (text: string | null, most: number) => (text === null ? null : cut(text, most));
  const { jorb, contract } = detail;
  return {
    ...detail,
    jorb: {
      ...jorb,
      plan: cut(jorb.plan, longest.plan),
      reason: cutOrNull(jorb.reason, longest.line),
      summary: cutOrNull(jorb.summary, longest.summary),
      wakeReason: cutOrNull(jorb.wakeReason, longest.line),
      evidence: jorb.evidence.slice(0, room.items),
    },
    contract: {
      ...contract,
      counterparties: contract.counterparties.slice(0, room.items),
      share: contract.share.slice(0, room.items),
    },
    counterparties: detail.counterparties
      .slice(0, room.items)
      .map((contact) => ({ ...contact, ask: cutOrNull(contact.ask, longest.line) })),
    phases: detail.phases
      .slice(0, room.items)
      .map((phase) => ({ ...phase, title: cut(phase.title, longest.line) })),
    promises: detail.promises
      .slice(0, room.items)
      .map((promise) => ({ ...promise, text: cut(promise.text, longest.line) })),
    facts: detail.facts.slice(-room.items).map((fact) => ({ ...fact, value: cut(fact.value, longest.line) })),
  };
}

/** What every answer about a jorb says of it. */
export function presentJorb(
  jorb: Pick<
    Jorb,
    'id' | 'name' | 'status' | 'pauseCause' | 'reason' | 'summary' | 'createdAt' | 'lastActivityAt'
  >,
  { received, sent }: { received: number; sent: number },
): z.infer<typeof jorbShape> {
  return {
    id: jorb.id,
    name: jorb.name,
    status: jorb.status,
    ...known({
      pause_cause: jorb.pauseCause,
      reason: jorb.reason && escapeInvisible(jorb.reason),
      summary: jorb.summary && escapeInvisible(jorb.summary),
    }),
    created_at: presentTime(jorb.createdAt),
    last_activity_at: presentTime(jorb.lastActivityAt),
    received,
    sent,
  };
}

function presentContact(contact: Counterparty): z.infer<typeof contactShape> {
  const { name, channel, address, ask, optedOut } = contact;
  return { name, channel, address, ...known({ ask, opted_out: optedOut || null }) };
}

function presentFact({ key, value, sourceEventId, at }: Fact): z.infer<typeof factShape> {
  return {
    key: escapeInvisible(key),
    value: escapeInvisible(value),
    ...known({ from_event: sourceEventId }),
    at: presentTime(at),
  };
}

function presentPromise({ id, by, with: other, text, dueAt }: OpenPromise): z.infer<typeof promiseShape> {
  return {
    id,
    by,
    with: addressKey(other),
    text: escapeInvisible(text),
    ...known({ due_at: dueAt === null ? null : presentTime(dueAt) }),
  };
}
