import { z } from 'zod';
import type { Brief, BriefMessage, DuePromise, Highlight, JorbNews } from '../../domain/brief.ts';
import { fitBrief } from '../../domain/render/brief.ts';
import { renderLine } from '../../domain/render/quote.ts';
import { formatMicros } from '../../lib/micros.ts';
import type { Room } from '../fit-answer.ts';
import { listTersely } from '../list-schema.ts';
import { approvalLineShape, presentApprovalLine } from './approval.ts';
import { known, moneyShape, presentMoney, presentTime } from './fields.ts';
import { inboxItemShape, messageShape, presentInboxItem, presentMessage } from './message.ts';

const counts = z.record(z.string(), z.int().min(0).max(1e9));
const lines = listTersely(z.array(z.record(z.string(), z.unknown())));
const messages = listTersely(z.array(messageShape.extend({ jorb_id: z.string() })));

/** Every list begins with what matters most; `more` counts what each leaves out. */
export const briefShape = z.object({
  since: z.string().optional(),
  stopped: listTersely(z.object({ at: z.string(), reason: z.string().optional() })).optional(),
  approvals: listTersely(z.array(approvalLineShape)),
  failed: lines,
  delivery_problems: lines,
  unmatched: listTersely(z.array(inboxItemShape)),
  paused: lines,
  failures: lines,
  late_replies: messages,
  promises: lines,
  activity: counts,
  money: listTersely(z.object({ committed: z.array(moneyShape), reserved: z.array(moneyShape) })),
  model_cost: z.string().optional(),
  model_down_since: z.string().optional(),
  open: counts,
  jorbs: lines,
  upcoming: lines,
  highlights: lines,
  completed: lines,
  messages,
  active_jorbs: z.int().min(0).max(1e9),
  more: counts,
});

/** What of it has room, told once in words and once as data. */
export function fitBriefInto(
  brief: Brief,
  { items, characters }: Room,
  timeZone: string,
): { text: string; data: z.infer<typeof briefShape> } {
  const most = { needs: items, rest: items, bytes: characters };
  const { shown, room, text } = fitBrief(brief, { timeZone, most });
  return { text, data: presentBrief(shown, room.bytes) };
}

/** Of a question, which is shown whole where it is asked, as much as a text may be long. */
export function presentBrief(brief: Brief, bytes: number): z.infer<typeof briefShape> {
  const { since, stopped, more, models } = brief;
  return {
    ...known({
      since: since === null ? null : presentTime(since),
      stopped: stopped && { at: presentTime(stopped.at), ...known({ reason: stopped.reason }) },
      model_cost: models.costMicros > 0 ? formatMicros(models.costMicros) : null,
      model_down_since: models.outage && presentTime(models.outage.since),
    }),
    approvals: brief.approvals.map((approval) => presentApprovalLine(approval, bytes)),
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
    failures: brief.failures.map(presentHighlight),
    late_replies: brief.lateReplies.map(presentBriefMessage),
    promises: brief.promises.map(presentDuePromise),
    activity: brief.activity,
    money: {
      committed: brief.money.committed.map(presentMoney),
      reserved: brief.money.reserved.map(presentMoney),
    },
    open: brief.open,
    jorbs: brief.jorbs.map(presentJorbNews),
    upcoming: brief.upcoming.map(({ at, jorbId, jorbName, kind, reason }) => ({
      ...{ at: presentTime(at), jorb_id: jorbId, jorb_name: renderLine(jorbName, 60), kind },
      ...known({ reason }),
    })),
    highlights: brief.highlights.map(presentHighlight),
    completed: brief.completed.map(({ id, name, outcome, evidence }) => ({
      id,
      name,
      ...known({ outcome }),
      confirmed: evidence.length > 0,
      evidence,
    })),
    messages: brief.messages.map(presentBriefMessage),
    active_jorbs: brief.jorbs.length + more.jorbs,
    more: {
      approvals: more.approvals,
      paused: more.paused,
      failed: more.failed,
      delivery_problems: more.problems,
      unmatched: more.unmatched,
      failures: more.failures,
      late_replies: more.lateReplies,
      promises: more.promises,
      completed: more.completed,
      jorbs: more.jorbs,
    },
  };
}

function presentHighlight({ at, jorbId, text, evidence }: Highlight) {
  return { at: presentTime(at), ...known({ jorb_id: jorbId }), text, evidence };
}

function presentBriefMessage(message: BriefMessage) {
  return { ...presentMessage(message), jorb_id: message.jorbId };
}

function presentDuePromise({ id, jorbId, by, with: other, contactName, text, dueAt }: DuePromise) {
  const { channel, address } = other;
  return {
    ...{ id, jorb_id: jorbId, by, channel, address, text, due_at: presentTime(dueAt) },
    ...known({ contact: contactName }),
  };
}

function presentJorbNews({ id, name, status, pauseCause, received, sent, ...news }: JorbNews) {
  return {
    ...{ id, name: renderLine(name, 60), status, received, sent },
    ...known({ pause_cause: pauseCause }),
    changes: news.changes.map((change) => renderLine(change)),
    committed: news.committed.map(presentMoney),
    reserved: news.reserved.map(presentMoney),
  };
}
