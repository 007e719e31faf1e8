import type { Action } from '../../domain/action.ts';
import type { Activity } from '../../domain/activity.ts';
import type { Approval } from '../../domain/approval.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Fact } from '../../domain/jorb.ts';
import type { TranscriptEntry } from '../../domain/message.ts';
import { renderLine } from '../../domain/render/quote.ts';
import type { Json } from '../../lib/canonical.ts';

export type Label =
  | 'sent'
  | 'received'
  | 'batch'
  | 'fact'
  | 'decision'
  | 'refused'
  | 'approval'
  | 'status'
  | 'phase'
  | 'trouble';

/** One thing worth showing, with the words for it. */
export type Moment = { at: number; label: Label; text: string };

/** The rows that the audit's entries point at. */
export type Rows = {
  messages: ReadonlyMap<string, TranscriptEntry>;
  facts: ReadonlyMap<string, Fact>;
  actions: ReadonlyMap<string, Action>;
  approvals: ReadonlyMap<string, Approval>;
  /** The router's, by the first event they are about. */
  routings: ReadonlyMap<string, Decision>;
};

/** What an entry of the audit tells a person, or undefined for what they need not see. */
export function describeActivity(entry: Activity, rows: Rows): Moment | undefined {
  const moment = (label: Label, text: string): Moment => ({ at: entry.at, label, text });
  const message = rows.messages.get(entry.subject);
  switch (entry.what) {
    case 'message.sent':
      return moment(
        'sent',
        message ? `to ${name(message)}: ${renderLine(message.text, 1000)}` : entry.subject,
      );
    case 'message.received':
      return moment(
        'received',
        message ? `from ${name(message)}: ${renderLine(message.text, 1000)}` : entry.subject,
      );
    case 'message.routed':
      return moment('batch', describeBatch(entry, rows));
    case 'message.unmatched':
    case 'message.unknown':
    case 'message.failed':
    case 'turn.failed':
      return moment('trouble', `${entry.what.replace('.', ' ')}: ${entry.subject}`);
    case 'fact.stored': {
      const fact = rows.facts.get(entry.subject);
      return fact && moment('fact', describeFact(fact));
    }
    case 'action.refused':
      return moment('refused', describeRefusal(entry, rows.actions.get(entry.subject)));
    case 'approval.asked': {
      const approval = rows.approvals.get(entry.subject);
      return moment(
        'approval',
        `${entry.subject} waits for the owner${approval ? ` (${approval.action.consequence})` : ''}`,
      );
    }
    case 'approval.answered': {
      const approval = rows.approvals.get(entry.subject);
      const how = approval?.confirmedBy ? `, confirmed by ${approval.confirmedBy}` : '';
      return moment('approval', `${entry.subject} is ${approval?.status ?? 'answered'}${how}`);
    }
    case 'approval.expired':
      return moment('approval', `${entry.subject} expired`);
    case 'jorb.status':
    case 'jorb.completed':
    case 'jorb.failed':
    case 'jorb.cancelled':
      return moment('status', describeStatus(entry));
    case 'phase.advanced': {
      const phase = readField(entry.after, 'phase');
      return moment('phase', typeof phase === 'string' ? renderLine(phase) : 'all are done');
    }
    default:
      return undefined;
  }
}

export function describeDecision(decision: Decision): Moment {
  const from = decision.basedOn.length > 0 ? `, from ${decision.basedOn.join(', ')}` : '';
  const sure = `${Math.round(decision.confidence * 100)} % sure`;
  return {
    at: decision.at,
    label: 'decision',
    text: `${renderLine(decision.reasoning, 1000)} (${sure}${from})`,
  };
}

/** The events a routing entry released together. */
export function readBatch(entry: Activity): string[] {
  const events = readField(entry.after, 'events');
  return Array.isArray(events) ? events.filter((id) => typeof id === 'string') : [];
}

export function readField(value: Json, field: string): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[field] : undefined;
}

function describeBatch(entry: Activity, { routings }: Rows): string {
  const events = readBatch(entry);
  const routing = routings.get(events[0] ?? '');
  const because = routing ? `: ${renderLine(routing.reasoning)}` : '';
  return `1 batch from ${events.length} message${events.length === 1 ? '' : 's'} goes to ${entry.jorbId}${because}`;
}

function describeFact({ key, value, sourceEventId }: Fact): string {
  return `${renderLine(key, 100)}: ${renderLine(value, 300)}${sourceEventId ? ` (${sourceEventId})` : ''}`;
}

function describeRefusal(entry: Activity, action: Action | undefined): string {
  const rule = readField(entry.after, 'rule');
  const what = action?.payload.kind === 'send_message' ? `“${renderLine(action.payload.text, 300)}” ` : '';
  const why = action?.refusal ? `: ${renderLine(action.refusal, 300)}` : '';
  return `${what}does not leave, by the rule ${typeof rule === 'string' ? rule : 'unknown'}${why}`;
}

function describeStatus(entry: Activity): string {
  const status = readField(entry.after, 'status') ?? entry.what.replace('jorb.', '');
  const reason = readField(entry.after, 'reason');
  const because = typeof reason === 'string' ? `: ${renderLine(reason, 300)}` : '';
  return `${entry.subject} is ${typeof status === 'string' ? status : 'changed'}${because}`;
}

function name({ contactName, id }: TranscriptEntry): string {
  return `${renderLine(contactName, 60)} (${id})`;
}
