import { z } from 'zod';
import type { Brief } from '../../domain/brief.ts';
import { renderLine } from '../../domain/render/quote.ts';
import { formatMicros } from '../../lib/micros.ts';
import type { Room } from '../fit-answer.ts';
import { listTersely } from '../list-schema.ts';
import { approvalLineShape, presentApprovalLine } from './approval.ts';
import { known, moneyShape, presentMoney, presentTime } from './fields.ts';
import { inboxItemShape, messageShape, presentInboxItem, presentMessage } from './message.ts';

const counts = z.record(z.string(), z.int().min(0).max(1e9));
const lines = z.array(z.record(z.string(), z.unknown()));

/** Every list begins with what matters most; `more` counts what each leaves out. */
export const briefShape = z.object({
  since: z.string().optional(),
  stopped: z.object({ at: z.string(), reason: z.string().optional() }).optional(),
  approvals: z.array(listTersely(approvalLineShape)),
  failed: lines,
  delivery_problems: lines,
  unmatched: z.array(listTersely(inboxItemShape)),
  paused: lines,
  activity: counts,
  money: z.object({ committed: z.array(moneyShape), reserved: z.array(moneyShape) }),
  model_cost: z.string().optional(),
  model_down_since: z.string().optional(),
  open: counts,
  highlights: lines,
  completed: lines,
  messages: z.array(listTersely(messageShape.extend({ jorb_id: z.string() }))),
  active_jorbs: z.int().min(0).max(1e9),
  more: counts,
});

/** As many entries as the text names, so that text and data tell the same. */
const mostItems = 5;

/** The same brief with less of it. */
export function shortenBrief(brief: Brief, room: Room): Brief {
  const items = Math.min(mostItems, room.items);
  const line = (text: string) => renderLine(text, room.characters);
  const lineOrNull = (text: string | null) => (text === null ? null : line(text));
  const first = <Item>(list: Item[]) => list.slice(0, items);
  const left = (list: readonly unknown[]) => Math.max(0, list.length - items);
  const { more } = brief;
  return {
    ...brief,
    approvals: first(brief.approvals),
    paused: first(brief.paused).map((jorb) => ({ ...jorb, reason: lineOrNull(jorb.reason) })),
    failed: first(brief.failed).map((jorb) => ({ ...jorb, reason: lineOrNull(jorb.reason) })),
    problems: first(brief.problems).map((problem) => ({
      ...problem,
      text: line(problem.text),
      error: lineOrNull(problem.error),
    })),
    unmatched: first(brief.unmatched).map((item) => ({
      ...item,
      event: { ...item.event, text: line(item.event.text) },
    })),
    highlights: first(brief.highlights).map((highlight) => ({ ...highlight, text: line(highlight.text) })),
    completed: first(brief.completed).map((jorb) => ({ ...jorb, outcome: lineOrNull(jorb.outcome) })),
    messages: first(brief.messages).map((message) => ({ ...message, text: line(message.text) })),
    jorbs: first(brief.jorbs),
    more: {
      approvals: more.approvals + left(brief.approvals),
      paused: more.paused + left(brief.paused),
      failed: more.failed + left(brief.failed),
      problems: more.problems + left(brief.problems),
      unmatched: more.unmatched + left(brief.unmatched),
      jorbs: more.jorbs + left(brief.jorbs),
    },
  };
}

export function presentBrief(brief: Brief, room: Room): z.infer<typeof briefShape> {
  const { since, stopped, more, models } = brief;
  return {
    ...known({
      since: since === null ? null : presentTime(since),
      stopped: stopped && { at: presentTime(stopped.at), ...known({ reason: stopped.reason }) },
      model_cost: models.costMicros > 0 ? formatMicros(models.costMicros) : null,
      model_down_since: models.outage && presentTime(models.outage.since),
    }),
    approvals: brief.approvals.map((approval) =>
      presentApprovalLine(approval, Math.min(300, room.characters)),
    ),
    failed: brief.failed.map(({ id, name, reason }) => ({ id, name, ...known({ reason }) })),
    delivery_problems: brief.problems.map(({ id, jorbId, kind, to, text, error, at }) => ({
      id,
      jorb_id: jorbId,
      kind,
      to,
      text,
      ...known({ error }),
      at: presentTime(at),
    })),
    unmatched: brief.unmatched.map(presentInboxItem),
    paused: brief.paused.map(({ id, name, pauseCause, reason }) => ({
      id,
      name,
      ...known({ pause_cause: pauseCause, reason }),
    })),
    activity: brief.activity,
    money: {
      committed: brief.money.committed.map(presentMoney),
      reserved: brief.money.reserved.map(presentMoney),
    },
    open: brief.open,
    highlights: brief.highlights.map(({ at, jorbId, text, evidence }) => ({
      at: presentTime(at),
      ...known({ jorb_id: jorbId }),
      text,
      evidence,
    })),
    completed: brief.completed.map(({ id, name, outcome, evidence }) => ({
      id,
      name,
      ...known({ outcome }),
      confirmed: evidence.length > 0,
      evidence,
    })),
    messages: brief.messages.map((message) => ({ ...presentMessage(message), jorb_id: message.jorbId })),
    active_jorbs: brief.jorbs.length + more.jorbs,
    more: {
      approvals: more.approvals,
      paused: more.paused,
      failed: more.failed,
      delivery_problems: more.problems,
      unmatched: more.unmatched,
    },
  };
}
