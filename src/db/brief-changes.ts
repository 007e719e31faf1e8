import type { JorbNews } from '../domain/brief.ts';
import { shorten } from '../lib/text.ts';
import type { AuditWhat } from './audit.ts';
import type { JorbEntry } from './brief-jorbs.ts';
import { rowOfSubject } from './rows.ts';

export type Changes = Pick<JorbNews, 'received' | 'sent' | 'changes'> & {
  /** The messages that were queued or sent. */
  outboxRows: number[];
};

/** `objects` are those of the entries that read alike: `noted price, nights`. */
type Phrase = { of: (objects: string) => string; object?: string };

/** The newest of a kind are named, the others counted. */
const mostObjects = 3;
const mostPhrases = 8;
/** Of a name that the agent gave. */
const longestName = 40;

/** What a jorb's entries come to in a few words, the newest last. They are given newest first. */
export function summarizeChanges(entries: readonly JorbEntry[]): Changes {
  const received = entries
    .filter(({ what }) => what === 'message.routed' || what === 'message.assigned')
    .reduce((sum, { events }) => sum + (events ?? 0), 0);
  const left = entries.filter(({ what }) => what === 'message.sent');
  const messages = entries.flatMap(({ what, subject, outbox }) =>
    what === 'message.sent' ? [subject] : outbox === null ? [] : [outbox],
  );
  return {
    received,
    sent: left.length,
    changes: listPhrases(entries).slice(0, mostPhrases).toReversed(),
    outboxRows: [...new Set(messages)].map(rowOfSubject),
  };
}

/** The newest first. */
function listPhrases(entries: readonly JorbEntry[]): string[] {
  const objects = new Map<string, { of: Phrase['of']; names: Set<string>; times: number }>();
  for (const entry of entries) {
    const phrase = phrases[entry.what as AuditWhat]?.(entry);
    if (!phrase) continue;
    const { of, object } = phrase;
    const group = objects.get(of('')) ?? { of, names: new Set<string>(), times: 0 };
    if (object !== undefined) group.names.add(object);
    group.times += 1;
    objects.set(of(''), group);
  }
  return [...objects.values()].map(({ of, names, times }) => {
    if (names.size === 0) return times > 1 ? `${of('')} ${times} times` : of('');
    const rest = names.size - mostObjects;
    const named = [...names].slice(0, mostObjects).toReversed();
    return of([...(rest > 0 ? [`${rest} more`] : []), ...named].join(', '));
  });
}

type Tell = (entry: JorbEntry) => Phrase | undefined;

const plain =
  (words: string): Tell =>
  () => ({ of: () => words });
const about =
  (of: (objects: string) => string): Tell =>
  ({ subject }) => ({ of, object: subject });

/** Messages are counted, how it ended is its status; what is not here says nothing to the owner. */
const phrases: Partial<Record<AuditWhat, Tell>> = {
  'jorb.created': plain('created'),
  'jorb.status': ({ was, status }) => {
    if (status === 'paused') return { of: () => 'paused' };
    if (status !== 'running') return undefined;
    return was === 'planning' ? { of: () => 'started' } : { of: () => 'went on' };
  },
  'jorb.steered': plain('steered by you'),
  'message.assigned': about((ids) => `you gave it ${ids}`),
  'message.unknown': about((ids) => `may not have sent ${ids}`),
  'message.failed': about((ids) => `could not send ${ids}`),
  'message.late': plain('got a late reply'),
  'action.refused': about((ids) => `the gate refused ${ids}`),
  'approval.asked': about((ids) => `asked ${ids}`),
  'approval.answered': ({ status, subject }) => ({
    of: (ids) => `you ${status ?? 'answered'} ${ids}`,
    object: subject,
  }),
  'approval.expired': about((ids) => `let ${ids} expire`),
  'fact.stored': ({ key }) => ({
    of: (keys) => `noted ${keys}`,
    object: shorten(key ?? 'a fact', longestName),
  }),
  'phase.advanced': ({ phase }) =>
    phase === null
      ? { of: () => 'finished its last phase' }
      : { of: (titles) => `reached ${titles}`, object: shorten(phase, longestName) },
  'plan.updated': plain('changed its plan'),
  'promise.recorded': about((ids) => `noted ${ids}`),
  'promise.closed': ({ status, subject }) => ({
    of: (ids) => `${ids} was ${status ?? 'closed'}`,
    object: subject,
  }),
  'turn.failed': about((ids) => `failed in ${ids}`),
  'handoff.accepted': plain('began a fresh context'),
  'handoff.failed': about((ids) => `could not write ${ids}`),
};
